/**
 * Floating-point numbers as text (Go's `strconv.FormatFloat` with the shortest precision that keeps the value, and the
 * two places that use it: `fmt`'s `%v` and `encoding/json`).
 */

/** Decimal digits of a finite number and the position of the decimal point: value = 0.d₁d₂… × 10^point. */
interface Digits {
  readonly negative: boolean;
  readonly digits: string;
  readonly point: number;
}

function shortestDigits(value: number): Digits {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential().split('e');
  return {
    negative: value < 0 || Object.is(value, -0),
    digits: mantissa.replace('.', ''),
    point: value === 0 ? 0 : Number(exponent) + 1,
  };
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : undefined;
}

/** `strconv.FormatFloat(value, 'e', -1, 64)`: `1.5e+06`. */
export function formatExponent(value: number): string {
  return special(value) ?? exponentForm(shortestDigits(value));
}

/** `strconv.FormatFloat(value, 'f', -1, 64)`: never an exponent. */
export function formatFixed(value: number): string {
  return special(value) ?? fixedForm(shortestDigits(value));
}

/** `strconv.FormatFloat(value, 'g', -1, 64)`, as `%v` prints a float64: with an exponent below 1e-4 and from 1e6 on. */
export function formatShortest(value: number): string {
  const text = special(value);
  if (text !== undefined) return text;
  const digits = shortestDigits(value);
  const exponent = digits.point - 1;
  const usesExponent = value !== 0 && (exponent < -4 || exponent >= 6);
  return usesExponent ? exponentForm(digits) : fixedForm(digits);
}

/** `encoding/json`: fixed between 1e-6 and 1e21, else an exponent without a padding zero (`1e-7`, `1e+21`). Finite values only. */
export function formatJson(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-6 && size < 1e21)) return fixedForm(shortestDigits(value));
  return exponentForm(shortestDigits(value)).replace(/e-0(\d)$/, 'e-$1');
}

function exponentForm({ negative, digits, point }: Digits): string {
  const exponent = digits === '0' ? 0 : point - 1;
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${negative ? '-' : ''}${digits[0] ?? '0'}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
}

function fixedForm({ negative, digits, point }: Digits): string {
  const sign = negative ? '-' : '';
  if (digits === '0') return `${sign}0`;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
