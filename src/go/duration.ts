/**
 * Durations as Go's `time.ParseDuration` reads them and `time.Duration.String` writes them.
 *
 * A duration is a signed 64-bit number of nanoseconds, kept as `bigint`.
 */
import { encodeBytes } from './utf8.ts';

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n], // U+00B5, the micro sign
  ['μs', 1_000n], // U+03BC, the Greek letter
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const MAX_MAGNITUDE = 1n << 63n;
const MAX_DIGITS = MAX_MAGNITUDE.toString().length;

/** A text that is no duration; the message is Go's, e.g. `time: missing unit in duration "5"`. */
export class DurationError extends Error {
  override readonly name = 'DurationError';

  constructor(reason: string, text: string) {
    super(`time: ${reason} ${quoteLikeTime(text)}`);
  }
}

/** One number and what follows it up to the next one: integer digits, fraction (with its point), unit. */
const TERM = /([0-9]*)(\.[0-9]*)?([^0-9.]*)/y;

/** `time.ParseDuration`: an optional sign, then numbers with units (`1h30m`, `-1.5s`, `.5ms`), or plain `0`. Throws {@link DurationError}. */
export function parseDuration(text: string): bigint {
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  if (text.length === sign.length + 1 && text.endsWith('0')) return 0n;
  const invalid = (): DurationError => new DurationError('invalid duration', text);
  if (text.length === sign.length) throw invalid();

  let total = 0n;
  let position = sign.length;
  while (position < text.length) {
    TERM.lastIndex = position;
    const [term = '', whole = '', fraction = '', unit = ''] = TERM.exec(text) ?? [];
    if (whole === '' && fraction.length <= 1) throw invalid();
    total += parseTerm(text, whole, fraction.slice(1), unit);
    if (total > MAX_MAGNITUDE) throw invalid();
    position += term.length;
  }
  if (sign === '-') return -total;
  if (total === MAX_MAGNITUDE) throw invalid();
  return total;
}

function parseTerm(text: string, whole: string, fraction: string, unitName: string): bigint {
  // Counting the digits first keeps endless ones from being worked out.
  const digits = whole.replace(/^0+/, '');
  const magnitude = digits.length > MAX_DIGITS ? MAX_MAGNITUDE + 1n : BigInt(digits);
  if (magnitude > MAX_MAGNITUDE) throw new DurationError('invalid duration', text);
  if (unitName === '') throw new DurationError('missing unit in duration', text);
  const unit = UNITS.get(unitName);
  if (unit === undefined) throw new DurationError(`unknown unit ${quoteLikeTime(unitName)} in duration`, text);
  return magnitude * unit + fractionOf(unit, fraction);
}

/** Go multiplies the fraction in floating point; digits that 63 bits cannot hold are ignored. */
function fractionOf(unit: bigint, fraction: string): bigint {
  let digits = 0n;
  let scale = 1;
  for (const digit of fraction) {
    const longer = digits * 10n + BigInt(digit);
    if (digits > (MAX_MAGNITUDE - 1n) / 10n || longer > MAX_MAGNITUDE) break;
    digits = longer;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(digits) * (Number(unit) / scale)));
}

const PLAIN = /^[ !#-[\]-~]*$/;

/** The `time` package's own quoting: every byte that is not printable ASCII is `\xHH`. */
export function quoteLikeTime(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  let out = '';
  for (const char of text) {
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (char >= ' ' && char < '\x80') out += char;
    else for (const byte of encodeBytes(char)) out += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `"${out}"`;
}

const NANOS_PER_SECOND = 1_000_000_000n;

/** `time.Duration.String`: `1h30m0s`, `1.5s`, `250ms`, `0s`. */
export function formatDuration(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const sign = nanos < 0n ? '-' : '';
  if (size === 0n) return '0s';
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}µs`;
  if (size < NANOS_PER_SECOND) return `${sign}${decimal(size, 6)}ms`;
  const minutes = size / (60n * NANOS_PER_SECOND);
  const seconds = `${decimal(size % (60n * NANOS_PER_SECOND), 9)}s`;
  if (minutes === 0n) return `${sign}${seconds}`;
  const hours = minutes / 60n;
  return hours === 0n ? `${sign}${minutes}m${seconds}` : `${sign}${hours}h${minutes % 60n}m${seconds}`;
}

/** `value` × 10^-places without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`);
}
