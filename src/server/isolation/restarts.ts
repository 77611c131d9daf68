/** When a worker may be started again after workers died: at once, then after ever longer times. */
import type { IsolationLimits } from './limits.ts';

export class Restarts {
  readonly #limits: IsolationLimits;
  readonly #onReady: () => void;
  #failuresInRow = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param onReady a worker may be started again */
  constructor(limits: IsolationLimits, onReady: () => void) {
    this.#limits = limits;
    this.#onReady = onReady;
  }

  get mustWait(): boolean {
    return this.#timer !== undefined;
  }

  /** A worker died. */
  failed(): void {
    const { firstBackOff, longestBackOff } = this.#limits;
    const delay = Math.min(firstBackOff * 2 ** this.#failuresInRow, longestBackOff);
    this.#failuresInRow += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#onReady();
    }, delay);
    this.#timer.unref();
  }

  /** A worker did its work. */
  succeeded(): void {
    this.#failuresInRow = 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
