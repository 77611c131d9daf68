/** The scalars of the fast path (see fast.ts): pieces of one line, by their positions in the text. */
import { pieceOf } from './flat-text.ts';
import { resolvePlain } from './scalars.ts';

/** Thrown to leave a document to the full decoder. */
export const declined = Symbol('declined');

/** Longer keys, up to the 1,024 that are allowed, are left to the full decoder. */
const MAX_KEY_LENGTH = 250;

const LF = 0x0a;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const HASH = 0x23;
const SINGLE_QUOTE = 0x27;
const DASH = 0x2d;
const COLON = 0x3a;

/** Characters that start a plain scalar without further ado (`-` has a rule of its own). */
const startsPlain = new Uint8Array(0x80);
/** Characters of a plain key. */
export const inKey = new Uint8Array(0x80);
for (let code = 0x21; code < 0x7f; code++) {
  const character = String.fromCharCode(code);
  if (!'-?:,[]{}#&*!|>\'"%@`'.includes(character)) startsPlain[code] = 1;
  if (/[A-Za-z0-9_./$-]/.test(character)) inKey[code] = 1;
}

/** Where the `:` of the key at `start` is; -1 when no key of a known form starts here. */
export function keyEnd(text: string, start: number): number {
  let position = start;
  const first = text.charCodeAt(position);
  if (first === DOUBLE_QUOTE || first === SINGLE_QUOTE) {
    position++;
    for (let code = text.charCodeAt(position); code !== first; code = text.charCodeAt(++position)) {
      if (code === LF || code === 0x5c || code !== code) return -1;
    }
    position++;
  } else {
    while (inKey[text.charCodeAt(position)] === 1) position++;
  }
  if (text.charCodeAt(position) !== COLON || position === start || position - start > MAX_KEY_LENGTH) return -1;
  const next = text.charCodeAt(position + 1);
  return next === SPACE || next === LF || next !== next ? position : -1;
}

/** The key between `start` and its `:` at `end`. */
export function keyText(text: string, start: number, end: number): string {
  const first = text.charCodeAt(start);
  if (first === DOUBLE_QUOTE || first === SINGLE_QUOTE) {
    const key = text.slice(start + 1, end - 1);
    if (key === '__proto__') throw declined;
    return key;
  }
  const key = text.slice(start, end);
  // Only letters may start a key here, and not if they make a boolean or null.
  if (!((first >= 0x61 && first <= 0x7a) || (first >= 0x41 && first <= 0x5a))) throw declined;
  if (key.length <= 5 && typeof resolvePlain(key).value !== 'string') throw declined;
  return key;
}

/** Where the quote that opens at `start` closes. */
export function closingQuote(text: string, start: number, quote: number): number {
  for (let position = start + 1; ; position++) {
    const code = text.charCodeAt(position);
    if (code === quote) {
      if (quote === DOUBLE_QUOTE || text.charCodeAt(position + 1) !== quote) return position;
      position++;
    } else if (code === 0x5c && quote === DOUBLE_QUOTE) {
      position++;
      const escaped = text.charCodeAt(position);
      // Only \" and \\ and \n are simple enough.
      if (escaped !== DOUBLE_QUOTE && escaped !== 0x5c && escaped !== 0x6e) throw declined;
    } else if (code === LF || code !== code) {
      throw declined;
    }
  }
}

/** The text between the quotes at `start` and `end`. */
export function unquote(text: string, start: number, end: number): string {
  const inner = pieceOf(text, start + 1, end);
  if (text.charCodeAt(start) === SINGLE_QUOTE) {
    return inner.includes("''") ? inner.replaceAll("''", "'") : inner;
  }
  if (!inner.includes('\\')) return inner;
  return inner.replace(/\\(.)/g, (_escape, letter: string) => (letter === 'n' ? '\n' : letter));
}

/** Where a plain scalar ends: at a comment or the line's end, without trailing spaces. */
export function plainEnd(text: string, start: number, first: number): number {
  if (first === DASH) {
    if (isSpaceOrEnd(text.charCodeAt(start + 1))) throw declined;
  } else if (first < 0x80 && startsPlain[first] !== 1) {
    throw declined;
  }
  let end = start;
  for (let position = start; ; position++) {
    const code = text.charCodeAt(position);
    if (code === LF || code !== code) return end;
    if (code === SPACE) continue;
    if (code === HASH && text.charCodeAt(position - 1) === SPACE) return end;
    if (code === COLON && isSpaceOrEnd(text.charCodeAt(position + 1))) throw declined;
    end = position + 1;
  }
}

function isSpaceOrEnd(code: number): boolean {
  return code === SPACE || code === LF || code !== code;
}

/** The value of a plain scalar. */
export function plainValue(text: string, start: number, end: number): unknown {
  const { value } = resolvePlain(pieceOf(text, start, end));
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw declined;
  return value;
}
