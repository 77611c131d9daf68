/**
 * Which replica writes what only one should write: the holder of a Lease, as `leaderelection` of k8s.io/client-go.
 *
 * Clocks of replicas are not compared: a lease counts as abandoned when its record has not changed for its duration on our own clock.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../server/logger.ts';
import { isConflict, isNotFound, type ApiClient, type KubernetesObject } from './client.ts';

/** Times in milliseconds. */
export interface LeaderTimes {
  /** After how long without a renewal others may take the lease. */
  readonly lease: number;
  /** After how long without a successful renewal the holder stops believing in itself; shorter than `lease`. */
  readonly renewDeadline: number;
  /** How often the lease is renewed, or looked at. */
  readonly retry: number;
}

/** A little shorter than client-go's (15 s, 10 s, 2 s), since injection suffers while nobody heals a caBundle. */
export const leaderTimes: LeaderTimes = { lease: 10_000, renewDeadline: 7_000, retry: 2_000 };

export interface LeaderOptions {
  readonly client: ApiClient;
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Of this process, unique. */
  readonly identity: string;
  readonly log: Logger;
  readonly onChange: (leads: boolean) => void;
  readonly times?: LeaderTimes;
}

/** `coordination.k8s.io/v1 Lease`, what we use of it. */
export interface Lease extends KubernetesObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

export interface Leader {
  readonly leads: () => boolean;
  /** Gives the lease back, so that another replica need not wait for it. */
  readonly stop: () => Promise<void>;
}

/** When a lease was last seen to change. */
export interface Observation {
  readonly resourceVersion: string | undefined;
  /** Milliseconds of a monotonic clock. */
  readonly at: number;
}

/** What a replica does about a lease it has just read. */
export function nextMove(
  lease: Lease | undefined,
  identity: string,
  seen: Observation,
  now: number,
  duration: number,
): 'create' | 'renew' | 'take' | 'wait' {
  if (lease === undefined) return 'create';
  const holder = lease.spec?.holderIdentity ?? '';
  if (holder === identity) return 'renew';
  if (holder === '') return 'take';
  const theirs = (lease.spec?.leaseDurationSeconds ?? 0) * 1000;
  const abandoned = seen.resourceVersion === lease.metadata.resourceVersion && now - seen.at > (theirs || duration);
  return abandoned ? 'take' : 'wait';
}

/** Starts to run for leader; never gives up until stopped. */
export function startLeader(options: LeaderOptions): Leader {
  const { client, namespace, name, identity, log, onChange, times = leaderTimes } = options;
  const resource = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', namespace };
  const stopping = new AbortController();
  let seen: Observation = { resourceVersion: undefined, at: 0 };
  let renewed = Number.NEGATIVE_INFINITY;
  let said = false;
  let lastError = '';

  const leads = (): boolean => performance.now() - renewed < times.renewDeadline;

  function tell(): void {
    if (said === leads()) return;
    said = leads();
    log.info({ lease: `${namespace}/${name}` }, said ? 'leading' : 'no longer leading');
    onChange(said);
  }

  async function round(): Promise<void> {
    const lease = await client
      .get<Lease>(resource, name, { timeout: times.renewDeadline })
      .catch((error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error as Error)));
    if (seen.resourceVersion !== lease?.metadata.resourceVersion) {
      seen = { resourceVersion: lease?.metadata.resourceVersion, at: performance.now() };
    }
    const move = nextMove(lease, identity, seen, performance.now(), times.lease);
    if (move === 'wait') {
      renewed = Number.NEGATIVE_INFINITY;
      return;
    }
    // Before the call: the lease runs from when the server wrote it at the earliest.
    const started = performance.now();
    const record = leaseRecord(lease, move, options, times);
    const call = { fieldManager: 'outrigger', timeout: times.renewDeadline };
    if (lease === undefined) await client.create(resource, record, call);
    else await client.update(resource, record, call);
    renewed = started;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await round();
        lastError = '';
      } catch (error) {
        // Another replica was faster; it is seen in the next round.
        const message = isConflict(error) ? '' : error instanceof Error ? error.message : String(error);
        if (message !== '' && message !== lastError) log.warn(`cannot run for leader: ${message}`);
        lastError = message;
      }
      tell();
      await sleep(times.retry * (0.9 + Math.random() / 5), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
    }
  }

  const running = run();
  return {
    leads,
    stop: async () => {
      stopping.abort();
      await running;
      if (!leads()) return;
      renewed = Number.NEGATIVE_INFINITY;
      await release(options, resource).catch(() => undefined);
    },
  };
}

function leaseRecord(
  lease: Lease | undefined,
  move: 'create' | 'renew' | 'take',
  options: LeaderOptions,
  times: LeaderTimes,
): Lease {
  const { namespace, name, identity } = options;
  const now = new Date().toISOString().replace('Z', '000Z');
  const before = lease?.spec;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: lease?.metadata ?? { name, namespace },
    spec: {
      ...before,
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(times.lease / 1000),
      acquireTime: move === 'renew' ? before?.acquireTime : now,
      renewTime: now,
      leaseTransitions: (before?.leaseTransitions ?? 0) + (move === 'take' ? 1 : 0),
    },
  };
}

async function release(
  { client, name, identity }: LeaderOptions,
  resource: Parameters<ApiClient['get']>[0],
): Promise<void> {
  const lease = await client.get<Lease>(resource, name, { timeout: 2_000 });
  if (lease.spec?.holderIdentity !== identity) return;
  const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 };
  await client.update(resource, { ...lease, spec }, { fieldManager: 'outrigger', timeout: 2_000 });
}
