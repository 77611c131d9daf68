import type { Logger } from '../../server/logger.ts';
import type { ServingCertificate } from '../../server/certificates.ts';
import type { ApiClient } from '../client.ts';
import { fileSource, secretSource, type GivenFiles } from './given.ts';
import type { Material } from './check-material.ts';
import { Keeper } from './keeper.ts';
import type { Lifetimes } from './rotation.ts';
import { selfSignedSource } from './self-signed.ts';
import { Serving, type ServingTimes } from './serving.ts';
import type { CertificateSource, SourceEvents } from './source.ts';
import type { Trust } from './trust.ts';

/** Where the serving certificate comes from (`--certificates`). */
export type CertificateMode =
  | { readonly kind: 'self-signed'; readonly secret: string; readonly lifetimes: Lifetimes }
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'files'; readonly files: GivenFiles };

export interface CertificatesOptions {
  readonly mode: CertificateMode;
  readonly client: ApiClient;
  readonly namespace: string;
  /** Of the Service by which the API server reaches us. */
  readonly serviceName: string;
  /** More names for a certificate of our own, such as `ISTIOD_CUSTOM_HOST`. */
  readonly moreNames: readonly string[];
  readonly trust: Trust;
  readonly leads: () => boolean;
  readonly log: Logger;
  /** Keeps the certificate for a start while the API server is away. */
  readonly keptFile?: string;
  /** How long a start waits for the API server before it takes that certificate, in milliseconds; default 10 s. */
  readonly patience?: number;
  /** The bundle that clients should trust, or what else {@link Certificates} shows, changed. */
  readonly onChange: () => void;
}

/** The serving certificate of this process, kept fresh. */
export interface Certificates {
  /** What is shown; undefined until there is any. */
  readonly current: () => Material | undefined;
  /** What clients should trust, PEM; empty while, or when, that is not known. */
  readonly caBundle: () => string;
  /** Why the newest material is not used; cleared by material that is. */
  readonly problem: () => string | undefined;
  /** What the API servers trust may have changed. */
  readonly trustChanged: () => void;
  /** This replica may lead now, or no longer. */
  readonly leaderChanged: () => void;
  readonly stop: () => void;
}

const minute = 60_000;

/** Our own certificates need neither in a rotation, only when the whole Secret is exchanged. */
const servingTimes: ServingTimes = { patience: minute, overlap: 60 * minute };

/** As long as the configuration waits before its last good state is served. */
const defaultPatience = 10_000;

/** How often it is seen what time alone changes. */
const tick = 10_000;
/** And while a certificate waits to be trusted. */
const impatientTick = 500;

/** A certificate of somebody else that lasts no longer is warned about, each day. */
const warnBefore = 7 * 24 * 60 * minute;
const warnEvery = 24 * 60 * minute;

/** Names under which a certificate of our own may be used: those of the Service, and this machine for tests and port forwarding. */
export function servingNames(serviceName: string, namespace: string, more: readonly string[] = []) {
  const host = serviceHost(serviceName, namespace);
  const service = [host, serviceName, `${serviceName}.${namespace}`, `${host}.cluster.local`];
  return {
    dnsNames: [...new Set([...service, 'localhost', ...more])],
    ipAddresses: ['127.0.0.1', '::1'],
  };
}

/** The name by which the API server calls a Service. */
export function serviceHost(serviceName: string, namespace: string): string {
  return `${serviceName}.${namespace}.svc`;
}

/** Starts to get a certificate and to keep it fresh. */
export function startCertificates(options: CertificatesOptions): Certificates {
  const { trust, log, onChange, mode } = options;
  const now = (): Date => new Date();
  const serving = new Serving(trust, servingTimes, now);
  let problem: string | undefined;
  let warned = 0;
  let bundle = '';
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  /** What is shown comes from the file: nobody knows yet whether it is still the newest. */
  let isRestored = false;
  const keeper = keeperOf(options);

  function advance(): void {
    if (stopped) return;
    const why = serving.advance();
    const { current } = serving;
    if (why !== 'unchanged' && current !== undefined) {
      const fields = { notAfter: current.notAfter.toISOString() };
      if (why === 'impatient')
        log.warn(fields, 'new serving certificate taken although the API server may not trust it yet');
      else log.info(fields, why === 'first' ? 'serving certificate taken' : 'serving certificate replaced');
    }
    warnOfEnd(current);
    const changed = why !== 'unchanged' || bundle !== serving.caBundle;
    bundle = serving.caBundle;
    if (!isRestored && current !== undefined) keeper?.keep(current);
    if (changed) onChange();
    clearTimeout(timer);
    timer = setTimeout(advance, serving.waits ? impatientTick : tick);
    timer.unref();
  }

  function warnOfEnd(current: Material | undefined): void {
    if (current === undefined || mode.kind === 'self-signed') return;
    const left = current.notAfter.getTime() - now().getTime();
    if (left > warnBefore || now().getTime() - warned < warnEvery) return;
    warned = now().getTime();
    log.warn(
      `the serving certificate ${left > 0 ? 'expires' : 'expired'} on ${current.notAfter.toISOString()}: renew it`,
    );
  }

  const source = startSource(options, {
    log,
    now,
    onMaterial: (material) => {
      problem = undefined;
      isRestored = false;
      serving.offer(material);
      advance();
    },
    onProblem: (message) => {
      if (problem !== message)
        log.error(`${message}${serving.current === undefined ? '' : '; the last good certificate stays'}`);
      problem = message;
    },
  });
  const stopRestoring = keeper?.restore(now, (material) => {
    if (stopped || serving.current !== undefined) return;
    isRestored = true;
    serving.offer(material);
    advance();
  });
  advance();
  return {
    current: () => serving.current,
    // Never that of the file: meanwhile there may be another CA.
    caBundle: () => (isRestored ? '' : serving.caBundle),
    problem: () => problem,
    trustChanged: advance,
    leaderChanged: () => source.leaderChanged?.(),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      stopRestoring?.();
      source.stop();
    },
  };
}

/** Files of an administrator are there without an API server. */
function keeperOf({
  mode,
  keptFile,
  patience = defaultPatience,
  client,
  namespace,
  serviceName,
  log,
}: CertificatesOptions) {
  if (keptFile === undefined || mode.kind === 'files') return undefined;
  const place = { namespace, name: mode.secret };
  return new Keeper({ path: keptFile, host: serviceHost(serviceName, namespace), client, place, patience, log });
}

function startSource(options: CertificatesOptions, events: SourceEvents): CertificateSource {
  const { mode, client, namespace, serviceName, trust, leads } = options;
  const host = serviceHost(serviceName, namespace);
  switch (mode.kind) {
    case 'files':
      return fileSource(mode.files, host, events);
    case 'secret':
      return secretSource(client, { namespace, name: mode.secret }, host, events);
    case 'self-signed': {
      const names = servingNames(serviceName, namespace, options.moreNames);
      const place = { namespace, name: mode.secret };
      return selfSignedSource({ client, place, names, lifetimes: mode.lifetimes, trust, leads }, events);
    }
  }
}

/** In the form that the server takes. */
export function servingCertificateOf({ cert, key, notAfter }: Material): ServingCertificate {
  return { cert, key, notAfter };
}
