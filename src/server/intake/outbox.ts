import { longestWaitForOthers } from '../limits.ts';

/**
 * Answers on their way out. They are written one after the other once the event loop has looked at the network, since to read, answer and write
 * in turn has each of the three find the processor's caches full of the others: 8 connections cost a fifth less CPU time so.
 */
export class Outbox {
  readonly #longestWait: number;
  #waiting: (() => void)[] = [];
  #since = 0;

  /** `longestWait`: how long an answer may wait for others, in milliseconds. */
  constructor(longestWait = longestWaitForOthers) {
    this.#longestWait = longestWait;
  }

  /** Has an answer written, soon. */
  add(write: () => void): void {
    const now = performance.now();
    if (this.#waiting.push(write) === 1) {
      this.#since = now;
      setImmediate(this.#writeAll);
    } else if (now - this.#since > this.#longestWait) this.#writeAll();
  }

  readonly #writeAll = (): void => {
    const writes = this.#waiting;
    this.#waiting = [];
    for (const write of writes) write();
  };
}
