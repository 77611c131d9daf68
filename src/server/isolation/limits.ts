import { availableParallelism } from 'node:os';

/** What is answered apart from the event loop, and the bounds on that. Times are in milliseconds, sizes in bytes. */
export interface IsolationLimits {
  /**
   * Longest body that the event loop answers itself. Measured warm on one core of the benchmark's machine (Node 26), for the costliest
   * shapes found (thousands of annotations, containers with probes, routes): 8 KiB take 0.9 ms, 16 KiB 2, 32 KiB 4, 64 KiB 10,
   * 128 KiB 20, 1 MiB 150 to 650, 5 MiB 700 to 1,200; a usual pod of 8 KiB takes 0.3. 99.9 % of pods are shorter.
   */
  readonly longestInlineBody: number;
  /**
   * Steps that templates of one request may take in the event loop, some 10 ms; a stock template takes 900. What takes more (a pod may
   * ask for thousands of templates) is begun anew in a worker. With the parts of an answer that cannot be interrupted, which the
   * length of the body bounds, no request holds the loop for more than 20 ms once its code is compiled. A body of 5 MiB that goes to a
   * worker holds it for up to 1 ms at a time, for all of receiving, handing over and answering some 12 ms. Answers of some MB, which wait
   * for the garbage collector, make it collect everything now and then: 3 to 7 ms (all of it CPU time of the event loop).
   */
  readonly inlineSteps: number;
  /** Most workers at the same time: two where the event loop leaves them a core each. */
  readonly workers: number;
  /** How long a client is assumed to wait that does not say, and longest wait: the API server's longest timeout of a webhook call. */
  readonly longestTimeout: number;
  /** How long a worker may go on after its client stopped waiting; then it is ended, and the next request waits 0.2 s for another. */
  readonly overrun: number;
  /** Requests that wait for a worker: what one answers in 10 s when each takes 0.3 s. */
  readonly queueLength: number;
  /** Bytes of all bodies that wait: eight of the longest. */
  readonly queueBytes: number;
  /** A worker without work ends after this time, and its memory is given back. */
  readonly idleTime: number;
  /** Time before a worker is started after one crashed; doubled with each crash in a row, up to the second number. */
  readonly firstBackOff: number;
  readonly longestBackOff: number;
  /**
   * Heap of a worker in MiB: a body of 6 MiB takes 50 to 120, and 160 when it is made to take much (two million empty objects). The
   * young generation is small, since its size does not show in the time of one long request but in memory.
   */
  readonly heap: { readonly old: number; readonly young: number };
}

/** The limits of a server. */
export const isolationLimits: IsolationLimits = {
  longestInlineBody: 32 * 1024,
  inlineSteps: 25_000,
  workers: availableParallelism() > 2 ? 2 : 1,
  longestTimeout: 30_000,
  overrun: 500,
  queueLength: 32,
  queueBytes: 48 * 1024 * 1024,
  idleTime: 30_000,
  firstBackOff: 100,
  longestBackOff: 10_000,
  heap: { old: 224, young: 4 },
};

/**
 * The `nice` value of workers: the lowest priority. When the event loop has run for 1.4 ms without a pause, Linux may give its core to a
 * worker for up to 4 ms: with 10, turns of 2 ms were held up by 0.8 to 2.6 ms at the 90th percentile, with 19 by less than 0.1; turns of
 * 1 ms are held up in neither case. In return, workers get only 1.5 % of a core that the event loop fills, instead of 10 %: there, 5 MiB of a
 * usual pod (30 ms of work) take 2 s, and the costliest bodies of that length are dropped at their deadlines.
 */
export const workerNiceness = 19;
