/**
 * Blocks that occur in many documents, as the parts of a rendered template do: what a key has below it is read once and then known by its
 * text. See fast.ts, which alone reads such blocks.
 */

/**
 * The values of blocks by their text. Whoever gives one to a decoder gets values whose parts are shared between documents, and in
 * which no part may be changed.
 */
export interface KnownBlocks {
  /** The value of a block; undefined when it is not known. */
  get(text: string): object | undefined;
  /** Adds one that is not known. The text keeps no other text in memory. */
  set(text: string, value: object): void;
}

/** Blocks that are worth to be remembered, in UTF-16 units: shorter ones are read as fast as found, longer ones seldom come again. */
const MIN_LENGTH = 96;
const MAX_LENGTH = 3 * 1024;

/** How deep such blocks stand, in maps and lists: not the whole document, and nothing that only a deep one could have. */
const MIN_DEPTH = 2;
const MAX_DEPTH = 8;

const LF = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
const DASH = 0x2d;

/** Whether blocks at this depth are to be remembered. */
export function isKnownDepth(depth: number): boolean {
  return depth >= MIN_DEPTH && depth <= MAX_DEPTH;
}

/**
 * Where the block ends whose first line starts at `start`: behind its last line, empty lines and comments further left left out; -1 for
 * blocks that are not worth it. Only a guess, right for all that the fast path reads: who takes the text for a block checks that it is one.
 * @param indent column of the block
 * @param isList whether it is a list; then no other line than an entry's goes on at its column
 */
export function blockEnd(text: string, start: number, indent: number, isList: boolean): number {
  let end = start;
  for (let line = start; line < text.length;) {
    let position = line;
    while (text.charCodeAt(position) === SPACE) position++;
    const code = text.charCodeAt(position);
    const column = position - line;
    let next = code === LF ? position + 1 : text.indexOf('\n', position) + 1;
    if (next === 0) next = text.length;
    if (code !== LF && position < text.length) {
      if (column < indent || (column === indent && isList && code !== DASH)) {
        if (code !== HASH) break;
      } else {
        end = next;
        if (end - start > MAX_LENGTH) return -1;
      }
    }
    line = next;
  }
  return end - start < MIN_LENGTH ? -1 : end;
}
