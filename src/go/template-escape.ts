/** Escaping of text for HTML and JavaScript as Go's `text/template` functions `html` and `js` do it. */
import { isPrint } from './unicode.ts';
import { normalizeBytes } from './utf8.ts';

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\uFFFD',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

/** `template.HTMLEscapeString` */
export function escapeHtml(s: string): string {
  return s.replace(/[\0"'&<>]/g, (char) => HTML_ESCAPES[char] ?? char);
}

const JS_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

/** `template.JSEscapeString`: the text can stand inside a JavaScript string literal. */
export function escapeJs(s: string): string {
  return normalizeBytes(s).replace(/[\x00-\x1f\\'"<>&=]|[^\x00-\x7f]/gu, escapeJsRune);
}

function escapeJsRune(rune: string): string {
  const escape = JS_ESCAPES[rune];
  if (escape !== undefined) return escape;
  const code = rune.codePointAt(0) ?? 0;
  const invalidByte = code >= 0xdc80 && code <= 0xdcff;
  return invalidByte || isPrint(rune) ? rune : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
