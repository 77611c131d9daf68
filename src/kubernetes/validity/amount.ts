/** Comparing quantities, as k8s.io/apimachinery's resource.Quantity.Cmp. */
import { binarySuffixes, decimalExponents } from '../quantity.ts';

/** The smallest unit that Kubernetes keeps: a billionth. */
const NANO_DIGITS = 9;

/** A canonical quantity in billionths. */
export function billionths(quantity: string): bigint {
  const [, sign = '', whole = '', fraction = '', suffix = ''] =
    /^([+-]?)([0-9]*)(?:\.([0-9]*))?(.*)$/.exec(quantity) ?? [];
  const binary = suffix === '' ? 0 : Math.max(binarySuffixes.indexOf(suffix), 0);
  const exponent = binary > 0 ? 0 : (decimalExponents.get(suffix) ?? Number(suffix.slice(1)));
  const scale = NANO_DIGITS - fraction.length + exponent;
  const digits = BigInt(`${whole}${fraction}` || '0') * 1024n ** BigInt(binary);
  const amount = scale >= 0 ? digits * 10n ** BigInt(scale) : digits / 10n ** BigInt(-scale);
  return sign === '-' ? -amount : amount;
}

/** Negative when `a` is less, positive when it is more. */
export function compareQuantities(a: string, b: string): number {
  const [left, right] = [billionths(a), billionths(b)];
  return left < right ? -1 : Number(left > right);
}

export function isWholeNumber(quantity: string): boolean {
  return billionths(quantity) % 10n ** BigInt(NANO_DIGITS) === 0n;
}
