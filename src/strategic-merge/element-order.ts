/** The order of the elements of a merged list: those of the patch in its order, the others where they were. */
import { type JsonRecord, isRecord } from '../yaml/index.ts';
import { PATCH, asMap, noMergeKey } from './directives.ts';
import { MergeError } from './error.ts';

/** The value that identifies an element: the element itself in a list of scalars. */
function identity(element: unknown, mergeKey: string): unknown {
  if (mergeKey === '') return element;
  return isRecord(element) && Object.hasOwn(element, mergeKey) ? element[mergeKey] : undefined;
}

/** Maps and lists are no identities: Go cannot compare two of a kind, and crashes. */
export function comparable(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) throw new MergeError('a merge key must be a scalar');
  return value;
}

/** Index of the first map with this value of the merge key, which is that of no map where it is no scalar; -1 when there is none. */
export function findByKey(list: readonly unknown[], mergeKey: string, value: unknown): number {
  for (let index = 0; index < list.length; index++) {
    const element = list[index];
    if (!isRecord(element)) throw new MergeError(`value for key ${String(index)} is not a map`);
    if (Object.hasOwn(element, mergeKey) && element[mergeKey] === value) return index;
  }
  return -1;
}

/** The merge key of an element that must have one. */
export function mergeKeyOf(element: JsonRecord, mergeKey: string): unknown {
  if (!Object.hasOwn(element, mergeKey)) throw noMergeKey(element, mergeKey);
  return element[mergeKey];
}

/** Whether all elements of both lists are maps with a text of their own as merge key, which is the rule. */
export function haveDistinctKeys(left: readonly unknown[], right: readonly unknown[], mergeKey: string): boolean {
  const seen = new Set<string>();
  for (const list of [left, right]) {
    for (const element of list) {
      if (!isRecord(element) || !Object.hasOwn(element, mergeKey)) return false;
      const key = element[mergeKey];
      if (typeof key !== 'string' || seen.size === seen.add(key).size) return false;
    }
  }
  return true;
}

/** First position of each identity; elements without one are left out. */
export function positions(list: readonly unknown[], mergeKey: string): Map<unknown, number> {
  const found = new Map<unknown, number>();
  list.forEach((element, index) => {
    const key = identity(element, mergeKey);
    if (key !== undefined && !found.has(key)) found.set(key, index);
  });
  return found;
}

/**
 * Orders a merged list. Elements that `patchOrder` names follow it, the others follow `originalOrder`; where the two meet,
 * one of the others comes first only if it stood before that patch element in the original.
 */
export function orderMerged(
  merged: readonly unknown[],
  patchOrder: readonly unknown[],
  originalOrder: readonly unknown[],
  mergeKey: string,
): unknown[] {
  if (mergeKey !== '') checkKeys(merged, patchOrder, originalOrder, mergeKey);
  // Go crashes on these.
  else patchOrder.forEach(comparable);
  const inPatch = positions(patchOrder, mergeKey);
  const inOriginal = positions(originalOrder, mergeKey);
  // A single element is compared with none.
  const isPatched = (element: unknown): boolean =>
    merged.length + inPatch.size > 1 && inPatch.has(comparable(identity(element, mergeKey)));
  const patched = sortByPosition(merged.filter(isPatched), inPatch, mergeKey);
  const others = sortByPosition(
    merged.filter((element) => !isPatched(element)),
    inOriginal,
    mergeKey,
  );
  return interleave(others, patched, inOriginal, mergeKey);
}

/** Everything that is ordered must be a map with the merge key; checked in Go's order, for its messages. */
function checkKeys(
  merged: readonly unknown[],
  patchOrder: readonly unknown[],
  originalOrder: readonly unknown[],
  mergeKey: string,
): void {
  const keys = merged.map((item) => mergeKeyOf(asMap(item), mergeKey));
  if (!patchOrder.every(isRecord)) keys.forEach((key) => findByKey(patchOrder, mergeKey, key));
  for (const item of patchOrder) mergeKeyOf(asMap(item), mergeKey);
  for (const item of originalOrder) mergeKeyOf(asMap(item), mergeKey);
}

/**
 * Stable sort by position. An element without one goes before those it is compared with, as in Go, whose comparison calls
 * it smaller than anything; those marked for deletion go last.
 */
function sortByPosition(
  elements: readonly unknown[],
  order: ReadonlyMap<unknown, number>,
  mergeKey: string,
): unknown[] {
  const place = (element: unknown): number | undefined => order.get(identity(element, mergeKey));
  const isMarked = (element: unknown): boolean => mergeKey !== '' && isRecord(element) && element[PATCH] === 'delete';
  if (elements.every((element) => place(element) !== undefined && !isMarked(element))) {
    return elements.toSorted((left, right) => (place(left) ?? 0) - (place(right) ?? 0));
  }
  const sorted: unknown[] = [];
  const marked: unknown[] = [];
  for (const element of elements) {
    if (isMarked(element)) {
      marked.push(element);
      continue;
    }
    const position = place(element);
    let at = sorted.length;
    while (at > 0) {
      const before = place(sorted[at - 1]);
      if (position !== undefined && before !== undefined && position >= before) break;
      at--;
    }
    sorted.splice(at, 0, element);
  }
  return [...sorted, ...marked];
}

function interleave(
  others: readonly unknown[],
  patched: readonly unknown[],
  inOriginal: ReadonlyMap<unknown, number>,
  mergeKey: string,
): unknown[] {
  const result: unknown[] = [];
  let next = 0;
  for (const element of patched) {
    const position = inOriginal.get(identity(element, mergeKey));
    while (next < others.length) {
      const other = inOriginal.get(identity(others[next], mergeKey));
      if (position === undefined || other === undefined || other >= position) break;
      result.push(others[next++]);
    }
    result.push(element);
  }
  return [...result, ...others.slice(next)];
}
