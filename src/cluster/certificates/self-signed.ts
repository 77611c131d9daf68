/**
 * Certificates of our own, shared by all replicas through a Secret.
 *
 * Whichever replica is first makes them; the Secret's resource version decides between two. Renewals are the leader's, so that each
 * takes one write; the other replicas step in a little later when nobody leads.
 */
import { isConflict, type ApiClient } from '../client.ts';
import { CertificateError } from './certificate-error.ts';
import type { ServingNames } from './issue.ts';
import {
  carryOut,
  planRotation,
  renewalTime,
  type Lifetimes,
  type RotationContext,
  type RotationPlan,
} from './rotation.ts';
import { dataOf, secretResource, textsOf, watchSecret, type Secret, type SecretPlace } from './secret.ts';
import {
  materialOf,
  readSelfSignedState,
  secretKeys,
  writeSelfSignedState,
  type SelfSignedState,
} from './self-signed-state.ts';
import { messageOf, type CertificateSource, type SourceEvents } from './source.ts';
import type { Trust } from './trust.ts';

export interface SelfSignedOptions {
  readonly client: ApiClient;
  readonly place: SecretPlace;
  readonly names: ServingNames;
  readonly lifetimes: Lifetimes;
  readonly trust: Trust;
  readonly leads: () => boolean;
}

/** How long those who do not lead wait before they renew, as a share of a certificate's life: between one and two of these. */
const lateness = 0.05;

/** Looked at so often at least: clocks are set, and timers stop while a machine sleeps. */
const longestWait = 10 * 60_000;

/** After a failed write, in milliseconds; doubled for each further one. */
const firstRetry = 200;
const longestRetry = 30_000;

export function selfSignedSource(options: SelfSignedOptions, events: SourceEvents): CertificateSource {
  const source = new SelfSigned(options, events);
  source.start();
  return source;
}

class SelfSigned implements CertificateSource {
  readonly #options: SelfSignedOptions;
  readonly #events: SourceEvents;
  readonly #where: string;
  readonly #ownLateness = lateness * (1 + Math.random());
  #watch: ReturnType<typeof watchSecret> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #busy = false;
  #again = false;
  #failures = 0;
  /** What we wrote last, and the version it replaced: the watch may show that for a moment longer. */
  #written: { replaced: string | undefined; secret: Secret } | undefined;
  /** The state in use. */
  #state: SelfSignedState | undefined;
  #told: string | undefined;
  #namesWrongSince: number | undefined;

  constructor(options: SelfSignedOptions, events: SourceEvents) {
    this.#options = options;
    this.#events = events;
    this.#where = `Secret ${options.place.namespace}/${options.place.name}`;
  }

  start(): void {
    this.#watch = watchSecret(this.#options.client, this.#options.place, {
      onChange: () => void this.#step(),
      onFailure: (error) => {
        this.#events.onProblem(`cannot read ${this.#where}: ${messageOf(error)}`);
      },
    });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#watch?.stop();
  }

  leaderChanged(): void {
    void this.#step();
  }

  /** Looks at the Secret, and writes it when that is due and ours to do. One at a time. */
  async #step(): Promise<void> {
    if (this.#stopped || this.#watch?.isSynced() !== true) return;
    this.#again = this.#busy;
    if (this.#busy) return;
    this.#busy = true;
    let wait: number;
    try {
      wait = await this.#look();
      this.#failures = 0;
    } catch (error) {
      // Another replica was faster; the watch brings what it wrote.
      if (!isConflict(error)) this.#events.onProblem(`cannot write ${this.#where}: ${messageOf(error)}`);
      wait = Math.min(firstRetry * 2 ** this.#failures, longestRetry) * (1 + Math.random());
      this.#failures += 1;
    }
    this.#busy = false;
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#step(), this.#again ? 0 : wait);
  }

  /** @returns after how many milliseconds to look again */
  async #look(): Promise<number> {
    const { lifetimes, names, trust, leads } = this.#options;
    const secret = this.#newest();
    const inSecret = this.#read(secret);
    if (inSecret === 'foreign') return longestWait;
    if (inSecret !== undefined) this.#take(inSecret);
    // A Secret that was deleted or damaged is written again as it was.
    if (inSecret === undefined && this.#state !== undefined) {
      if (!(await this.#isMine())) return firstRetry;
      await this.#write(secret, this.#state);
      return this.#untilDue(this.#events.now());
    }
    const now = this.#events.now();
    const context: RotationContext = { now, lifetimes, names, isTrusted: (one) => trust.trusts(one) };
    const plan = planRotation(inSecret, context);
    if (plan?.reason !== 'names') this.#namesWrongSince = undefined;
    if (plan === undefined) return this.#untilDue(now);
    const patience = this.#patience(plan, inSecret, now);
    if (!leads() && patience > 0) return Math.min(patience, longestWait);
    const state = await carryOut(plan, context);
    await this.#write(secret, state);
    this.#take(state);
    this.#events.log.info(
      { secret: this.#where, reason: plan.reason, authorities: state.authorities.length, notAfter: state.leaf.validTo },
      plan.reason === 'first' ? 'CA and serving certificate made' : 'serving certificate renewed',
    );
    return this.#untilDue(this.#events.now());
  }

  /** The Secret as the watch shows it, or as we have just written it. */
  #newest(): Secret | undefined {
    const shown = this.#watch?.secret();
    if (this.#written !== undefined && this.#written.replaced === shown?.metadata.resourceVersion)
      return this.#written.secret;
    this.#written = undefined;
    return shown;
  }

  #read(secret: Secret | undefined): SelfSignedState | undefined | 'foreign' {
    if (secret === undefined) return undefined;
    const texts = textsOf(secret);
    const isOurs = Object.keys(texts).length === 0 || Object.hasOwn(texts, secretKeys.caKey);
    if (!isOurs) {
      this.#problem(
        secret,
        `${this.#where} has no ${secretKeys.caKey}, so it was made by somebody else and is left alone: ` +
          'use it with --certificates secret, or name another with --certificates-secret',
      );
      return 'foreign';
    }
    try {
      return readSelfSignedState(texts, this.#where);
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      this.#problem(secret, `${error.message}: it is written anew`);
      return undefined;
    }
  }

  #problem({ metadata }: Secret, message: string): void {
    if (this.#told === metadata.resourceVersion) return;
    this.#told = metadata.resourceVersion;
    this.#events.onProblem(message);
  }

  #take(state: SelfSignedState): void {
    const old = this.#state;
    this.#state = state;
    const material = materialOf(state);
    const isSame = old !== undefined && old.cert === state.cert && materialOf(old).caBundle === material.caBundle;
    if (!isSame) this.#events.onMaterial(material);
  }

  /** Whether to repair the Secret now: the leader at once, others after a while if it is still needed. */
  async #isMine(): Promise<boolean> {
    if (this.#options.leads()) return true;
    const version = this.#watch?.secret()?.metadata.resourceVersion;
    await new Promise((resolve) => setTimeout(resolve, 1_000 * (1 + Math.random())));
    return this.#watch?.secret()?.metadata.resourceVersion === version;
  }

  #untilDue(now: Date): number {
    if (this.#state === undefined) return longestWait;
    const { lifetimes } = this.#options;
    const due = renewalTime(this.#state.leaf, lifetimes.certificate).getTime() - now.getTime();
    return Math.min(Math.max(due, 0) + 1, longestWait);
  }

  /** How long a replica that does not lead leaves a plan to the leader, in milliseconds. */
  #patience({ reason }: RotationPlan, state: SelfSignedState | undefined, now: Date): number {
    if (reason === 'first' || reason === 'expired' || state === undefined) return 0;
    const { certificate } = this.#options.lifetimes;
    if (reason === 'names') this.#namesWrongSince ??= now.getTime();
    const since = this.#namesWrongSince ?? renewalTime(state.leaf, certificate).getTime();
    return since + certificate * this.#ownLateness - now.getTime();
  }

  async #write(secret: Secret | undefined, state: SelfSignedState): Promise<void> {
    const { client, place } = this.#options;
    const resource = secretResource(place.namespace);
    const data = dataOf(writeSelfSignedState(state));
    const call = { fieldManager: 'outrigger' };
    const replaced = this.#watch?.secret()?.metadata.resourceVersion;
    const written =
      secret === undefined
        ? await client.create<Secret>(resource, { ...newSecret(place), data }, call)
        : await client.update<Secret>(resource, { ...secret, data: { ...secret.data, ...data } }, call);
    this.#written = { replaced, secret: written };
  }
}

function newSecret({ namespace, name }: SecretPlace): Secret {
  const labels = { 'app.kubernetes.io/name': 'outrigger', 'app.kubernetes.io/managed-by': 'outrigger' };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name, labels }, type: 'kubernetes.io/tls' };
}
