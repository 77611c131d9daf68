import { crc32 } from 'node:zlib';

/** A text with its hash, which takes some microseconds to compute: once for all that is asked about the text. */
export interface TextKey {
  readonly text: string;
  readonly hash: number;
}

export const textKey = (text: string): TextKey => ({ text, hash: hashOf(text) });

/**
 * A hash of a text, 32 bits with a sign. V8 has its own, but a `Map` gives it only together with a copy of each key that it is asked for, in a
 * table of the old generation, also where the key is not found: keys of some kilobytes that never come again are most of what fills that.
 */
export const hashOf = (text: string): number => crc32(text) | 0;
