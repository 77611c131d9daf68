/** The keys of a patch that say how to merge: `$patch`, `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`. */
import { type JsonRecord, isRecord } from '../yaml/index.ts';
import { MergeError } from './error.ts';
import { printAsString, printValue, typeName } from './go-print.ts';
import type { SharedParts } from './shared-parts.ts';

export const PATCH = '$patch';
export const RETAIN_KEYS = '$retainKeys';
export const SET_ELEMENT_ORDER = '$setElementOrder';
export const DELETE_FROM_PRIMITIVE_LIST = '$deleteFromPrimitiveList';

export function badPatchType(directive: unknown, patch: JsonRecord): MergeError {
  return new MergeError(`unknown patch type: ${printAsString(directive)} in map: ${printValue(patch)}`);
}

export function noMergeKey(element: JsonRecord, mergeKey: string): MergeError {
  return new MergeError(`map: ${printValue(element)} does not contain declared merge key: ${mergeKey}`);
}

export function badType(expected: unknown, actual: unknown): MergeError {
  return new MergeError(`expected a ${typeName(expected)}, but received a ${typeName(actual)}`);
}

/** A list element that must be a map. */
export function asMap(element: unknown): JsonRecord {
  if (isRecord(element)) return element;
  throw badType({}, element);
}

export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw badType([], value);
}

/** The field that a directive's key names after its `/`. */
export function directiveTarget(key: string, prefix: string, problem: string): string {
  if (!key.startsWith(`${prefix}/`)) throw new MergeError(`invalid patch format of ${problem}`);
  return key.slice(prefix.length + 1);
}

/** `$patch` in a map: `replace` takes the rest of the patch for the whole map, `delete` empties it. */
export function applyMapDirective(patch: JsonRecord): JsonRecord {
  const { [PATCH]: directive, ...rest } = patch;
  if (directive === 'replace') return rest;
  if (directive === 'delete') return {};
  throw badPatchType(directive, patch);
}

/** `$retainKeys`: what it does not name is cleared from `target` (a copy that may be changed) before merging. */
export function applyRetainKeys(target: JsonRecord, patch: JsonRecord): void {
  if (!Object.hasOwn(patch, RETAIN_KEYS)) return;
  const list = patch[RETAIN_KEYS];
  const problem = new MergeError('invalid patch format of retainKeys');
  // Go crashes on a map or list among the keys.
  if (!Array.isArray(list) || list.some((key) => typeof key === 'object' && key !== null)) throw problem;
  const retained = new Set<unknown>(list);
  for (const [key, value] of Object.entries(patch)) {
    const isDirective =
      key === RETAIN_KEYS || key.startsWith(DELETE_FROM_PRIMITIVE_LIST) || key.startsWith(SET_ELEMENT_ORDER);
    if (value !== null && !isDirective && !retained.has(key)) throw problem;
  }
  for (const key of Object.keys(target)) {
    if (!retained.has(key)) Reflect.deleteProperty(target, key);
  }
}

/**
 * A value of the patch that meets nothing in the original: nulls in it delete nothing, and directives have no effect.
 * @param common parts that the value may have in common with others
 */
export function withoutNullsAndDirectives(value: unknown, common?: SharedParts): unknown {
  return isPlain(value, common) ? value : withoutDirectives(withoutNulls(value));
}

/** Whether there are no nulls and no directives in a value, which is the rule. */
function isPlain(value: unknown, common: SharedParts | undefined): boolean {
  if (typeof value !== 'object') return true;
  if (value === null) return false;
  if (common?.has(value) === true) return common.cleaned(value, withoutNullsAndDirectives) === value;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, common));
  if (Object.hasOwn(value, PATCH)) return false;
  for (const key of Object.keys(value)) if (!isPlain((value as JsonRecord)[key], common)) return false;
  return true;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return mapItems(value, withoutNulls);
  if (!isRecord(value)) return value;
  return mapEntries(value, (item) => (item === null ? undefined : withoutNulls(item)));
}

/** Leaves out maps with a `$patch` of their own; undefined when the value itself is one. */
export function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return mapItems(value, withoutDirectives);
  if (!isRecord(value)) return value;
  if (Object.hasOwn(value, PATCH)) return undefined;
  return mapEntries(value, withoutDirectives);
}

/** Like `map` without the undefined results; the same list when nothing changes. */
function mapItems(list: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  let copy: unknown[] | undefined;
  list.forEach((item, index) => {
    const changed = change(item);
    if (changed !== item) copy ??= list.slice(0, index);
    if (changed !== undefined) copy?.push(changed);
  });
  return copy ?? list;
}

/** The same for the values of a map. */
function mapEntries(record: JsonRecord, change: (item: unknown) => unknown): JsonRecord {
  let copy: JsonRecord | undefined;
  for (const key of Object.keys(record)) {
    const item = record[key];
    const changed = change(item);
    if (changed === item) continue;
    copy ??= { ...record };
    if (changed === undefined) Reflect.deleteProperty(copy, key);
    else Object.defineProperty(copy, key, { value: changed });
  }
  return copy ?? record;
}
