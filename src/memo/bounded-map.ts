import type { TextKey } from './text-hash.ts';

interface Entry<T> {
  readonly text: string;
  readonly value: T;
  readonly size: number;
  /** Whether it was asked for since it came to the end of the map. */
  isUsed: boolean;
}

/** A map by text that forgets what was not used for a long time when it becomes too large. */
export class BoundedMap<T> {
  /** By the hash of the key; of keys with the same hash only the last one is there. */
  readonly #entries = new Map<number, Entry<T>>();
  readonly #limit: number;
  #size = 0;

  /** `limit`: the sum of the entries' sizes, in whatever unit they have. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get({ text, hash }: TextKey): T | undefined {
    const entry = this.#entries.get(hash);
    if (entry?.text !== text) return undefined;
    // To move it would cost more than to find it: that is done when there is no room for all.
    entry.isUsed = true;
    return entry.value;
  }

  /** Adds an entry whose key is not there. */
  set({ text, hash }: TextKey, value: T, size: number): void {
    this.#forget(hash);
    this.#entries.set(hash, { text, value, size, isUsed: false });
    this.#size += size;
    // An entry that is met again is behind all others and counts as unused, so that each round forgets at least one.
    for (const [oldest, entry] of this.#entries) {
      if (this.#size <= this.#limit) return;
      this.#entries.delete(oldest);
      if (entry.isUsed) {
        entry.isUsed = false;
        this.#entries.set(oldest, entry);
      } else this.#size -= entry.size;
    }
  }

  #forget(hash: number): void {
    this.#size -= this.#entries.get(hash)?.size ?? 0;
    this.#entries.delete(hash);
  }
}
