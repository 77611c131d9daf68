/** Floating-point functions whose last bits differ between languages. */

/** Exponents beyond this overflow or vanish whatever the mantissa. */
const EXPONENT_LIMIT = 4096;

/**
 * `math.Pow(10, n)` for an integer n, bit for bit: Go multiplies squares of the base, kept as a mantissa in [0.5, 1) and an exponent of two,
 * so its powers of ten are not the nearest floats.
 */
export function powerOf10(n: number): number {
  let mantissa = 1;
  let exponent = 0;
  let square = 0.625;
  let squareExponent = 4;
  for (let left = Math.abs(n); left !== 0; left = Math.floor(left / 2)) {
    if (Math.abs(squareExponent) > EXPONENT_LIMIT) {
      exponent += squareExponent;
      break;
    }
    if (left % 2 === 1) {
      mantissa *= square;
      exponent += squareExponent;
    }
    square *= square;
    squareExponent *= 2;
    if (square < 0.5) {
      square += square;
      squareExponent--;
    }
  }
  return n < 0 ? scale(1 / mantissa, -exponent) : scale(mantissa, exponent);
}

/** `math.Ldexp`: value × 2^exponent, in steps that cannot overflow early. */
function scale(value: number, exponent: number): number {
  const first = Math.max(-1000, Math.min(1000, exponent));
  const second = Math.max(-1000, Math.min(1000, exponent - first));
  return value * 2 ** first * 2 ** second;
}
