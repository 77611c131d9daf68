import { crc32 } from 'node:zlib';

let lastText = '';
let lastHash = 0;

/**
 * A hash of a text, 32 bits with a sign. V8 has its own, but a `Map` gives it only together with a copy of each key that it is asked for, in a
 * table of the old generation, also where the key is not found: keys of some kilobytes that never come again are most of what fills that.
 */
export function hashOf(text: string): number {
  // Asked for, found missing and added: the same text is hashed again and again.
  if (text !== lastText) {
    lastHash = crc32(text) | 0;
    lastText = text;
  }
  return lastHash;
}
