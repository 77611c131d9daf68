/** sprig's arithmetic (`numeric.go`): 64-bit integers that wrap around, and floats computed as exact decimals. */
import { Decimal } from '../../../go/decimal.ts';
import { powerOf10 } from '../../../go/math.ts';
import { parseInt } from '../../../go/strconv.ts';
import { sprint } from '../../format/print.ts';
import { define, FunctionError } from '../../function.ts';
import type { GoValue } from '../../values.ts';
import { toFloat64, toInt64 } from '../cast.ts';
import { orFail } from '../failures.ts';
import { checkListLength } from '../limits.ts';

const wrapAround = (value: bigint): bigint => BigInt.asIntN(64, value);

function integerQuotient(a: GoValue, b: GoValue): bigint {
  return wrapAround(toInt64(a) / divisor(b));
}

function remainder(a: GoValue, b: GoValue): bigint {
  return toInt64(a) % divisor(b);
}

function divisor(value: GoValue): bigint {
  const number = toInt64(value);
  if (number === 0n) throw new FunctionError('runtime error: integer divide by zero');
  return number;
}

const sum = (...values: GoValue[]): bigint => values.reduce<bigint>((total, v) => wrapAround(total + toInt64(v)), 0n);

const product = (...values: GoValue[]): bigint =>
  values.reduce<bigint>((total, v) => wrapAround(total * toInt64(v)), 1n);

const largest = (...values: GoValue[]): bigint => values.map(toInt64).reduce((a, b) => (b > a ? b : a));
const smallest = (...values: GoValue[]): bigint => values.map(toInt64).reduce((a, b) => (b < a ? b : a));

type Operation = 'add' | 'sub' | 'mul' | 'div';

function decimals(operation: Operation, first: GoValue, rest: readonly GoValue[]): number {
  return orFail(() => {
    let result = Decimal.fromFloat(toFloat64(first));
    for (const value of rest) result = result[operation](Decimal.fromFloat(toFloat64(value)));
    return result.toFloat();
  });
}

const decimalFunction =
  (operation: Operation) =>
  (first: GoValue, ...rest: GoValue[]): number =>
    decimals(operation, first, rest);

/** Rounds up when the part cut off is at least `roundOn`, else down (not away from zero). */
function round(value: GoValue, places: bigint, roundOn = 0.5): number {
  const power = powerOf10(Number(places));
  const digits = power * toFloat64(value);
  const fraction = digits - Math.trunc(digits);
  return (fraction >= roundOn ? Math.ceil(digits) : Math.floor(digits)) / power;
}

/** `untilStep`: empty when the step leads away from the end. */
function steps(start: bigint, stop: bigint, step: bigint): bigint[] {
  const distance = stop - start;
  if (step === 0n || distance === 0n || distance > 0n !== step > 0n) return [];
  const count = (distance + step - (step > 0n ? 1n : -1n)) / step;
  checkListLength(Number(count));
  return Array.from({ length: Number(count) }, (_, i) => start + BigInt(i) * step);
}

/** `seq end`, `seq start end` or `seq start step end`, like the shell command. */
function sequence(...params: bigint[]): string {
  if (params.length < 1 || params.length > 3) return '';
  const [first = 0n, second = 0n, third = 0n] = params;
  const start = params.length === 1 ? 1n : first;
  const end = params.length === 1 ? first : params.length === 2 ? second : third;
  const direction = end < start ? -1n : 1n;
  const step = params.length === 3 ? second : direction;
  if (params.length === 3 && direction < 0n && step > 0n) return '';
  return steps(start, end + direction, step).join(' ');
}

function octal(value: GoValue): bigint {
  const { value: number, error } = parseInt(sprint([value]), 8, 64);
  return error === undefined ? number : 0n;
}

const SUM = 'func(...interface {}) int64';
const PAIR = 'func(interface {}, interface {}) int64';
const FOLD = 'func(interface {}, ...interface {}) int64';
const FLOAT_SUM = 'func(...interface {}) float64';
const FLOAT_FOLD = 'func(interface {}, ...interface {}) float64';
const FLOAT = 'func(interface {}) float64';

export const mathFunctions = [
  define('int64', 'func(interface {}) int64', toInt64),
  define('int', 'func(interface {}) int', toInt64),
  define('float64', FLOAT, toFloat64),
  define('toDecimal', 'func(interface {}) int64', octal),
  define('add1', 'func(interface {}) int64', (value: GoValue) => wrapAround(toInt64(value) + 1n)),
  define('add', SUM, sum),
  define('sub', PAIR, (a: GoValue, b: GoValue) => wrapAround(toInt64(a) - toInt64(b))),
  define('div', PAIR, integerQuotient),
  define('mod', PAIR, remainder),
  define('mul', FOLD, product),
  define('max', FOLD, largest),
  define('biggest', FOLD, largest),
  define('min', FOLD, smallest),
  define('add1f', FLOAT, (value: GoValue) => decimals('add', value, [1])),
  define('addf', FLOAT_SUM, (...values: GoValue[]) => decimals('add', 0, values)),
  define('subf', FLOAT_FOLD, decimalFunction('sub')),
  define('divf', FLOAT_FOLD, decimalFunction('div')),
  define('mulf', FLOAT_FOLD, decimalFunction('mul')),
  define('maxf', FLOAT_FOLD, (...values: GoValue[]) => Math.max(...values.map(toFloat64))),
  define('minf', FLOAT_FOLD, (...values: GoValue[]) => Math.min(...values.map(toFloat64))),
  define('ceil', FLOAT, (value: GoValue) => Math.ceil(toFloat64(value))),
  define('floor', FLOAT, (value: GoValue) => Math.floor(toFloat64(value))),
  define('round', 'func(interface {}, int, ...float64) float64', round),
  define('until', 'func(int) []int', (count: bigint) => steps(0n, count, count < 0n ? -1n : 1n)),
  define('untilStep', 'func(int, int, int) []int', steps),
  define('seq', 'func(...int) string', sequence),
];
