/** `html`, `js` and `urlquery` (escapers of text/template). */
import { isPrint } from '../../go/unicode.ts';
import { encodeBytes } from '../../go/utf8.ts';
import { printable } from '../execute/printable.ts';
import { sprint } from '../format/print.ts';
import type { GoValue } from '../values.ts';

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

/** What actions would print, one after the other. */
function textOf(args: readonly GoValue[]): string {
  const [first] = args;
  if (args.length === 1 && typeof first === 'string') return first;
  return sprint(args.map((arg) => printable(arg ?? undefined)));
}

export const html = (...args: GoValue[]): string => textOf(args).replace(/[\0"'&<>]/g, (c) => HTML[c] ?? c);

const JS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

function escapeJs(rune: string): string {
  const known = JS[rune];
  if (known !== undefined) return known;
  const shown = /\p{Surrogate}/u.test(rune) ? '\ufffd' : rune;
  const code = (shown.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  if (rune < ' ') return `\\u${code}`;
  return isPrint(shown) ? rune : `\\u${code}`;
}

export const js = (...args: GoValue[]): string => textOf(args).replace(/[\\'"<>&=\0-\x1f]|[^\0-\x7f]/gu, escapeJs);

const UNRESERVED = /^[A-Za-z0-9\-_.~]$/;

function escapeQueryByte(byte: number): string {
  const char = String.fromCharCode(byte);
  if (char === ' ') return '+';
  return UNRESERVED.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** `url.QueryEscape`. */
export const urlquery = (...args: GoValue[]): string => Array.from(encodeBytes(textOf(args)), escapeQueryByte).join('');
