/**
 * Capacities of Go slices, which show in one place: `slice` may reach beyond the length of a list, up to its capacity, and finds nil there.
 */
import type { GoValue } from '../values.ts';

const exact = new WeakMap<readonly GoValue[], number>();

/** Largest list whose capacity, grown element by element, is the next power of two. */
const DOUBLING_LIMIT = 512;

/** Notes that a list was made in one piece; gives it back. */
export function withCapacity(list: GoValue[], capacity = list.length): GoValue[] {
  exact.set(list, capacity);
  return list;
}

/** Lists that were not made in one piece were appended to, as those decoded from JSON: their capacity doubled when it was used up. */
export function capacityOf(list: readonly GoValue[]): number {
  const known = exact.get(list);
  if (known !== undefined) return known;
  return list.length > DOUBLING_LIMIT ? list.length : 2 ** Math.ceil(Math.log2(Math.max(list.length, 1)));
}
