import { hashOf } from './text-hash.ts';

interface Entry<T> {
  readonly key: string;
  readonly value: T;
  readonly size: number;
}

/** A map by text that forgets what was not used for longest when it becomes too large. */
export class BoundedMap<T> {
  /** By the hash of the key; of keys with the same hash only the last one is there. */
  readonly #entries = new Map<number, Entry<T>>();
  readonly #limit: number;
  #size = 0;

  /** `limit`: the sum of the entries' sizes, in whatever unit they have. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const hash = hashOf(key);
    const entry = this.#entries.get(hash);
    if (entry?.key !== key) return undefined;
    // Moves it behind all others: the first of the map is the one that was not used for longest.
    this.#entries.delete(hash);
    this.#entries.set(hash, entry);
    return entry.value;
  }

  /** Adds an entry whose key is not there. */
  set(key: string, value: T, size: number): void {
    const hash = hashOf(key);
    this.#forget(hash);
    this.#entries.set(hash, { key, value, size });
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#limit) return;
      this.#forget(oldest);
    }
  }

  #forget(hash: number): void {
    this.#size -= this.#entries.get(hash)?.size ?? 0;
    this.#entries.delete(hash);
  }
}
