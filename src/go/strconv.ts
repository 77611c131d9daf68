/**
 * Conversions of text to booleans and numbers with the values and error texts of Go's `strconv`.
 *
 * As in Go, a result carries a value even when it carries an error: the clamped number when it is out of range, else zero.
 */
import { quote } from './quote.ts';

export { canBackquote, quote, quoteRune, quoteToAscii } from './quote.ts';

/** A value, and what was wrong with its text. */
export interface Parsed<T> {
  readonly value: T;
  readonly error?: NumError;
}

/** `*strconv.NumError`: `strconv.ParseUint: parsing "x": invalid syntax`. */
export class NumError extends Error {
  override name = 'NumError';
  /** The Go function that failed, without its package. */
  readonly func: string;
  /** The text that was parsed. */
  readonly num: string;
  readonly reason: 'invalid syntax' | 'value out of range';

  constructor(func: string, num: string, reason: NumError['reason']) {
    super(`strconv.${func}: parsing ${quote(num)}: ${reason}`);
    this.func = func;
    this.num = num;
    this.reason = reason;
  }
}

const BOOLS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
]);

/** `strconv.ParseBool`. */
export function parseBool(text: string): Parsed<boolean> {
  const value = BOOLS.get(text);
  return value === undefined ? failed('ParseBool', text, 'invalid syntax', false) : { value };
}

/** `strconv.ParseUint`; base 0 takes the prefixes `0b`, `0o`, `0`, `0x` and underscores as Go literals do. */
export function parseUint(text: string, base: number, bits: number): Parsed<bigint> {
  const parsed = magnitude(text, base, bits);
  return typeof parsed === 'bigint' ? { value: parsed } : failed('ParseUint', text, parsed.reason, parsed.value);
}

/** `strconv.ParseInt`. */
export function parseInt(text: string, base: number, bits: number): Parsed<bigint> {
  return signed('ParseInt', text, base, bits);
}

/** `strconv.Atoi`. */
export function atoi(text: string): Parsed<bigint> {
  return signed('Atoi', text, 10, 64);
}

function signed(func: string, text: string, base: number, bits: number): Parsed<bigint> {
  const negative = text.startsWith('-');
  const parsed = magnitude(negative || text.startsWith('+') ? text.slice(1) : text, base, bits);
  if (typeof parsed !== 'bigint' && parsed.reason === 'invalid syntax') return failed(func, text, parsed.reason, 0n);
  const value = typeof parsed === 'bigint' ? parsed : parsed.value;
  const limit = 1n << BigInt(bits - 1);
  if (negative) return value > limit ? failed(func, text, 'value out of range', -limit) : { value: -value };
  return value >= limit ? failed(func, text, 'value out of range', limit - 1n) : { value };
}

function failed<T>(func: string, text: string, reason: NumError['reason'], value: T): Parsed<T> {
  return { value, error: new NumError(func, text, reason) };
}

interface BadMagnitude {
  readonly reason: NumError['reason'];
  readonly value: bigint;
}

const SYNTAX: BadMagnitude = { reason: 'invalid syntax', value: 0n };

function magnitude(text: string, base: number, bits: number): bigint | BadMagnitude {
  if (text === '') return SYNTAX;
  const [radix, skipped] = base === 0 ? radixOf(text) : [base, 0];
  const max = (1n << BigInt(bits)) - 1n;
  let value = 0n;
  for (let i = skipped; i < text.length; i++) {
    if (base === 0 && text[i] === '_') continue;
    const digit = digitValue(text.charCodeAt(i));
    if (digit >= radix) return SYNTAX;
    value = value * BigInt(radix) + BigInt(digit);
    if (value > max) return { reason: 'value out of range', value: max };
  }
  return base === 0 && !underscoresOk(text) ? SYNTAX : value;
}

function radixOf(text: string): [radix: number, skipped: number] {
  if (!text.startsWith('0')) return [10, 0];
  const prefix = text.length >= 3 ? text[1]?.toLowerCase() : undefined;
  if (prefix === 'b') return [2, 2];
  if (prefix === 'o') return [8, 2];
  return prefix === 'x' ? [16, 2] : [8, 1];
}

function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a && code < 0x80 ? lower - 0x61 + 10 : 36;
}

/** Underscores may only stand between digits or between a base prefix and a digit. */
function underscoresOk(text: string): boolean {
  if (!text.includes('_')) return true;
  const unsigned = text.replace(/^[+-]/, '');
  const digit = /^0x/i.test(unsigned) ? '[0-9a-fA-F]' : '[0-9]';
  const body = unsigned.replace(/^0[box]/i, '0');
  return !new RegExp(`(?<!${digit})_|_(?!${digit})`).test(body);
}

const DECIMAL = /^[+-]?(?:\d[\d_]*\.?[\d_]*|\.[\d_]*\d[\d_]*|_[\d_]*\.?[\d_]*)(?:[eE][+-]?\d[\d_]*)?$/;
const HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F_]*)\.?([0-9a-fA-F_]*)[pP]([+-]?\d[\d_]*)$/;
const SPECIAL = /^(?:([+-]?)(?:inf|infinity)|nan)$/i;

/** `strconv.ParseFloat(text, 64)`. */
export function parseFloat(text: string): Parsed<number> {
  const special = SPECIAL.exec(text);
  if (special !== null) {
    return { value: /n$/i.test(text) && !/^[+-]?i/i.test(text) ? NaN : special[1] === '-' ? -Infinity : Infinity };
  }
  const value = underscoresOk(text) ? finiteFloat(text) : undefined;
  if (value === undefined) return failed('ParseFloat', text, 'invalid syntax', 0);
  return Number.isFinite(value) ? { value } : failed('ParseFloat', text, 'value out of range', value);
}

function finiteFloat(text: string): number | undefined {
  const hexadecimal = HEXADECIMAL.exec(text);
  if (hexadecimal !== null) return hexFloat(hexadecimal);
  return DECIMAL.test(text) && /\d/.test(text) ? Number(text.replaceAll('_', '')) : undefined;
}

/** The value of a hexadecimal literal, correctly rounded to nearest even. */
function hexFloat([, sign = '', whole = '', fraction = '', exponent = '']: readonly string[]): number | undefined {
  const digits = (whole + fraction).replaceAll('_', '');
  if (digits === '') return undefined;
  const power = Math.max(-10_000, Math.min(10_000, Number(exponent.replaceAll('_', ''))));
  const value = scaleByPowerOf2(BigInt(`0x${digits}`), power - 4 * fraction.replaceAll('_', '').length);
  return sign === '-' ? -value : value;
}

const LOWEST_EXPONENT = -1074;

function scaleByPowerOf2(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0;
  const length = mantissa.toString(2).length;
  const dropped = Math.max(length - 53, LOWEST_EXPONENT - exponent, 0);
  if (dropped > length + 1) return 0;
  const kept = roundHalfEven(mantissa, BigInt(dropped));
  const power = exponent + dropped;
  return power > 1024 ? Infinity : multiplyByPowerOf2(Number(kept), power);
}

function roundHalfEven(value: bigint, dropped: bigint): bigint {
  if (dropped === 0n) return value;
  const kept = value >> dropped;
  const rest = value & ((1n << dropped) - 1n);
  const half = 1n << (dropped - 1n);
  return rest > half || (rest === half && (kept & 1n) === 1n) ? kept + 1n : kept;
}

/** Exact: the parts are chosen so that no intermediate result is subnormal. */
function multiplyByPowerOf2(value: number, power: number): number {
  if (power >= -1022) return value * 2 ** Math.min(power, 1023) * (power > 1023 ? 2 ** (power - 1023) : 1);
  return value * 2 ** (power + 100) * 2 ** -100;
}
