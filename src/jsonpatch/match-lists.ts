import { deepEqual, isObject } from './equal.ts';

/**
 * Which elements of two lists belong together: for each element of `target` the index of its partner in `base`, or -1.
 * Partners keep their order, so everything else is an insertion or a removal.
 */
export function matchLists(base: readonly unknown[], target: readonly unknown[]): Int32Array {
  const partners = new Int32Array(target.length).fill(-1);
  const shorter = Math.min(base.length, target.length);
  let start = 0;
  while (start < shorter && belongTogether(base[start], target[start])) {
    partners[start] = start;
    start++;
  }
  let baseEnd = base.length;
  let targetEnd = target.length;
  while (baseEnd > start && targetEnd > start && belongTogether(base[baseEnd - 1], target[targetEnd - 1])) {
    partners[--targetEnd] = --baseEnd;
  }
  matchMiddle(base, target, start, baseEnd, targetEnd, partners);
  pairGaps(base.length, partners);
  return partners;
}

/** Where as many elements came as went between the same neighbours, each is taken for a change of the other. */
function pairGaps(baseLength: number, partners: Int32Array): void {
  let next = 0;
  for (let start = 0; start < partners.length;) {
    let end = start;
    while (end < partners.length && partners[end] === -1) end++;
    const nextKept = end < partners.length ? (partners[end] ?? 0) : baseLength;
    if (end - start === nextKept - next) {
      for (let index = start; index < end; index++) partners[index] = next + index - start;
    }
    next = nextKept + 1;
    start = end + 1;
  }
}

/** Objects with a name go by it; everything else must be equal. */
function belongTogether(left: unknown, right: unknown): boolean {
  const name = nameOf(left);
  return name === undefined ? deepEqual(left, right) : name === nameOf(right);
}

/** Whether two elements are different things rather than two states of one. */
export function haveOtherNames(left: unknown, right: unknown): boolean {
  return nameOf(left) !== nameOf(right);
}

/** What identifies an element: containers, volumes, ports and variables have a name. */
function nameOf(value: unknown): unknown {
  return isObject(value) && Object.hasOwn(value, 'name') && typeof value['name'] === 'string'
    ? value['name']
    : undefined;
}

/** A text that partners share: the name, or the value itself. */
function identity(value: unknown): string {
  const name = nameOf(value);
  return name === undefined ? `=${JSON.stringify(value)}` : `#${String(name)}`;
}

/**
 * Matches what is left between the common ends: each element to the first of its kind, then keeps the longest run of
 * matches that are in order (patience sorting, n log n).
 */
function matchMiddle(
  base: readonly unknown[],
  target: readonly unknown[],
  start: number,
  baseEnd: number,
  targetEnd: number,
  partners: Int32Array,
): void {
  if (start === baseEnd || start === targetEnd) return;
  const places = new Map<string, number[]>();
  for (let index = baseEnd - 1; index >= start; index--) {
    const key = identity(base[index]);
    const list = places.get(key);
    if (list === undefined) places.set(key, [index]);
    else list.push(index);
  }
  const pairs: { target: number; base: number }[] = [];
  for (let index = start; index < targetEnd; index++) {
    const place = places.get(identity(target[index]))?.pop();
    if (place !== undefined) pairs.push({ target: index, base: place });
  }
  for (const pair of longestAscending(pairs)) partners[pair.target] = pair.base;
}

function longestAscending(pairs: readonly { target: number; base: number }[]): { target: number; base: number }[] {
  /** For each length, the index of the pair with the smallest base that ends such a run. */
  const tails: number[] = [];
  const previous = new Int32Array(pairs.length).fill(-1);
  pairs.forEach((pair, index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] ?? 0]?.base ?? 0) < pair.base) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[index] = tails[low - 1] ?? -1;
    tails[low] = index;
  });
  const run: { target: number; base: number }[] = [];
  for (let index = tails.at(-1) ?? -1; index !== -1; index = previous[index] ?? -1) {
    const pair = pairs[index];
    if (pair !== undefined) run.push(pair);
  }
  return run.reverse();
}
