import { type JsonRecord, isRecord } from '../yaml/index.ts';
import {
  PATCH,
  SET_ELEMENT_ORDER,
  asList,
  asMap,
  badPatchType,
  badType,
  directiveTarget,
  withoutDirectives,
} from './directives.ts';
import { comparable, findByKey, haveDistinctKeys, mergeKeyOf, orderMerged, positions } from './element-order.ts';
import { MergeError } from './error.ts';
import { printValue, typeName } from './go-print.ts';
import { mergeMap } from './merge.ts';
import type { FieldRule, MergeSchema } from './schema.ts';
import type { SharedOverlay } from './shared-overlay.ts';

/** Merges two lists by their field's rule; `deletes` takes the patch's scalars away instead. */
export function mergeList(
  original: readonly unknown[],
  patch: readonly unknown[],
  rule: FieldRule,
  deletes: boolean,
  shared?: SharedOverlay,
): readonly unknown[] {
  if (rule.strategy !== 'merge' && !deletes) return patch;
  if (original.length === 0 && patch.length === 0) return original;
  if (elementType(original, patch) !== 'map') return mergeScalars(original, patch, rule.mergeKey, deletes);
  const { mergeKey, schema } = rule;
  if (mergeKey === '') throw new MergeError(`cannot merge lists without merge key for ${schema.kind}`);
  const { base, elements } = applyElementDirectives(original, patch, mergeKey);
  // What the patch brings and the original does not have comes first.
  if (haveDistinctKeys(elements, base, mergeKey)) return [...elements, ...base];
  return orderMerged(mergeElements(base, elements, mergeKey, schema, shared), elements, base, mergeKey);
}

function mergeScalars(
  original: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
  deletes: boolean,
): readonly unknown[] {
  if (deletes) {
    const removed = new Set(patch);
    return original.filter((item) => !removed.has(item));
  }
  const { merged, originalOrder } = joinScalars(original, patch);
  return orderMerged(merged, patch, originalOrder, mergeKey);
}

/**
 * The scalars of both lists, each once. Go puts the last one in the place of one that occurs again, and does so inside the
 * original list when that has room for the patch behind it; its order then shows in `originalOrder`.
 */
function joinScalars(
  original: readonly unknown[],
  patch: readonly unknown[],
): { merged: readonly unknown[]; originalOrder: readonly unknown[] } {
  const places = [...original, ...patch];
  // Lists decoded from JSON have room for the next power of two.
  const room = original.length === 0 ? 0 : 2 ** Math.ceil(Math.log2(original.length));
  let last = places.length - 1;
  for (let index = 0; index < last; index++) {
    for (let other = index + 1; other <= last;) {
      if (places[index] === places[other]) places[other] = places[last--];
      else other++;
    }
  }
  const originalOrder = places.length <= room ? places.slice(0, original.length) : original;
  return { merged: places.slice(0, last + 1), originalOrder };
}

/** All elements of both lists must be of one type, and not lists. */
function elementType(original: readonly unknown[], patch: readonly unknown[]): 'map' | 'scalar' {
  const first = original.length > 0 ? original[0] : patch[0];
  const type = typeName(first);
  for (const element of original) if (typeName(element) !== type) throw differentTypes(original, patch);
  for (const element of patch) if (typeName(element) !== type) throw differentTypes(original, patch);
  if (first === undefined) throw new MergeError('no elements in any of the given slices');
  if (Array.isArray(first)) throw new MergeError('lists of lists are not supported');
  if (first === null) throw new MergeError('lists of nulls are not supported');
  return isRecord(first) ? 'map' : 'scalar';
}

function differentTypes(original: readonly unknown[], patch: readonly unknown[]): MergeError {
  return new MergeError(`list element types are not identical: ${printValue([original, patch])}`);
}

/** `$patch` in elements: `delete` takes away what has the same key, `replace` (of any element) all that was there. */
function applyElementDirectives(
  original: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
): { base: readonly unknown[]; elements: readonly unknown[] } {
  const elements: unknown[] = [];
  let base = original;
  let replaces = false;
  for (const item of patch) {
    const element = asMap(item);
    if (!Object.hasOwn(element, PATCH)) {
      elements.push(element);
      continue;
    }
    const directive = element[PATCH];
    if (directive === 'delete') {
      const key = mergeKeyOf(element, mergeKey);
      if (findByKey(base, mergeKey, key) !== -1) base = base.filter((other) => asMap(other)[mergeKey] !== key);
    } else if (directive === 'replace') {
      replaces = true;
    } else if (directive === 'merge') {
      throw new MergeError('merging lists cannot yet be specified in the patch');
    } else {
      throw badPatchType(directive, element);
    }
  }
  return replaces ? { base: elements, elements: [] } : { base, elements };
}

/** Merges each element into the first with its key, or appends it as it is. */
function mergeElements(
  original: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
  schema: MergeSchema,
  shared: SharedOverlay | undefined,
): unknown[] {
  const merged = [...original];
  const places = positions(original, mergeKey);
  for (const item of patch) {
    const element = asMap(item);
    const key = comparable(mergeKeyOf(element, mergeKey));
    const at = places.get(key);
    if (at === undefined) places.set(key, merged.push(element) - 1);
    else merged[at] = mergeMap(asMap(merged[at]), element, schema, shared);
  }
  return merged;
}

/**
 * `$setElementOrder/<list>`: merges that list and puts it into the given order. Writes into `target` and returns the keys
 * of the patch that are done with.
 */
export function mergeOrderedLists(target: JsonRecord, patch: JsonRecord, schema: MergeSchema): ReadonlySet<string> {
  const done = new Set<string>();
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(SET_ELEMENT_ORDER)) continue;
    done.add(key);
    const order = asList(patch[key]);
    const name = directiveTarget(key, SET_ELEMENT_ORDER, 'setElementOrder list');
    const original = Object.hasOwn(target, name) ? asList(target[name]) : undefined;
    const patched = Object.hasOwn(patch, name) ? asList(patch[name]) : undefined;
    const rule = schema.list(name);
    if (patched !== undefined) checkOrder(patched, order, rule.mergeKey);
    let merged: readonly unknown[];
    let originalOrder = original ?? [];
    if (patched === undefined) {
      if (original === undefined) continue;
      merged = original;
    } else {
      merged = original === undefined ? asList(withoutDirectives(patched)) : mergeList(original, patched, rule, false);
      originalOrder = orderLeftByMerge(originalOrder, patched, rule);
    }
    elementType(original ?? [], patched ?? []);
    target[name] = orderMerged(merged, order, originalOrder, rule.mergeKey);
    done.add(name);
  }
  return done;
}

/**
 * The order that the original list shows once it was merged. Go deletes from it and appends to it in place, so where the
 * patch deletes elements, the places at its end hold new elements, or old ones twice.
 */
function orderLeftByMerge(
  original: readonly unknown[],
  patch: readonly unknown[],
  { strategy, mergeKey }: FieldRule,
): readonly unknown[] {
  if (strategy !== 'merge') return original;
  if (mergeKey === '') return joinScalars(original, patch).originalOrder;
  const isDeletion = (item: unknown): boolean => isRecord(item) && item[PATCH] === 'delete';
  if (!patch.some(isDeletion)) return original;
  const places = [...original];
  let length = places.length;
  for (const item of patch.filter(isDeletion)) {
    const key = asMap(item)[mergeKey];
    let at = findByKey(places, mergeKey, key);
    while (at !== -1) {
      places.copyWithin(at, at + 1, length--);
      at = findByKey(places.slice(0, length), mergeKey, key);
    }
  }
  for (const item of patch) {
    const element = asMap(item);
    if (Object.hasOwn(element, PATCH) || length >= places.length) continue;
    if (findByKey(places.slice(0, length), mergeKey, element[mergeKey]) === -1) places[length++] = element;
  }
  return places;
}

/** The elements of the patch must occur in the order list, in its order. */
function checkOrder(patch: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (order.length === 0 || patch.length === 0) return;
  const elements = mergeKey === '' ? patch : patch.filter((item) => asMap(item)[PATCH] !== 'delete');
  let index = 0;
  let position = 0;
  while (index < elements.length && position < order.length) {
    const element = elements[index];
    if (isRecord(element) && Object.hasOwn(element, PATCH)) {
      index++;
      continue;
    }
    if (sameKey(element, order[position], mergeKey)) index++;
    position++;
  }
  if (index < elements.length && position >= order.length) {
    const lists = `${printValue(patch)}\n doesn't match ${SET_ELEMENT_ORDER} list:\n${printValue(order)}\n`;
    throw new MergeError(`The order in patch list:\n${lists}`);
  }
}

function sameKey(left: unknown, right: unknown, mergeKey: string): boolean {
  if (mergeKey === '') return left === right;
  if (!isRecord(left)) throw badType({}, left);
  if (!isRecord(right)) throw badType({}, right);
  return mergeKeyOf(left, mergeKey) === mergeKeyOf(right, mergeKey);
}
