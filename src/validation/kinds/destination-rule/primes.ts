/** Prime numbers among the unsigned 64-bit integers. */

/** With these bases the Miller–Rabin test makes no error below 3.3·10²⁴. */
const bases = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n];

/** Whether Istio takes the number for a prime: it also takes 1 for one. */
export function isPrime(value: bigint): boolean {
  if (value < 4n) return value > 0n;
  if (bases.includes(value)) return true;
  if (bases.some((base) => value % base === 0n)) return false;
  let odd = value - 1n;
  let halvings = 0;
  for (; odd % 2n === 0n; halvings++) odd /= 2n;
  return bases.every((base) => passes(power(base, odd, value), halvings, value));
}

function passes(start: bigint, halvings: number, value: bigint): boolean {
  if (start === 1n || start === value - 1n) return true;
  let square = start;
  for (let round = 1; round < halvings; round++) {
    square = (square * square) % value;
    if (square === value - 1n) return true;
  }
  return false;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let factor = base % modulus;
  for (let rest = exponent; rest > 0n; rest /= 2n) {
    if (rest % 2n === 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}
