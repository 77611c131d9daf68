/** What `resource.Quantity` (k8s.io/apimachinery) holds inside, which `%v` of a map of quantities shows. */
import { binarySuffixes, canonicalQuantity, decimalExponents } from '../../kubernetes/quantity.ts';

interface QuantityParts {
  readonly value: bigint;
  /** Power of ten. */
  readonly scale: number;
  /** The source text, kept where it was canonical at a glance. */
  readonly text: string;
  readonly format: string;
}

const SYNTAX = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([A-Za-z]*[-+]?[0-9]*)$/;

/** Reads the text of a quantity (which was validated when its pod was read). */
export function quantityParts(raw: unknown): QuantityParts {
  const text = raw == null ? '' : String(raw);
  if (raw == null) return { value: 0n, scale: 0, text: '', format: '' };
  if (text === '0') return { value: 0n, scale: 0, text, format: 'DecimalSI' };
  const [, sign = '', whole = '', fraction = '', suffix = ''] = SYNTAX.exec(text) ?? [];
  const digits = BigInt(whole + fraction || '0');
  const negate = (value: bigint): bigint => (sign === '-' ? -value : value);
  const binary = binarySuffixes.indexOf(suffix);
  if (binary > 0) {
    const keeps = fraction === '' && (digits & 7n) !== 0n;
    const value = negate(digits << BigInt(10 * binary));
    return { value, scale: -fraction.length, text: keeps ? text : '', format: 'BinarySI' };
  }
  const exponent = decimalExponents.get(suffix);
  const scale = (exponent ?? Number(suffix.slice(1))) - fraction.length;
  const shifted = whole + fraction;
  const keeps = scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
  const format = exponent === undefined ? 'DecimalExponent' : 'DecimalSI';
  return { value: negate(digits), scale, text: keeps ? text : '', format };
}

/** `Quantity.String`. */
export const quantityText = (raw: unknown): string => (raw == null ? '<nil>' : canonicalQuantity(String(raw)));

/** The amount × 10^scale as an integer, rounded away from zero (`Quantity.ScaledValue`). */
export function quantityValue(raw: unknown, scale: number): bigint {
  const parts = quantityParts(raw);
  const power = parts.scale + scale;
  if (power >= 0) return parts.value * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  const quotient = parts.value / divisor;
  if (parts.value % divisor === 0n) return quotient;
  return parts.value < 0n ? quotient - 1n : quotient + 1n;
}
