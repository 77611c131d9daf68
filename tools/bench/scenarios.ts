/** What is measured, in the order of the table. */
import type { Loads } from './loads.ts';
import type { Limits } from './limits.ts';
import { distinctPod, distinctResource, podOfBytes, podWithVariables, replicaPod, replicaPodWithTime } from './pods.ts';
import type { LoadRequest } from './stream.ts';
import type { Pattern } from './task.ts';

/** A load and the server that it is sent to. */
export interface Scenario {
  readonly name: string;
  readonly server?: 'floor';
  readonly pattern: Pattern;
  readonly requests: (loads: Loads) => readonly LoadRequest[];
  /** How long a run is in units of the others. */
  readonly length?: number;
  /** Sent by a second client meanwhile. */
  readonly beside?: (loads: Loads) => readonly LoadRequest[];
  /** The row without what is beside it. */
  readonly quiet?: string;
  readonly must?: Limits;
}

/** Scenarios of one server process. */
export interface Stage {
  readonly scenarios: readonly Scenario[];
  /** Whether they are repeated in turn, so that what drifts on the machine drifts for all of them. */
  readonly alternating: boolean;
}

/** The reviews of pods as they come. */
export const inject = ({ inject }: Loads): LoadRequest[] => inject.map((text) => ({ path: '/inject', text }));
const validate = ({ validate }: Loads): LoadRequest[] => validate.map((text) => ({ path: '/validate', text }));
const distinctResources = (loads: Loads): LoadRequest[] =>
  validate(loads).map(({ path, text }) => ({ path, text: distinctResource(text) }));
/** Reviews of both webhooks in turn. */
export const mixed = (loads: Loads): LoadRequest[] => {
  const others = validate(loads);
  return inject(loads).flatMap((request, index) => [request, others[index % others.length] ?? request]);
};
const changed =
  (change: (text: string) => string) =>
  (loads: Loads): LoadRequest[] =>
    inject(loads).map(({ path, text }) => ({ path, text: change(text) }));
const first =
  (change: (text: string) => string) =>
  (loads: Loads): LoadRequest[] =>
    changed(change)(loads).slice(0, 1);

const mebibyte = 1024 * 1024;
/** As many requests as an API server has in flight by default, which may all be mutating; over HTTP/1.1 each takes a connection. */
const apiServerInFlight = 600;

/** `/inject` with that many connections. */
const injectAt = (connections: number, must?: Limits): Scenario => ({
  name: `inject, concurrency ${connections}`,
  pattern: { kind: 'closed', connections },
  requests: inject,
  must,
});

/** The row that others are held against. */
export const floorName = 'floor: node:https, JSON in and out, concurrency 8';
/** The row that says what the server can do. */
export const capacityName = 'inject, concurrency 8';

const eight: Pattern = { kind: 'closed', connections: 8 };
/** As many pods a second as a busy cluster makes; far from what the server can do. */
const steady: Pattern = { kind: 'paced', perSecond: 200, connections: 32 };

/** Small pods over HTTPS. */
export const smallPods: Stage = {
  alternating: true,
  scenarios: [
    { name: floorName, server: 'floor', pattern: eight, requests: inject },
    injectAt(8, { cpuMsPerRequest: 0.35, floorRatio: 5, requestsPerSecond: 2740, p99ms: 7, rssMb: 200 }),
    {
      name: 'validate, concurrency 8',
      pattern: eight,
      requests: validate,
      must: { cpuMsPerRequest: 0.12, floorRatio: 1.9 },
    },
    { name: 'validate, distinct resources, concurrency 8', pattern: eight, requests: distinctResources },
    injectAt(1, { p99ms: 1.5 }),
    injectAt(32, { p99ms: 26, rssMb: 200 }),
    injectAt(128, { rssMb: 200 }),
    injectAt(256, { rssMb: 200 }),
    { name: 'inject and validate in turn, concurrency 8', pattern: eight, requests: mixed },
    { name: 'inject, replicas of one pod, concurrency 8', pattern: eight, requests: first(replicaPod) },
    {
      name: 'inject, replicas: new uid, time and token each request, concurrency 8',
      pattern: eight,
      requests: changed(replicaPodWithTime),
    },
    {
      name: 'inject, distinct pods, concurrency 8',
      pattern: eight,
      requests: changed(distinctPod),
      must: { cpuMsPerRequest: 0.6 },
    },
    { name: 'inject, HTTP/2, 8 streams', pattern: { kind: 'http2', streams: 8 }, requests: inject },
    {
      name: 'inject, new connection per request, concurrency 8',
      pattern: { kind: 'new connections', connections: 8 },
      requests: inject,
    },
  ],
};

/** Many pods at once. */
export const burst: Stage = {
  alternating: false,
  scenarios: [
    {
      name: `inject, burst of 5,000 pods, ${apiServerInFlight} connections`,
      pattern: { kind: 'burst', requests: 5000, connections: apiServerInFlight },
      requests: changed(replicaPod),
      must: { failures: 0 },
    },
  ],
};

const quietName = 'inject, 200 pods/s';

/** Small pods while large ones are processed all the time. */
export const beside: Stage = {
  alternating: true,
  scenarios: [
    { name: quietName, pattern: steady, requests: changed(replicaPod), length: 2 },
    {
      name: 'inject, 200 pods/s beside 5 MiB pods',
      pattern: steady,
      requests: changed(replicaPod),
      length: 2,
      beside: first((text) => podOfBytes(text, 5 * mebibyte)),
      quiet: quietName,
      must: { details: { p99ToQuiet: 2 } },
    },
  ],
};

const large = (name: string, change: (text: string) => string): Scenario => ({
  name: `inject, ${name}, concurrency 2`,
  pattern: { kind: 'closed', connections: 2 },
  requests: first(change),
});

/** Large pods. */
export const largePods: Stage = {
  alternating: false,
  scenarios: [
    large('pod with 100 env vars', (text) => podWithVariables(text, 100)),
    large('pod with 1000 env vars', (text) => podWithVariables(text, 1000)),
    large('pod with 10000 env vars', (text) => podWithVariables(text, 10_000)),
    large('body of 1 MiB', (text) => podOfBytes(text, mebibyte)),
    large('body of 5 MiB', (text) => podOfBytes(text, 5 * mebibyte)),
  ],
};

/**
 * Ten times the capacity.
 * @param capacity requests a second
 */
export function overload(capacity: number): Stage {
  const perSecond = Math.round(10 * capacity);
  const pattern: Pattern = {
    kind: 'overload',
    perSecond,
    normalPerSecond: Math.round(capacity / 4),
    connections: 2000,
  };
  return {
    alternating: false,
    scenarios: [
      {
        name: 'inject, ten times the capacity, 2000 connections',
        pattern,
        requests: inject,
        must: { details: { wrong: 0, recoveryMs: 2000 } },
      },
    ],
  };
}

/** Sizes of the pod that is injected without a server, in environment variables. */
export const inProcessSizes = [1000, 2000, 10_000];
/** Name of the row of such a size. */
export const inProcessName = (variables: number): string => `inject in process, pod with ${variables} env vars`;
/** What they must be. */
export const inProcessLimits: Readonly<Record<number, Limits>> = {
  2000: { cpuMsPerRequest: 2 },
  10_000: { details: { timePerVariableToSmallest: 1.3 } },
};

/** The start of a server, which serves no request. */
export const startUpName = 'start-up, to the listening line';
