/** Go-syntax string and character literals (Go's `strconv.Unquote` and `UnquoteChar`). */
import { normalizeBytes } from '../../go/utf8.ts';

/** A literal that Go would not accept. */
export class UnquoteError extends Error {
  constructor() {
    super('invalid syntax');
  }
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
};
const HEX_ESCAPES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const HEX = /^[0-9a-fA-F]+$/;
const OCTAL = /^[0-7]{3}/;
const MAX_RUNE = 0x10ffff;

interface Unquoted {
  readonly code: number;
  /** Written as an escape that gives one byte (`\x`, octal), not a rune. */
  readonly isByte: boolean;
  readonly rest: string;
}

/** Takes one character off a literal in the given quotes. */
export function unquoteChar(text: string, quoteMark: string): Unquoted {
  const code = text.codePointAt(0);
  if (code === undefined || text.startsWith(quoteMark)) throw new UnquoteError();
  if (text[0] !== '\\') {
    const isLone = code >= 0xdc80 && code <= 0xdcff;
    return { code: isLone ? 0xfffd : code, isByte: false, rest: text.slice(code > 0xffff ? 2 : 1) };
  }
  const letter = text[1] ?? '';
  const simple = Object.hasOwn(SIMPLE_ESCAPES, letter) ? SIMPLE_ESCAPES[letter] : undefined;
  if (simple !== undefined) {
    const isOtherQuote = (letter === "'" || letter === '"') && letter !== quoteMark;
    if (isOtherQuote) throw new UnquoteError();
    return { code: simple, isByte: false, rest: text.slice(2) };
  }
  if (Object.hasOwn(HEX_ESCAPES, letter)) return hexEscape(text, letter);
  const octal = OCTAL.exec(text.slice(1))?.[0];
  const value = octal === undefined ? Infinity : Number.parseInt(octal, 8);
  if (value > 0xff) throw new UnquoteError();
  return { code: value, isByte: true, rest: text.slice(4) };
}

function hexEscape(text: string, letter: string): Unquoted {
  const length = HEX_ESCAPES[letter] ?? 0;
  const digits = text.slice(2, 2 + length);
  const code = Number.parseInt(digits, 16);
  if (digits.length !== length || !HEX.test(digits)) throw new UnquoteError();
  if (letter !== 'x' && (code > MAX_RUNE || (code >= 0xd800 && code <= 0xdfff))) throw new UnquoteError();
  return { code, isByte: letter === 'x', rest: text.slice(2 + length) };
}

/** The text of a quoted or raw string literal, which the lexer has delimited. */
export function unquote(literal: string): string {
  const mark = literal.charAt(0);
  const body = literal.slice(1, -1);
  if (mark === '`') return body.replaceAll('\r', '');
  if (!body.includes('\\')) return body;
  let out = '';
  let hasBytes = false;
  for (let rest = body; rest !== '';) {
    const next = unquoteChar(rest, mark);
    const isHighByte = next.isByte && next.code >= 0x80;
    hasBytes ||= isHighByte;
    out += isHighByte ? String.fromCharCode(0xdc00 + next.code) : String.fromCodePoint(next.code);
    rest = next.rest;
  }
  return hasBytes ? normalizeBytes(out) : out;
}
