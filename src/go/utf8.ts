/**
 * Go strings are bytes; ours are UTF-16. The difference shows only where a byte string is not valid UTF-8 (`trunc` in the
 * middle of a rune, `b64dec` of binary data, `"\xff"`). Such a byte b is carried as the lone surrogate U+DC00+b, so every Go
 * string has exactly one form here, its byte length can be counted, and {@link toValidUtf8} gives what a JSON consumer of
 * Go's output would see: U+FFFD for each.
 *
 * Behaviour of Go's `unicode/utf8` and of indexing and slicing strings.
 */

/** What Go decodes an invalid byte to. */
export const RUNE_ERROR = '\uFFFD';

const NON_ASCII = /[^\x00-\x7f]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** True when every byte is below 0x80, so that bytes, runes and UTF-16 units are the same. */
export function isAscii(s: string): boolean {
  return !NON_ASCII.test(s);
}

/** `len(s)`: the number of bytes. */
export function byteLength(s: string): number {
  if (isAscii(s)) return s.length;
  let n = 0;
  for (const rune of s) n += runeBytes(rune.codePointAt(0) ?? 0);
  return n;
}

function runeBytes(code: number): number {
  if (code < 0x80 || isByteEscape(code)) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

function isByteEscape(code: number): boolean {
  return code >= 0xdc80 && code <= 0xdcff;
}

/** `[]byte(s)`. A lone surrogate that stands for no byte is written as U+FFFD. */
export function encodeBytes(s: string): Uint8Array {
  if (!LONE_SURROGATE.test(s)) return new TextEncoder().encode(s);
  const parts: number[] = [];
  const encoder = new TextEncoder();
  for (const rune of s) {
    const code = rune.codePointAt(0) ?? 0;
    if (isByteEscape(code)) parts.push(code - 0xdc00);
    else parts.push(...encoder.encode(rune));
  }
  return Uint8Array.from(parts);
}

/** `string(bytes)`. */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeLossless(bytes);
  }
}

function decodeLossless(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length;) {
    const size = validRuneSize(bytes, i);
    if (size === 0) {
      out += String.fromCharCode(0xdc00 + (bytes[i] ?? 0));
      i++;
    } else {
      out += new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(i, i + size));
      i += size;
    }
  }
  return out;
}

/** Bytes of the rune that starts at `i`, 0 when none does: overlong forms, surrogates and values above U+10FFFF are not runes. */
function validRuneSize(bytes: Uint8Array, i: number): number {
  const first = bytes[i] ?? 0;
  if (first < 0x80) return 1;
  const size =
    first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (size === 0 || i + size > bytes.length) return 0;
  const second = bytes[i + 1] ?? 0;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let k = 2; k < size; k++) if (((bytes[i + k] ?? 0) & 0xc0) !== 0x80) return 0;
  return size;
}

/** `s[start:end]`, counted in bytes. The caller has checked the bounds. */
export function sliceBytes(s: string, start: number, end?: number): string {
  if (isAscii(s)) return s.slice(start, end);
  return decodeBytes(encodeBytes(s).subarray(start, end));
}

/** The bytes of a string as one character each (U+0000 to U+00FF), for algorithms that work byte by byte. */
export function toBinary(s: string): string {
  return isAscii(s) ? s : Buffer.from(encodeBytes(s)).toString('latin1');
}

/** The string whose bytes {@link toBinary} gave. */
export function fromBinary(binary: string): string {
  return isAscii(binary) ? binary : decodeBytes(Buffer.from(binary, 'latin1'));
}

/** The one form of a string whose parts were joined: bytes that now make up a rune become that rune. */
export function normalizeBytes(s: string): string {
  return s.isWellFormed() ? s : decodeBytes(encodeBytes(s));
}

/** What is seen of the string as text: U+FFFD for every byte that is not part of valid UTF-8. */
export function toValidUtf8(s: string): string {
  return s.isWellFormed() ? s : normalizeBytes(s).replace(/\p{Surrogate}/gu, RUNE_ERROR);
}

/** The runes of a string as Go's `[]rune(s)`: U+FFFD for every invalid byte. */
export function runes(s: string): string[] {
  return Array.from(toValidUtf8(s));
}

/** Go's order of strings (`<`, `sort.Strings`): byte order, which is not the order of UTF-16 units above U+D7FF. */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return x >= 0xd800 || y >= 0xd800 ? compareBytes(encodeBytes(a), encodeBytes(b)) : x - y;
  }
  return a.length - b.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
