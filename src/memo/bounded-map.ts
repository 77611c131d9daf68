/** A map by text that forgets what was not used for longest when it becomes too large. */
export class BoundedMap<T> {
  readonly #entries = new Map<string, { readonly value: T; readonly size: number }>();
  readonly #limit: number;
  #size = 0;

  /** `limit`: the sum of the entries' sizes, in whatever unit they have. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    // Moves it behind all others: the first of the map is the one that was not used for longest.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Adds an entry whose key is not there. */
  set(key: string, value: T, size: number): void {
    this.#entries.set(key, { value, size });
    this.#size += size;
    for (const [oldest, { size: freed }] of this.#entries) {
      if (this.#size <= this.#limit) return;
      this.#entries.delete(oldest);
      this.#size -= freed;
    }
  }
}
