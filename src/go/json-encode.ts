/**
 * Writing JSON byte for byte as Go's `encoding/json` does: map keys sorted, struct fields in order, `<`, `>`, `&`, U+2028 and U+2029 escaped,
 * invalid UTF-8 as `\ufffd`, float64 with Go's exponents, integers of any size.
 */
import { formatJson, formatShortest } from './ftoa.ts';
import { compareStrings } from './utf8.ts';

/** Fields of a Go struct: written in this order, not sorted. */
export class JsonFields {
  readonly entries: readonly (readonly [name: string, value: JsonTree])[];

  constructor(entries: readonly (readonly [name: string, value: JsonTree])[]) {
    this.entries = entries;
  }
}

/** What can be written. A `number` is a float64, a `bigint` an integer; `undefined` is null; plain objects are maps. */
export type JsonTree =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | JsonFields
  | readonly JsonTree[]
  | { readonly [key: string]: JsonTree };

export interface EncodeJsonOptions {
  /** Escape `<`, `>` and `&` (`SetEscapeHTML`). Default true, as `json.Marshal`. */
  readonly escapeHtml?: boolean;
  /** One level of indentation (`MarshalIndent` with no prefix). Default: everything on one line. */
  readonly indent?: string;
}

/** `json.Marshal`. Throws an Error with Go's text for NaN and infinities. */
export function encodeJson(tree: JsonTree, options: EncodeJsonOptions = {}): string {
  return encodeTree(tree, options, '');
}

function encodeTree(tree: JsonTree, options: EncodeJsonOptions, margin: string): string {
  switch (typeof tree) {
    case 'string':
      return encodeJsonString(tree, options.escapeHtml);
    case 'number':
      return encodeNumber(tree);
    case 'bigint':
    case 'boolean':
      return String(tree);
  }
  if (tree == null) return 'null';
  const inner = options.indent === undefined ? '' : margin + options.indent;
  if (isList(tree)) {
    return block(
      '[',
      tree.map((item) => encodeTree(item, options, inner)),
      ']',
      options,
      margin,
    );
  }
  const entries = tree instanceof JsonFields ? tree.entries : sortedEntries(tree);
  const separator = options.indent === undefined ? ':' : ': ';
  const lines = entries.map(
    ([key, value]) => encodeJsonString(key, options.escapeHtml) + separator + encodeTree(value, options, inner),
  );
  return block('{', lines, '}', options, margin);
}

const isList = (tree: object): tree is readonly JsonTree[] => Array.isArray(tree);

function sortedEntries(map: { readonly [key: string]: JsonTree }): [string, JsonTree][] {
  return Object.entries(map).sort(([a], [b]) => compareStrings(a, b));
}

function block(open: string, lines: string[], close: string, { indent }: EncodeJsonOptions, margin: string): string {
  if (indent === undefined || lines.length === 0) return [open, lines.join(','), close].join('');
  const newline = `\n${margin}${indent}`;
  return `${open}${newline}${lines.join(`,${newline}`)}\n${margin}${close}`;
}

function encodeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`json: unsupported value: ${formatShortest(value)}`);
  return formatJson(value);
}

const PLAIN = /^[ !#-[\]-~]*$/;
const HTML = /[<>&]/;

/** A JSON string literal. */
export function encodeJsonString(s: string, escapeHtml = true): string {
  if (PLAIN.test(s) && !(escapeHtml && HTML.test(s))) return `"${s}"`;
  const pattern = escapeHtml
    ? /["\\\x00-\x1f\u2028\u2029<>&]|\p{Surrogate}/gu
    : /["\\\x00-\x1f\u2028\u2029]|\p{Surrogate}/gu;
  return `"${s.replace(pattern, escapeRune)}"`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeRune(rune: string): string {
  const code = rune.charCodeAt(0);
  if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd';
  return SHORT_ESCAPES[rune] ?? `\\u${code.toString(16).padStart(4, '0')}`;
}
