import { type JsonRecord, isRecord, setOwn } from '../yaml/index.ts';
import {
  DELETE_FROM_PRIMITIVE_LIST,
  PATCH,
  RETAIN_KEYS,
  applyMapDirective,
  applyRetainKeys,
  directiveTarget,
  withoutDirectives,
  withoutNullsAndDirectives,
} from './directives.ts';
import { typeName } from './go-print.ts';
import { mergeList, mergeOrderedLists } from './merge-list.ts';
import type { MergeSchema } from './schema.ts';
import type { SharedOverlay } from './shared-overlay.ts';

/**
 * A strategic merge patch put onto a map: maps merge field by field, null deletes, lists merge or replace as the schema
 * says. Neither input is changed; the result shares what it takes over.
 * @param shared the overlay that `patch` is a part of, when it is a shared one
 * @throws {MergeError}
 */
export function mergeMap(
  original: JsonRecord,
  patch: JsonRecord,
  schema: MergeSchema,
  shared?: SharedOverlay,
): JsonRecord {
  if (Object.hasOwn(patch, PATCH)) return applyMapDirective(patch);
  const merged: JsonRecord = { ...original };
  applyRetainKeys(merged, patch);
  const done = mergeOrderedLists(merged, patch, schema);
  for (const key of Object.keys(patch)) {
    if (key === RETAIN_KEYS || done.has(key)) continue;
    const deletes = key.startsWith(DELETE_FROM_PRIMITIVE_LIST);
    const name = deletes ? directiveTarget(key, DELETE_FROM_PRIMITIVE_LIST, 'primitive list') : key;
    mergeField(merged, name, patch[key], schema, deletes, shared);
  }
  return merged;
}

function mergeField(
  merged: JsonRecord,
  name: string,
  value: unknown,
  schema: MergeSchema,
  deletes: boolean,
  shared: SharedOverlay | undefined,
): void {
  if (value === null) {
    Reflect.deleteProperty(merged, name);
    return;
  }
  const current = Object.hasOwn(merged, name) ? merged[name] : undefined;
  if (current === undefined || typeName(current) !== typeName(value)) {
    if (!deletes) setOrDelete(merged, name, shared?.cleaned(value) ?? withoutNullsAndDirectives(value));
  } else if (isRecord(current) && isRecord(value)) {
    const rule = schema.field(name);
    setOwn(merged, name, rule.strategy === 'replace' ? value : mergeMap(current, value, rule.schema, shared));
  } else if (Array.isArray(current) && Array.isArray(value)) {
    setOwn(merged, name, mergeList(current, value, schema.list(name), deletes, shared));
  } else {
    setOrDelete(merged, name, withoutDirectives(value));
  }
}

function setOrDelete(merged: JsonRecord, name: string, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(merged, name);
  else setOwn(merged, name, value);
}
