import type { TextKey } from './text-hash.ts';

/** Hashes that are kept. */
const slotCount = 8192;

/**
 * Which texts were met before, for memories of what comes again: in a crowd of different pods most are met once only, and keeping what belongs
 * to them costs more than it gives. Known are their hashes alone, so that a text may be taken for another one, or be forgotten: good enough for
 * what decides about keeping, and nothing else.
 */
export class MetBefore {
  readonly #hashes = new Int32Array(slotCount);

  /** Whether the text was met before; from now on it was. */
  meet({ hash }: TextKey): boolean {
    const slot = hash & (slotCount - 1);
    if (this.#hashes[slot] === hash) return true;
    this.#hashes[slot] = hash;
    return false;
  }
}
