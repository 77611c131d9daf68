/** Go-syntax string literals (Go's `strconv.Quote` family), which `%q` and most error texts use. */
import { isPrint } from './unicode.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

const PLAIN = /^[ !#-[\]-~]*$/;

/** `strconv.Quote`: unprintable runes and invalid bytes are escaped. */
export function quote(s: string): string {
  return PLAIN.test(s) ? `"${s}"` : quoteWith(s, '"', false);
}

/** `strconv.QuoteToASCII`: everything outside ASCII is escaped too. */
export function quoteToAscii(s: string): string {
  return quoteWith(s, '"', true);
}

/** `strconv.QuoteRune` (`%q` of an integer): a single-quoted rune literal; values that are no rune give U+FFFD. */
export function quoteRune(code: number, asciiOnly = false): string {
  const valid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return quoteWith(valid ? String.fromCodePoint(code) : '\uFFFD', "'", asciiOnly);
}

function quoteWith(s: string, mark: string, asciiOnly: boolean): string {
  let out = mark;
  for (const rune of s) out += escapeRune(rune, mark, asciiOnly);
  return out + mark;
}

function escapeRune(rune: string, mark: string, asciiOnly: boolean): string {
  if (rune === mark) return `\\${mark}`;
  const escape = ESCAPES[rune];
  if (escape !== undefined) return escape;
  const code = rune.codePointAt(0) ?? 0;
  if (code < 0x7f && code >= 0x20) return rune;
  if (code <= 0x7f) return `\\x${hex(code, 2)}`;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
  if (!asciiOnly && isPrint(rune)) return rune;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** `strconv.CanBackquote`: whether a raw string literal (`%#q`) can hold the text. */
export function canBackquote(s: string): boolean {
  return !/[\x00-\x08\x0a-\x1f\x7f`\uFEFF]|\p{Surrogate}/u.test(s);
}
