/** The first ones are healed at once. */
const patientAfter = 2;
const firstDelay = 1_000;
const longestDelay = 60_000;
/** So long without an overwrite, and it is forgotten. */
const quiet = 10 * 60_000;

/**
 * Keeps us from fighting with another manager of a field: the more often it overwrites what we wrote, the longer we wait before we
 * write it again. Times in milliseconds.
 */
export class Overwrites {
  #count = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** Notes that somebody overwrote us. @returns how long to wait before it is healed */
  note(now: number): number {
    if (now - this.#last > quiet) this.#count = 0;
    this.#last = now;
    this.#count += 1;
    return this.#count <= patientAfter ? 0 : Math.min(firstDelay * 2 ** (this.#count - patientAfter - 1), longestDelay);
  }

  /** How often, since it was last quiet. */
  get count(): number {
    return this.#count;
  }
}
