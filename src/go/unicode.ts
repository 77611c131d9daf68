/**
 * Classes and simple case mappings of single runes, as Go's `unicode` package and the mapping functions of `strings`.
 *
 * JavaScript's own conversions are the *full* mappings (`'ß'.toUpperCase()` is two letters, a final sigma depends on its
 * neighbours); Go maps rune by rune and always to one rune.
 */
import { toValidUtf8 } from './utf8.ts';

const ASCII_ONLY = /^[\x00-\x7f]*$/;

/** `unicode.IsSpace`. */
export function isSpace(rune: string): boolean {
  return /^[\t-\r \x85\xa0\p{Z}]$/u.test(rune);
}

/** `unicode.IsUpper`. */
export function isUpper(rune: string): boolean {
  return /^\p{Lu}$/u.test(rune);
}

/** `unicode.IsLower`. */
export function isLower(rune: string): boolean {
  return /^\p{Ll}$/u.test(rune);
}

/** `unicode.IsTitle`. */
export function isTitle(rune: string): boolean {
  return /^\p{Lt}$/u.test(rune);
}

/** `unicode.IsLetter`. */
export function isLetter(rune: string): boolean {
  return /^\p{L}$/u.test(rune);
}

/** `unicode.IsDigit`. */
export function isDigit(rune: string): boolean {
  return /^\p{Nd}$/u.test(rune);
}

/** `unicode.IsNumber`. */
export function isNumber(rune: string): boolean {
  return /^\p{N}$/u.test(rune);
}

/** `unicode.IsPunct`. */
export function isPunct(rune: string): boolean {
  return /^\p{P}$/u.test(rune);
}

/** `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrint(rune: string): boolean {
  return /^[ \p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(rune);
}

/** `unicode.ToUpper`. */
export function upperRune(rune: string): string {
  return iotaSubscriptCapital(rune) ?? single(rune, rune.toUpperCase());
}

/** `unicode.ToLower`. */
export function lowerRune(rune: string): string {
  return rune === 'İ' ? 'i' : single(rune, rune.toLowerCase());
}

/** `unicode.ToTitle`: the upper case except for the digraphs DŽ, LJ, NJ, DZ and the caseless Georgian alphabet. */
export function titleRune(rune: string): string {
  const digraph = /^[Ǆ-ǌǱ-ǳ]$/.test(rune) ? TITLE_DIGRAPHS[rune.toLowerCase()] : undefined;
  if (digraph !== undefined) return digraph;
  return /^[\u10d0-\u10ff]$/.test(rune) ? rune : upperRune(rune);
}

const TITLE_DIGRAPHS: Readonly<Record<string, string>> = { ǆ: 'ǅ', ǉ: 'ǈ', ǌ: 'ǋ', ǳ: 'ǲ' };

/** Greek small letters with iota subscript: their simple capital (the title case form) lies 8 or 9 places further. */
function iotaSubscriptCapital(rune: string): string | undefined {
  if (/^[\u1f80-\u1f87\u1f90-\u1f97\u1fa0-\u1fa7]$/.test(rune)) return String.fromCharCode(rune.charCodeAt(0) + 8);
  if (/^[\u1fb3\u1fc3\u1ff3]$/.test(rune)) return String.fromCharCode(rune.charCodeAt(0) + 9);
  return undefined;
}

function single(rune: string, mapped: string): string {
  return mapped.length === rune.length ? mapped : Array.from(mapped).length === 1 ? mapped : rune;
}

function mapRunes(s: string, mapping: (rune: string) => string): string {
  let out = '';
  for (const rune of toValidUtf8(s)) out += mapping(rune);
  return out;
}

/** `strings.ToUpper`. */
export function toUpper(s: string): string {
  return ASCII_ONLY.test(s) ? s.toUpperCase() : mapRunes(s, upperRune);
}

/** `strings.ToLower`. */
export function toLower(s: string): string {
  return ASCII_ONLY.test(s) ? s.toLowerCase() : mapRunes(s, lowerRune);
}

/** `strings.Title`: the first letter of each word in title case; a word ends at anything but a letter, digit or underscore. */
export function toTitleWords(s: string): string {
  let previous = ' ';
  return mapRunes(s, (rune) => {
    const mapped = isWordSeparator(previous) ? titleRune(rune) : rune;
    previous = rune;
    return mapped;
  });
}

function isWordSeparator(rune: string): boolean {
  if (rune <= '\x7f') return !/^[0-9A-Za-z_]$/.test(rune);
  return !isLetter(rune) && !isDigit(rune) && isSpace(rune);
}

/** `strings.TrimSpace`. */
export function trimSpace(s: string): string {
  return trimFunc(s, isSpace);
}

/** `strings.Trim`: runes of the cutset are taken off both ends. */
export function trim(s: string, cutset: string): string {
  const cut = new Set(toValidUtf8(cutset));
  return trimFunc(s, (rune) => cut.has(toValidUtf8(rune)));
}

function trimFunc(s: string, isCut: (rune: string) => boolean): string {
  let start = 0;
  while (start < s.length) {
    const rune = String.fromCodePoint(s.codePointAt(start) ?? 0);
    if (!isCut(rune)) break;
    start += rune.length;
  }
  let end = s.length;
  while (end > start) {
    const rune = lastRune(s, end);
    if (!isCut(rune)) break;
    end -= rune.length;
  }
  return s.slice(start, end);
}

function lastRune(s: string, end: number): string {
  const pair = s.slice(Math.max(0, end - 2), end);
  return pair.length === 2 && (pair.codePointAt(0) ?? 0) > 0xffff ? pair : s.slice(end - 1, end);
}
