/**
 * What is answered apart from the event loop, and the bounds on that. Times are in milliseconds, sizes in bytes.
 *
 * Measured in this process, warm, on one core of the machine of the benchmark (Node 26), for the costliest shapes found (thousands of
 * annotations, containers with probes, routes), in ms: 8 KiB 0.9, 16 KiB 2.0, 32 KiB 4.0, 64 KiB 10, 128 KiB 20, 1 MiB 150-650,
 * 5 MiB 700-1200; an ordinary pod of 8 KiB takes 0.3.
 */

/** Longest body that the event loop answers itself: at most 5 ms. 99.9 % of pods are shorter. */
export const longestInlineBody = 32 * 1024;

/**
 * Steps that templates of one request may take in the event loop, some 10 ms; a stock template takes 900. What takes more (a pod may
 * ask for thousands of templates) is begun anew in a worker. With the parts of an answer that cannot be interrupted, which the length
 * of the body bounds, no request holds the loop for more than 20 ms.
 */
export const inlineSteps = 25_000;

/** How long a client is assumed to wait when it does not say: the API server's longest timeout of a webhook call. */
export const defaultTimeout = 30_000;

/** How long work may go on after its client stopped waiting, before its worker is ended: ending one costs 0.2 s for the next. */
export const overrunAllowance = 500;

/** Requests that wait for a worker: what one answers in 10 s when each takes 0.3 s. */
export const longestQueue = 32;

/** Bytes of bodies that wait for a worker. */
export const mostQueuedBytes = 48 * 1024 * 1024;

/** After this time without work a worker ends, and its memory is given back. */
export const idleTime = 30_000;

/** Waiting time before a worker is started after one crashed; doubled with each crash in a row, up to the second number. */
export const firstBackOff = 100;
export const longestBackOff = 10_000;

/** Heap of a worker in MiB: a body of 6 MiB takes up to 150. */
export const workerHeap = { old: 256, young: 16 } as const;

/**
 * The `nice` value of workers: beside a busy event loop on the same core they get a tenth of it, so that short requests are hardly
 * slower and long ones still end in time.
 */
export const workerNiceness = 10;
