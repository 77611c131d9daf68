/** Keeps the last good state in its file while the server runs. */
import type { Gauge } from 'prom-client';
import { writeLastGood, type GoodState, type StateOwner } from './last-good.ts';

/** How long changes of objects are collected before they are written, in milliseconds; changed texts are written at once. */
const objectsDelay = 30_000;

export interface LastGoodFileOptions {
  readonly path: string;
  readonly owner: StateOwner;
  /** What to write; undefined: nothing yet. */
  readonly state: () => GoodState | undefined;
  readonly saved: Gauge;
  /** Called when a write fails, and the one before it did not. */
  readonly onFailure: (error: unknown) => void;
}

export class LastGoodFile {
  readonly #options: LastGoodFileOptions;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #dirty = false;
  #failed = false;

  constructor(options: LastGoodFileOptions) {
    this.#options = options;
  }

  /** There is something new to write. */
  changed(urgent: boolean): void {
    this.#dirty = true;
    if (urgent) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), objectsDelay).unref();
  }

  /** Writes what is not yet written; never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { path, owner, state, saved, onFailure } = this.#options;
    const good = state();
    if (!this.#dirty || good === undefined) return;
    this.#dirty = false;
    try {
      const now = new Date();
      await writeLastGood(path, owner, good, now);
      saved.set(now.getTime() / 1000);
      this.#failed = false;
    } catch (error) {
      this.#dirty = true;
      if (!this.#failed) onFailure(error);
      this.#failed = true;
    }
  }
}
