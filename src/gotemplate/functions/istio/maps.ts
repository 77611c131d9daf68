/** Istio's functions over maps of strings and over values that may be missing. */
import { encodeJson } from '../../../go/json-encode.ts';
import { define } from '../../function.ts';
import { sprint1 } from '../../format/print.ts';
import { isPlainMap, type GoMap, type GoValue } from '../../values.ts';
import { assign, lookup, newMap } from '../maps.ts';

type StringMap = Readonly<Record<string, string>> | null;

const isset = (map: StringMap, key: string): boolean => lookup(map, key) !== undefined;

interface ObjectMeta {
  readonly annotations?: StringMap;
}

/** The annotation if there is one, also an empty one; else the default as `%v` prints it. */
function annotation(meta: ObjectMeta | null, name: string, fallback: GoValue): string {
  return lookup(meta?.annotations ?? null, name) ?? sprint1(fallback);
}

const valueOrDefault = (value: GoValue, fallback: GoValue): GoValue =>
  value === null || value === '' ? fallback : value;

/** `json.Marshal` of a string map; nil is `{}`. */
const toJSON = (map: StringMap): string => encodeJson(map ?? {});

/** Later maps win; no maps at all are nil. */
function mergeMaps(...maps: readonly StringMap[]): StringMap {
  if (maps.length === 0) return null;
  const merged = newMap<string>();
  for (const map of maps) for (const key of Object.keys(map ?? {})) assign(merged, key, lookup(map, key) ?? '');
  return merged;
}

function omit(map: StringMap, ...keys: string[]): StringMap {
  const omitted = new Set(keys);
  const kept = newMap<string>();
  for (const key of Object.keys(map ?? {})) if (!omitted.has(key)) assign(kept, key, lookup(map, key) ?? '');
  return kept;
}

/** Keys and values in turn; a last key without value gets the empty text. */
function strdict(...pairs: readonly string[]): StringMap {
  const map = newMap<string>();
  for (let i = 0; i < pairs.length; i += 2) assign(map, pairs[i] ?? '', pairs[i + 1] ?? '');
  return map;
}

/**
 * Removes nil entries of maps and lists at any depth; a container that becomes empty by that becomes nil and is removed too, one
 * that was empty before stays.
 */
function omitNil(value: GoValue): GoValue {
  if (Array.isArray(value)) return withoutNil(value, value.map(omitNil));
  if (!isPlainMap(value)) return value;
  const kept = newMap();
  let removed = false;
  for (const key of Object.keys(value)) {
    const item = omitNil(value[key] ?? null);
    if (item === null) removed = true;
    else assign(kept, key, item);
  }
  return removed && Object.keys(kept).length === 0 ? null : (kept satisfies GoMap);
}

function withoutNil(before: readonly GoValue[], items: readonly GoValue[]): GoValue {
  const kept = items.filter((item) => item !== null);
  return kept.length === 0 && before.length > 0 ? null : kept;
}

export const istioMapFunctions = [
  define('isset', 'func(map[string]string, string) bool', isset),
  define('annotation', 'func(v1.ObjectMeta, string, interface {}) string', annotation),
  define('valueOrDefault', 'func(interface {}, interface {}) interface {}', valueOrDefault),
  define('toJSON', 'func(map[string]string) string', toJSON),
  define('toJsonMap', 'func(...map[string]string) string', (...maps: StringMap[]) => encodeJson(mergeMaps(...maps))),
  define('mergeMaps', 'func(...map[string]string) map[string]string', mergeMaps),
  define('omit', 'func(map[string]string, ...string) map[string]string', omit),
  define('strdict', 'func(...string) map[string]string', strdict),
  define('omitNil', 'func(interface {}) interface {}', omitNil),
];
