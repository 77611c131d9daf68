/** Exact decimal arithmetic as `github.com/shopspring/decimal` does it: coefficient × 10^exponent. */
import { formatExponent, formatShortest } from './ftoa.ts';

/** Digits after the point that a division keeps. */
const DIVISION_PRECISION = 16;

/** Worded as the package's panics. */
export class DecimalError extends Error {
  override name = 'DecimalError';
}

/** `decimal.Decimal` */
export class Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;

  constructor(coefficient: bigint, exponent: number) {
    this.coefficient = coefficient;
    this.exponent = exponent;
  }

  /** `NewFromFloat`: the shortest decimal that is this float. Throws {@link DecimalError} for NaN and infinities. */
  static fromFloat(value: number): Decimal {
    if (!Number.isFinite(value)) throw new DecimalError(`Cannot create a Decimal from ${formatShortest(value)}`);
    const [mantissa = '0', exponent = '0'] = formatExponent(value).split('e');
    const [whole = '0', fraction = ''] = mantissa.split('.');
    return new Decimal(BigInt(whole + fraction), value === 0 ? 0 : Number(exponent) - fraction.length);
  }

  add(other: Decimal): Decimal {
    const exponent = Math.min(this.exponent, other.exponent);
    return new Decimal(this.#scaled(exponent) + other.#scaled(exponent), exponent);
  }

  sub(other: Decimal): Decimal {
    return this.add(new Decimal(-other.coefficient, other.exponent));
  }

  mul(other: Decimal): Decimal {
    return new Decimal(this.coefficient * other.coefficient, this.exponent + other.exponent);
  }

  /** `Div`: rounded half away from zero at 16 digits after the point. Throws {@link DecimalError} for a zero divisor. */
  div(other: Decimal): Decimal {
    if (other.coefficient === 0n) throw new DecimalError('decimal division by 0');
    const shift = this.exponent - other.exponent + DIVISION_PRECISION;
    const dividend = this.coefficient * 10n ** BigInt(Math.max(shift, 0));
    const divisor = other.coefficient * 10n ** BigInt(Math.max(-shift, 0));
    const quotient = dividend / divisor;
    const twiceRest = 2n * magnitude(dividend % divisor);
    const step = dividend < 0n === divisor < 0n ? 1n : -1n;
    return new Decimal(twiceRest < magnitude(divisor) ? quotient : quotient + step, -DIVISION_PRECISION);
  }

  /** `Float64`: the nearest float. */
  toFloat(): number {
    return Number(`${String(this.coefficient)}e${String(this.exponent)}`);
  }

  #scaled(exponent: number): bigint {
    return this.coefficient * 10n ** BigInt(this.exponent - exponent);
  }
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
