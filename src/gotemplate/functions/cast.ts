/** Conversions of any value to a basic type: sprig's `strval` and the `github.com/spf13/cast` functions it uses. */
import { decodeBytes } from '../../go/utf8.ts';
import { parseFloat, parseInt } from '../../go/strconv.ts';
import { sprint1 } from '../format/print.ts';
import { indirect, Typed, type GoValue } from '../values.ts';
import { UINT8 } from '../types.ts';

const MIN_INT64 = -(1n << 63n);

/** Texts of sprig (`toString`, `join`, `quote`, …): a string as it is, everything else as `%v` prints it. */
export function strval(value: GoValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof Typed && value.type === UINT8.slice) {
    return decodeBytes(Uint8Array.from((value.data as readonly unknown[] | null) ?? [], Number));
  }
  return sprint1(value ?? null);
}

/** The number, boolean or text behind pointers and named types; undefined when the value is none. */
function scalarOf(value: GoValue): bigint | number | boolean | string | null | undefined {
  const inner = indirect(value ?? null);
  if (inner === null) return null;
  if (typeof inner !== 'object') return inner;
  if (!(inner instanceof Typed) || inner.type.kind === 'struct') return undefined;
  const { data } = inner;
  if (inner.type.kind === 'ptr') return null;
  return typeof data === 'object' ? undefined : (data as bigint | number | boolean | string);
}

/** `cast.ToInt64` (and `ToInt`, which is the same on 64 bits): 0 for what is no number. */
export function toInt64(value: GoValue): bigint {
  const scalar = scalarOf(value);
  switch (typeof scalar) {
    case 'bigint':
      return BigInt.asIntN(64, scalar);
    case 'number':
      return truncateToInt64(scalar);
    case 'boolean':
      return scalar ? 1n : 0n;
    case 'string': {
      const { value: parsed, error } = parseInt(integerPart(scalar), 0, 64);
      return error === undefined ? parsed : 0n;
    }
    default:
      return 0n;
  }
}

/** Go's conversion on amd64: what does not fit becomes the smallest integer. */
export function truncateToInt64(value: number): bigint {
  const inRange = value >= -(2 ** 63) && value < 2 ** 63;
  return inRange ? BigInt(Math.trunc(value)) : MIN_INT64;
}

/** Decimals are cut off before a text is parsed as integer; other texts stay as they are. */
function integerPart(text: string): string {
  const match = /^([-+]?\d*)\.\d*$/.exec(text);
  if (match === null) return text;
  const [, whole = ''] = match;
  return /\d/.test(whole) ? whole : `${whole}0`;
}

/** `cast.ToFloat64`: 0 for what is no number. */
export function toFloat64(value: GoValue): number {
  const scalar = scalarOf(value);
  switch (typeof scalar) {
    case 'bigint':
    case 'number':
      return Number(scalar);
    case 'boolean':
      return scalar ? 1 : 0;
    case 'string': {
      const { value: parsed, error } = parseFloat(scalar);
      return error === undefined ? parsed : 0;
    }
    default:
      return 0;
  }
}
