import { FunctionError } from '../function.ts';
import { Typed, type GoValue } from '../values.ts';
import { deepEqual } from './deep-equal.ts';
import { MAX_COMPARISONS } from './limits.ts';

/** A set of values by `reflect.DeepEqual`. Scalars are found by their text, so that long lists of them stay cheap. */
export class ValueSet {
  readonly #scalars = new Set<string>();
  readonly #others: GoValue[] = [];
  #comparisons = 0;

  has(value: GoValue): boolean {
    const key = scalarKey(value);
    if (key !== undefined) return this.#scalars.has(key);
    this.#comparisons += this.#others.length;
    if (this.#comparisons > MAX_COMPARISONS) throw new FunctionError('too many comparisons');
    return this.#others.some((other) => deepEqual(other, value));
  }

  /** Adds a value; false when it was there already. */
  add(value: GoValue): boolean {
    if (this.has(value)) return false;
    const key = scalarKey(value);
    if (key === undefined) this.#others.push(value);
    else this.#scalars.add(key);
    return true;
  }
}

/** Type and content of a value that equals another exactly when this text does; NaN, which never does, has none. */
function scalarKey(value: GoValue): string | undefined {
  if (value == null) return 'nil';
  if (typeof value === 'number') return Number.isNaN(value) ? undefined : `float64 ${String(value)}`;
  if (typeof value !== 'object') return `${typeof value} ${String(value)}`;
  if (value instanceof Typed && typeof value.data === 'bigint') return `${value.type.name} ${String(value.data)}`;
  return undefined;
}
