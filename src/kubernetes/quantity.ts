/**
 * Resource quantities (`100m`, `1Gi`, `1e3`) as k8s.io/apimachinery/pkg/api/resource reads and writes them: the text
 * survives when it is canonical by a quick test, otherwise the largest suffix without a fraction is chosen.
 */

export class QuantityError extends Error {
  override readonly name = 'QuantityError';
}

const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const quantity = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;

/** Power of ten of each decimal suffix. */
export const decimalExponents: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const decimalSuffixes = new Map([...decimalExponents].map(([suffix, exponent]) => [exponent, suffix]));
/** Suffixes by their power of 1024. */
export const binarySuffixes: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Go keeps an amount in an int64 when it has at most this many decimal digits. */
const MAX_FAST_DIGITS = 18;
/** Nothing smaller than a billionth is kept. */
const NANO = -9;
const MAX_INT64 = 2n ** 63n - 1n;
/** Larger powers of ten have no use and would cost time to write out. */
const MAX_EXPONENT = 1000;

type Format = 'decimalSI' | 'binarySI' | 'decimalExponent';

interface Suffix {
  readonly format: Format;
  readonly exponent: number;
}

/** An exact decimal: `unscaled` × 10^`scale`. */
interface Amount {
  readonly unscaled: bigint;
  readonly scale: number;
}

function interpretSuffix(suffix: string): Suffix {
  const decimal = decimalExponents.get(suffix);
  if (decimal !== undefined) return { format: 'decimalSI', exponent: decimal };
  const binary = binarySuffixes.indexOf(suffix);
  if (binary > 0) return { format: 'binarySI', exponent: binary * 10 };
  if (/^[eE][-+]?[0-9]+$/.test(suffix)) return { format: 'decimalExponent', exponent: Number(suffix.slice(1)) };
  throw new QuantityError("unable to parse quantity's suffix");
}

/**
 * The text that Kubernetes writes for a quantity after reading it.
 * @throws {QuantityError} with Go's message
 */
export function canonicalQuantity(text: string): string {
  if (text === '') throw new QuantityError(wrongFormat);
  const match = quantity.exec(text);
  if (match === null) throw new QuantityError(wrongFormat);
  const [, sign = '', whole = '', fraction, suffixText = ''] = match;
  // A text of zeros alone ends before Go looks at anything else.
  if (/^[+-]?0*$/.test(text)) return text === '0' ? text : '0';
  const suffix = interpretSuffix(suffixText);
  const digits = (whole === '' ? '0' : whole) + (fraction ?? '');
  const fast = fastAmount(digits, fraction ?? '', whole === '' ? 1 : whole.length, suffix);
  if (fast !== undefined) {
    if (fast.canonical) return text;
    return canonicalText(sign === '-' ? negate(fast.amount) : fast.amount, suffix.format);
  }
  return exactText(sign === '-', digits, fraction ?? '', suffix);
}

function negate(amount: Amount): Amount {
  return { unscaled: -amount.unscaled, scale: amount.scale };
}

/** The way for amounts that fit an int64; it alone can find that the text is canonical. */
function fastAmount(
  digits: string,
  fraction: string,
  wholeLength: number,
  { format, exponent }: Suffix,
): { amount: Amount; canonical: boolean } | undefined {
  if (format === 'binarySI') {
    if (fraction !== '' || 15 - wholeLength - Math.trunc((exponent * 3) / 10) - 1 < 0) return undefined;
    const value = BigInt(digits);
    const unscaled = value << BigInt(exponent);
    if (unscaled > MAX_INT64) return undefined;
    return { amount: { unscaled, scale: 0 }, canonical: (value & 7n) !== 0n };
  }
  const scale = exponent - fraction.length;
  if (digits.length > MAX_FAST_DIGITS || scale < NANO) return undefined;
  const canonical = scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
  return { amount: { unscaled: BigInt(digits), scale }, canonical };
}

/** The way for all other amounts: rounded up to a billionth, binary ones capped at the largest int64. */
function exactText(negative: boolean, digits: string, fraction: string, suffix: Suffix): string {
  let { format } = suffix;
  const { exponent } = suffix;
  if (Math.abs(exponent) > MAX_EXPONENT || digits.length > MAX_EXPONENT) {
    throw new QuantityError('unable to parse numeric part of quantity');
  }
  let unscaled = BigInt(digits);
  let scale = -fraction.length;
  if (format === 'binarySI') unscaled <<= BigInt(exponent);
  else scale += exponent;
  if (scale < NANO) {
    const divisor = 10n ** BigInt(NANO - scale);
    unscaled = (unscaled + divisor - 1n) / divisor;
    scale = NANO;
  }
  if (format === 'binarySI') {
    const one = 10n ** BigInt(-scale);
    if (unscaled > MAX_INT64 * one) unscaled = MAX_INT64 * one;
    if (unscaled > 0n && unscaled < one) format = 'decimalSI';
  }
  return canonicalText({ unscaled: negative ? -unscaled : unscaled, scale }, format);
}

function canonicalText(amount: Amount, format: Format): string {
  if (amount.unscaled === 0n) return '0';
  if (format === 'binarySI') {
    const whole = wholeNumber(amount);
    if (whole !== undefined && (whole >= 1024n || whole <= -1024n)) return binaryText(whole);
    return decimalText(amount, 'decimalSI');
  }
  return decimalText(amount, format);
}

function wholeNumber({ unscaled, scale }: Amount): bigint | undefined {
  if (scale >= 0) return unscaled * 10n ** BigInt(scale);
  const divisor = 10n ** BigInt(-scale);
  return unscaled % divisor === 0n ? unscaled / divisor : undefined;
}

function binaryText(value: bigint): string {
  let mantissa = value;
  let power = 0;
  while (mantissa % 1024n === 0n) {
    mantissa /= 1024n;
    power += 1;
  }
  return `${String(mantissa)}${binarySuffixes[power] ?? ''}`;
}

function decimalText({ unscaled, scale }: Amount, format: Format): string {
  let mantissa = unscaled;
  let exponent = scale;
  while (mantissa % 10n === 0n) {
    mantissa /= 10n;
    exponent += 1;
  }
  const beyond = ((exponent % 3) + 3) % 3;
  mantissa *= 10n ** BigInt(beyond);
  exponent -= beyond;
  if (format === 'decimalExponent')
    return exponent === 0 ? String(mantissa) : `${String(mantissa)}e${String(exponent)}`;
  return `${String(mantissa)}${decimalSuffixes.get(exponent) ?? ''}`;
}
