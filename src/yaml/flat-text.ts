/**
 * Texts as V8 likes them. A piece of a text (`slice`) is kept as a reference into it: it keeps all of that text in memory, two bytes a
 * character if any other part needs them, and one such string makes `JSON.stringify` take twice as long for everything around it.
 */

/** Shorter pieces are copied by V8 itself. */
const SHORTEST_SLICE = 13;

/** A piece of a text as a string of its own. */
export function pieceOf(text: string, start: number, end: number): string {
  // Only what is joined of two parts is written anew.
  return end - start < SHORTEST_SLICE
    ? text.slice(start, end)
    : [text.charAt(start), text.slice(start + 1, end)].join('');
}

const NON_ASCII = /[^\x00-\x7f]/;

/** A text as a string of its own that takes one byte a character where it can. */
export function ownText(text: string): string {
  return NON_ASCII.test(text) ? pieceOf(text, 0, text.length) : Buffer.from(text, 'latin1').toString('latin1');
}
