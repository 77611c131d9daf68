/**
 * Floating-point numbers as text in every notation and precision (Go's `strconv.FormatFloat`). JavaScript's own methods cannot serve
 * when a precision is given: they round ties up, Go rounds them to even.
 */
import { formatShortest } from '../../go/ftoa.ts';

/** 0.d₁d₂… × 10^point, without trailing zeros; zero has no digits. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** value = mantissa × 2^exponent */
interface Binary {
  readonly mantissa: bigint;
  readonly exponent: number;
}

export type FloatFormat = 'b' | 'e' | 'E' | 'f' | 'g' | 'G' | 'x' | 'X';

const MANTISSA_BITS = 52;
const EXPONENT_BIAS = 1075;

function binaryOf(value: number): Binary {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const exponent = Number((word >> BigInt(MANTISSA_BITS)) & 0x7ffn);
  const fraction = word & ((1n << BigInt(MANTISSA_BITS)) - 1n);
  return exponent === 0
    ? { mantissa: fraction, exponent: 1 - EXPONENT_BIAS }
    : { mantissa: fraction | (1n << BigInt(MANTISSA_BITS)), exponent: exponent - EXPONENT_BIAS };
}

const stripZeros = (digits: string): string => digits.replace(/0+$/, '');

function exactDecimal(value: number): Decimal {
  const { mantissa, exponent } = binaryOf(value);
  if (mantissa === 0n) return { digits: '', point: 0 };
  // m × 2^-k = m × 5^k × 10^-k
  const scaled = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const digits = scaled.toString();
  return { digits: stripZeros(digits), point: digits.length + Math.min(exponent, 0) };
}

function shortestDecimal(value: number): Decimal {
  if (value === 0) return { digits: '', point: 0 };
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 };
}

/** Rounds half to even at a number of significant digits. */
function round({ digits, point }: Decimal, count: number): Decimal {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: '', point: 0 };
  const isHalf = digits.length === count + 1 && digits[count] === '5';
  const isOdd = count > 0 && Number(digits[count - 1]) % 2 === 1;
  const up = isHalf ? isOdd : digits.charAt(count) >= '5';
  const kept = digits.slice(0, count);
  if (!up) return trimmed(kept, point);
  const raised = (BigInt(kept === '' ? '0' : kept) + 1n).toString();
  return trimmed(raised, point + raised.length - count);
}

function trimmed(digits: string, point: number): Decimal {
  const stripped = stripZeros(digits);
  return { digits: stripped, point: stripped === '' ? 0 : point };
}

function exponentNotation({ digits, point }: Decimal, precision: number, mark: string): string {
  const fraction = precision > 0 ? `.${digits.slice(1, 1 + precision).padEnd(precision, '0')}` : '';
  const exponent = digits === '' ? 0 : point - 1;
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits.charAt(0) || '0'}${fraction}${mark}${exponent < 0 ? '-' : '+'}${power}`;
}

function fixedNotation({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (precision <= 0) return whole;
  const zeros = '0'.repeat(Math.min(precision, Math.max(0, -point)));
  const fraction = (zeros + digits.slice(Math.max(0, point))).slice(0, precision).padEnd(precision, '0');
  return `${whole}.${fraction}`;
}

/** `%g` has an exponent from 10^precision on, in the shortest form from 10^6 on, and below 10^-4. */
const SHORTEST_EXPONENT = 6;
const SMALLEST_FIXED_EXPONENT = -4;

function generalNotation(value: number, precision: number, mark: string): string {
  const shortest = precision < 0;
  const wanted = precision === 0 ? 1 : precision;
  const decimal = shortest ? shortestDecimal(value) : round(exactDecimal(value), wanted);
  const count = decimal.digits.length;
  let threshold = wanted > count && count >= decimal.point ? count : wanted;
  if (shortest) threshold = SHORTEST_EXPONENT;
  const exponent = decimal.point - 1;
  if (exponent < SMALLEST_FIXED_EXPONENT || exponent >= threshold) {
    return exponentNotation(decimal, (shortest ? count : Math.min(wanted, count)) - 1, mark);
  }
  return fixedNotation(decimal, Math.max(count - decimal.point, 0));
}

function hexadecimalNotation(value: number, precision: number): string {
  if (value === 0) return `0x0${precision > 0 ? `.${'0'.repeat(precision)}` : ''}p+00`;
  let { mantissa, exponent } = binaryOf(value);
  while (mantissa >> BigInt(MANTISSA_BITS) === 0n) {
    mantissa <<= 1n;
    exponent--;
  }
  const fractionDigits = MANTISSA_BITS / 4;
  if (precision >= 0 && precision < fractionDigits) {
    const dropped = BigInt(4 * (fractionDigits - precision));
    const rest = mantissa & ((1n << dropped) - 1n);
    const half = 1n << (dropped - 1n);
    mantissa >>= dropped;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa++;
    mantissa <<= dropped;
    if (mantissa >> BigInt(MANTISSA_BITS + 1) !== 0n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const digits = (mantissa & ((1n << BigInt(MANTISSA_BITS)) - 1n)).toString(16).padStart(fractionDigits, '0');
  const fraction = precision < 0 ? stripZeros(digits) : digits.slice(0, precision).padEnd(precision, '0');
  const power = exponent + MANTISSA_BITS;
  const shownPower = String(Math.abs(power)).padStart(2, '0');
  return `0x1${fraction === '' ? '' : `.${fraction}`}p${power < 0 ? '-' : '+'}${shownPower}`;
}

function magnitude(size: number, format: FloatFormat, precision: number): string {
  switch (format) {
    case 'b': {
      const { mantissa, exponent } = binaryOf(size);
      return `${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
    }
    case 'e':
    case 'E': {
      if (precision >= 0) return exponentNotation(round(exactDecimal(size), precision + 1), precision, format);
      const shortest = shortestDecimal(size);
      return exponentNotation(shortest, shortest.digits.length - 1, format);
    }
    case 'f': {
      if (precision < 0) {
        const shortest = shortestDecimal(size);
        return fixedNotation(shortest, shortest.digits.length - shortest.point);
      }
      const exact = exactDecimal(size);
      return fixedNotation(round(exact, exact.point + precision), precision);
    }
    case 'g':
    case 'G':
      return generalNotation(size, precision, format === 'g' ? 'e' : 'E');
    case 'x':
      return hexadecimalNotation(size, precision);
    case 'X':
      return hexadecimalNotation(size, precision).toUpperCase();
  }
}

/** `strconv.FormatFloat(value, format, precision, 64)`; a negative precision asks for the shortest exact text. */
export function formatFloat(value: number, format: FloatFormat, precision: number): string {
  if (!Number.isFinite(value) || (format === 'g' && precision < 0)) return formatShortest(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + magnitude(Math.abs(value), format, precision);
}
