/** Standard base64 and base32 with padding, and Adler-32, as Go's `encoding/base64`, `encoding/base32` and `hash/adler32`. */
import { encodeBytes } from './utf8.ts';

const BASE64_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE32_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const PAD = 0x3d;

/** Input that is not in the encoding; the message is Go's, with the position as byte of the input. */
export class CorruptInputError extends Error {
  override name = 'CorruptInputError';

  constructor(encoding: 'base64' | 'base32', position: number) {
    super(`illegal ${encoding} data at input byte ${String(position)}`);
  }
}

/** `base64.StdEncoding.EncodeToString` */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** `base64.StdEncoding.DecodeString`; line breaks are skipped. Throws {@link CorruptInputError}. */
export function decodeBase64(text: string): Uint8Array {
  const source = encodeBytes(text);
  let digits = 0;
  for (let i = 0; i < source.length; i++) {
    const byte = source[i] ?? 0;
    if (isLineBreak(byte)) continue;
    if (isBase64Digit(byte)) {
      digits++;
      continue;
    }
    if (byte !== PAD || digits % 4 < 2) throw new CorruptInputError('base64', i);
    checkBase64Padding(source, i, digits % 4);
    return Uint8Array.from(Buffer.from(text.slice(0, i), 'base64'));
  }
  if (digits % 4 !== 0) throw new CorruptInputError('base64', source.length - (digits % 4));
  return Uint8Array.from(Buffer.from(text, 'base64'));
}

/** After the first pad: a second one where two digits came before it, then nothing but line breaks. */
function checkBase64Padding(source: Uint8Array, firstPad: number, digits: number): void {
  let next = skipLineBreaks(source, firstPad + 1);
  if (digits === 2) {
    if (next === source.length) throw new CorruptInputError('base64', next);
    if (source[next] !== PAD) throw new CorruptInputError('base64', next - 1);
    next = skipLineBreaks(source, next + 1);
  }
  if (next < source.length) throw new CorruptInputError('base64', next);
}

const isLineBreak = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d;

function skipLineBreaks(source: Uint8Array, from: number): number {
  let i = from;
  while (isLineBreak(source[i])) i++;
  return i;
}

const isBase64Digit = (byte: number): boolean => byte < 0x80 && BASE64_DIGITS.includes(String.fromCharCode(byte));

/** `base32.StdEncoding.EncodeToString` */
export function encodeBase32(bytes: Uint8Array): string {
  let out = '';
  let buffer = 0;
  let filled = 0;
  for (const byte of bytes) {
    buffer = ((buffer & 0x1f) << 8) | byte;
    for (filled += 8; filled >= 5; filled -= 5) out += BASE32_DIGITS.charAt((buffer >> (filled - 5)) & 0x1f);
  }
  if (filled > 0) out += BASE32_DIGITS.charAt((buffer << (5 - filled)) & 0x1f);
  return out.padEnd(Math.ceil(out.length / 8) * 8, '=');
}

/** `base32.StdEncoding.DecodeString`; line breaks are dropped first. Throws {@link CorruptInputError}. */
export function decodeBase32(text: string): Uint8Array {
  const source = encodeBytes(text).filter((byte) => !isLineBreak(byte));
  const out: number[] = [];
  for (let start = 0; start < source.length; start += 8) {
    const values = base32Group(source, start);
    let bits = 0n;
    for (let j = 0; j < 8; j++) bits = (bits << 5n) | BigInt(values[j] ?? 0);
    const bytes = Math.floor((values.length * 5) / 8);
    for (let k = 0; k < bytes; k++) out.push(Number((bits >> BigInt(32 - 8 * k)) & 0xffn));
    if (values.length < 8) break;
  }
  return Uint8Array.from(out);
}

/** The values of the (up to eight) digits of one group. */
function base32Group(source: Uint8Array, start: number): number[] {
  const values: number[] = [];
  for (let i = start; values.length < 8; i++) {
    if (i >= source.length) throw new CorruptInputError('base32', source.length - values.length);
    const byte = source[i] ?? 0;
    const left = source.length - i - 1;
    if (byte === PAD && values.length >= 2 && left < 8) {
      checkBase32Padding(source, i, values.length);
      return values;
    }
    const value = byte < 0x80 ? BASE32_DIGITS.indexOf(String.fromCharCode(byte)) : -1;
    if (value < 0) throw new CorruptInputError('base32', i);
    values.push(value);
  }
  return values;
}

function checkBase32Padding(source: Uint8Array, firstPad: number, digits: number): void {
  const missing = 7 - digits;
  if (source.length - firstPad - 1 < missing) throw new CorruptInputError('base32', source.length);
  for (let k = 0; k < missing; k++) {
    if (source[firstPad + 1 + k] !== PAD) throw new CorruptInputError('base32', firstPad + k);
  }
  if (digits === 3 || digits === 6) throw new CorruptInputError('base32', firstPad);
}

/** `adler32.Checksum` */
export function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}
