/** The process as a guest of the API server: its certificate, who leads, and the webhook configurations that lead to it. */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Http2SecureServer } from 'node:http2';
import type { Registry } from 'prom-client';
import type { Variables } from '../configuration/index.ts';
import type { ServingCertificate } from '../server/certificates.ts';
import type { Logger } from '../server/logger.ts';
import type { TlsPolicy } from '../server/tls.ts';
import { isTrustedChain } from './certificates/chain.ts';
import { keptCertificatePath } from './certificates/kept.ts';
import { certificatesOf } from './certificates/pem.ts';
import { servingCertificateOf, startCertificates, type CertificateMode } from './certificates/start.ts';
import { Trust } from './certificates/trust.ts';
import type { ApiClient } from './client.ts';
import { startLeader } from './leader.ts';
import { startOwnership } from './ownership.ts';
import { startWebhookConfigurations } from './webhook-configurations.ts';
import type { WebhookKind } from './webhooks/configuration.ts';

export interface LifeCycleOptions {
  readonly client: ApiClient;
  readonly namespace: string;
  /** May be empty. */
  readonly revision: string;
  readonly serviceName: string;
  readonly certificates: CertificateMode;
  readonly manageFailurePolicy: boolean;
  /** The certificate is kept beside it, too, for a start while the API server is away. */
  readonly lastGoodFile?: string;
  /** For tests. */
  readonly patience?: number;
  readonly variables: Variables;
  readonly log: Logger;
  readonly registry: Registry;
  /** A certificate is shown for the first time, or another one. */
  readonly onCertificate: (certificate: ServingCertificate) => void;
}

export interface LifeCycle {
  /** Resolves when there is a certificate to show. */
  readonly certificate: Promise<ServingCertificate>;
  /** From now on the server shows the newest certificate. Open connections keep theirs. */
  readonly keepFresh: (server: Pick<Http2SecureServer, 'setSecureContext'>, policy: TlsPolicy) => void;
  /** Lines for `/readyz?verbose`. */
  readonly describe: () => readonly string[];
  /** Before the client is closed. */
  readonly stop: () => Promise<void>;
}

/** How long an API server may take to follow a change of a webhook configuration, in milliseconds. */
const settle = 1_000;

export function startLifeCycle(options: LifeCycleOptions): LifeCycle {
  const { client, namespace, serviceName, log, variables } = options;
  const revision = options.revision === '' ? 'default' : options.revision;
  const trust = new Trust(settle, () => new Date());
  let server: { show: (certificate: ServingCertificate) => void } | undefined;
  let shown: string | undefined;
  let resolveFirst: (certificate: ServingCertificate) => void;
  const first = new Promise<ServingCertificate>((resolve) => {
    resolveFirst = resolve;
  });

  const leader = startLeader({
    client,
    namespace,
    name: revision === 'default' ? 'outrigger-leader' : `outrigger-leader-${revision}`,
    identity: `${hostname()}_${crypto.randomUUID()}`,
    log,
    onChange: () => {
      webhooks.changed();
      certificates.leaderChanged();
      ownership.changed();
    },
  });
  const kinds = kindsOf(variables);
  const ownership = startOwnership({ client, namespace, serviceName, kinds, leads: leader.leads, log });
  const certificates = startCertificates({
    mode: options.certificates,
    keptFile: options.lastGoodFile === undefined ? undefined : keptCertificatePath(options.lastGoodFile),
    patience: options.patience,
    client,
    namespace,
    serviceName,
    moreNames: (variables['ISTIOD_CUSTOM_HOST'] ?? '').split(',').filter((name) => name !== ''),
    trust,
    leads: leader.leads,
    log,
    onChange: () => {
      // Later, since the very first change may come before all parts are there.
      queueMicrotask(certificateChanged);
    },
  });
  const webhooks = startWebhookConfigurations({
    client,
    kinds,
    namespace,
    revision,
    manageFailurePolicy: options.manageFailurePolicy,
    servesHost: (host) => {
      const leaf = certificates.current()?.chain[0];
      if (leaf === undefined) return false;
      return (isIP(host) === 0 ? leaf.checkHost(host, { subject: 'never' }) : leaf.checkIP(host)) !== undefined;
    },
    caBundle: () => {
      const bundle = certificates.caBundle();
      const chain = certificates.current()?.chain ?? [];
      return isTrustedChain(chain, certificatesOf(bundle)) ? bundle : undefined;
    },
    leads: leader.leads,
    onBundles: (bundles) => {
      trust.update(bundles);
      certificates.trustChanged();
    },
    log,
    registry: options.registry,
  });

  function certificateChanged(): void {
    const material = certificates.current();
    if (material !== undefined && material.cert !== shown) {
      shown = material.cert;
      const certificate = servingCertificateOf(material);
      server?.show(certificate);
      options.onCertificate(certificate);
      resolveFirst(certificate);
    }
    webhooks.changed();
  }

  return {
    certificate: first,
    keepFresh: (tls, policy) => {
      server = {
        show: ({ cert, key }) => {
          tls.setSecureContext({ ...policy, cert, key });
        },
      };
      const material = certificates.current();
      if (material !== undefined) server.show(servingCertificateOf(material));
    },
    describe: () => {
      const current = certificates.current();
      const problem = certificates.problem();
      return [
        current === undefined
          ? '[-]certificate not there yet'
          : `[+]certificate valid until ${current.notAfter.toISOString()}`,
        ...(problem === undefined ? [] : [`[-]certificate not replaced: ${problem}`]),
        `[+]leader ${leader.leads() ? 'this replica' : 'another replica, or none'}`,
      ];
    },
    stop: async () => {
      webhooks.stop();
      ownership.stop();
      certificates.stop();
      await leader.stop();
    },
  };
}

/** Istio's way to have a kind left alone: an empty name, which otherwise says nothing. */
function kindsOf(variables: Variables): WebhookKind[] {
  const kinds: WebhookKind[] = [];
  if (variables['INJECTION_WEBHOOK_CONFIG_NAME'] !== '') kinds.push('mutating');
  if (variables['VALIDATION_WEBHOOK_CONFIG_NAME'] !== '') kinds.push('validating');
  return kinds;
}
