/** sprig's string functions (`strings.go`). `indent`, `contains` and `env` are Istio's and not here. */
import { abbreviate, deleteWhiteSpace, initials, swapCase, uncapitalize, wrapLines } from '../../../go/goutils.ts';
import { quote } from '../../../go/quote.ts';
import { atoi } from '../../../go/strconv.ts';
import { toLower, toTitleWords, toUpper, trim, trimSpace } from '../../../go/unicode.ts';
import { byteLength, compareStrings, encodeBytes, isAscii, normalizeBytes, sliceBytes } from '../../../go/utf8.ts';
import { toKebabCase, toPascalCase, toSnakeCase } from '../../../go/xstrings.ts';
import { define, FunctionError } from '../../function.ts';
import { sprint1 } from '../../format/print.ts';
import { STRINGS } from '../../types.ts';
import { elementsOf, Typed, type GoValue } from '../../values.ts';
import { strval } from '../cast.ts';
import { checkListLength, checkTextLength, joinTexts, MAX_LIST_LENGTH } from '../limits.ts';
import { isOwnList, ownList } from '../own-lists.ts';

/** `strings.Repeat` */
export function repeatText(text: string, count: bigint): string {
  if (count < 0n) throw new FunctionError('strings: negative Repeat count');
  if (text === '') return '';
  if (count > BigInt(Number.MAX_SAFE_INTEGER)) checkTextLength(Infinity);
  checkTextLength(text.length * Number(count));
  return text.repeat(Number(count));
}

/** `strings.ReplaceAll`; an empty old text stands before every rune and at the end. */
export function replaceAll(text: string, old: string, replacement: string): string {
  checkTextLength(text.length + occurrences(text, old) * (replacement.length - old.length));
  if (old !== '') return text.replaceAll(old, () => replacement);
  return ['', ...text, ''].join(replacement);
}

function occurrences(text: string, part: string): number {
  if (part === '') return checkListLength(text.length) + 1;
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++;
  return count;
}

/** sprig's `indent`, which also indents the first line. */
function indentAll(spaces: bigint, text: string): string {
  const pad = repeatText(' ', spaces);
  return pad + replaceAll(text, '\n', `\n${pad}`);
}

/** `strings.SplitN`; below zero is all, and no separator splits into runes. */
export function splitText(text: string, separator: string, limit: number): string[] {
  if (limit === 0) return [];
  const parts = separator === '' ? Array.from(text.slice(0, 2 * MAX_LIST_LENGTH + 2)) : splitAt(text, separator);
  checkListLength(parts.length);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

const splitAt = (text: string, separator: string): string[] => text.split(separator, MAX_LIST_LENGTH + 1);

/** The parts as map `_0`, `_1`, …; a nil list (limit 0) gives the empty map. */
function numberedParts(parts: readonly string[]): Record<string, string> {
  return Object.fromEntries(parts.map((part, i) => [`_${String(i)}`, part]));
}

/** The texts of a list, nils left out, or of a single value. */
export function textsOf(value: GoValue): string[] {
  const elements = elementsOf(value);
  if (elements !== undefined) return elements.filter((item) => item != null).map(strval);
  return value == null ? [] : [strval(value)];
}

function sortAlpha(value: GoValue): string[] {
  if (value instanceof Typed && isOwnList(value.data)) return value.data.sort(compareStrings);
  return ownList(elementsOf(value) === undefined ? [strval(value)] : textsOf(value).sort(compareStrings));
}

function truncate(length: bigint, text: string): string {
  const size = byteLength(text);
  const count = Number(length);
  if (count < 0 && size + count > 0) return sliceBytes(text, size + count);
  return count >= 0 && size > count ? sliceBytes(text, 0, count) : text;
}

/** A Go slice expression of a string, with Go's panic when the bounds are wrong. */
function substring(start: bigint, end: bigint, text: string): string {
  const size = byteLength(text);
  const from = start < 0n ? 0 : Number(start);
  const to = start >= 0n && (end < 0n || end > BigInt(size)) ? size : Number(end);
  const open = start >= 0n && to === size && (end < 0n || end > BigInt(size));
  if (to < 0) throw outOfRange(`[:${String(to)}]`);
  if (!open && to > size) throw outOfRange(`[:${String(to)}] with length ${String(size)}`);
  if (from > to) throw outOfRange(`[${String(from)}:${String(to)}]`);
  return sliceBytes(text, from, to);
}

const outOfRange = (bounds: string): FunctionError =>
  new FunctionError(`runtime error: slice bounds out of range ${bounds}`);

function wrap(width: bigint, newline: string, text: string, breakWords: boolean): string {
  checkListLength(text.length / Math.max(1, Number(width)));
  const columns = width > BigInt(text.length) * 4n ? text.length * 4 + 1 : Number(width);
  return joinTexts(wrapLines(text, { width: columns, breakWords }), newline === '' ? '\n' : newline);
}

function abbreviateBoth(left: bigint, right: bigint, text: string): string {
  if (right < 4n || (left > 0n && right < 7n)) return text;
  return abbreviate(text, Number(left), Number(right));
}

function hasPrefix(prefix: string, text: string): boolean {
  return text.startsWith(prefix) || (!isAscii(prefix) && startsWithBytes(encodeBytes(text), encodeBytes(prefix)));
}

function startsWithBytes(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}

function hasSuffix(suffix: string, text: string): boolean {
  if (text.endsWith(suffix) || isAscii(suffix)) return text.endsWith(suffix);
  return startsWithBytes(encodeBytes(text).reverse(), encodeBytes(suffix).reverse());
}

const trimPrefix = (prefix: string, text: string): string =>
  hasPrefix(prefix, text) ? sliceBytes(text, byteLength(prefix)) : text;

const trimSuffix = (suffix: string, text: string): string =>
  hasSuffix(suffix, text) ? sliceBytes(text, 0, byteLength(text) - byteLength(suffix)) : text;

const withoutNil = (values: readonly GoValue[]): GoValue[] => values.filter((value) => value != null);

export const stringFunctions = [
  define('hello', 'func() string', () => 'Hello!'),
  define('abbrev', 'func(int, string) string', (width: bigint, s: string) =>
    width < 4n ? s : abbreviate(s, 0, Number(width)),
  ),
  define('abbrevboth', 'func(int, int, string) string', abbreviateBoth),
  define('trunc', 'func(int, string) string', truncate),
  define('trim', 'func(string) string', trimSpace),
  define('upper', 'func(string) string', toUpper),
  define('lower', 'func(string) string', toLower),
  define('title', 'func(string) string', toTitleWords),
  define('untitle', 'func(string) string', uncapitalize),
  define('substr', 'func(int, int, string) string', substring),
  define('repeat', 'func(int, string) string', (count: bigint, s: string) => repeatText(s, count)),
  define('trimall', 'func(string, string) string', (cutset: string, s: string) => trim(s, cutset)),
  define('trimAll', 'func(string, string) string', (cutset: string, s: string) => trim(s, cutset)),
  define('trimSuffix', 'func(string, string) string', trimSuffix),
  define('trimPrefix', 'func(string, string) string', trimPrefix),
  define('nospace', 'func(string) string', deleteWhiteSpace),
  define('initials', 'func(string) string', initials),
  define('swapcase', 'func(string) string', swapCase),
  define('snakecase', 'func(string) string', toSnakeCase),
  define('camelcase', 'func(string) string', toPascalCase),
  define('kebabcase', 'func(string) string', toKebabCase),
  define('wrap', 'func(int, string) string', (width: bigint, s: string) => wrap(width, '', s, false)),
  define('wrapWith', 'func(int, string, string) string', (width: bigint, newline: string, s: string) =>
    wrap(width, newline, s, true),
  ),
  define('hasPrefix', 'func(string, string) bool', hasPrefix),
  define('hasSuffix', 'func(string, string) bool', hasSuffix),
  define('quote', 'func(...interface {}) string', (...values: GoValue[]) =>
    joinTexts(
      withoutNil(values).map((value) => quote(strval(value))),
      ' ',
    ),
  ),
  define('squote', 'func(...interface {}) string', (...values: GoValue[]) =>
    joinTexts(
      withoutNil(values).map((value) => `'${sprint1(value)}'`),
      ' ',
    ),
  ),
  define('cat', 'func(...interface {}) string', (...values: GoValue[]) =>
    joinTexts(withoutNil(values).map(sprint1), ' '),
  ),
  define('nindent', 'func(int, string) string', (spaces: bigint, s: string) => `\n${indentAll(spaces, s)}`),
  define('replace', 'func(string, string, string) string', (old: string, replacement: string, s: string) =>
    normalizeBytes(replaceAll(s, old, replacement)),
  ),
  define('plural', 'func(string, string, int) string', (one: string, many: string, count: bigint) =>
    count === 1n ? one : many,
  ),
  define('toString', 'func(interface {}) string', strval),
  define('atoi', 'func(string) int', (s: string) => atoi(s).value),
  define('split', 'func(string, string) map[string]string', (separator: string, s: string) =>
    numberedParts(splitText(s, separator, -1)),
  ),
  define('splitList', 'func(string, string) []string', (separator: string, s: string) =>
    ownList(splitText(s, separator, -1)),
  ),
  define('splitn', 'func(string, int, string) map[string]string', (separator: string, limit: bigint, s: string) =>
    numberedParts(splitText(s, separator, Number(limit))),
  ),
  define('toStrings', 'func(interface {}) []string', (value: GoValue) =>
    value instanceof Typed && value.type === STRINGS ? value.data : ownList(textsOf(value)),
  ),
  define('join', 'func(string, interface {}) string', (separator: string, list: GoValue) =>
    normalizeBytes(joinTexts(textsOf(list), separator)),
  ),
  define('sortAlpha', 'func(interface {}) []string', sortAlpha),
];
