/** sprig's dictionary functions (`dict.go`). `omit` is Istio's and not here. */
import { define, FunctionError } from '../../function.ts';
import { isPlainMap, rawOf, Typed, typeOf, type GoMap, type GoValue } from '../../values.ts';
import { MAP } from '../../types.ts';
import { strval } from '../cast.ts';
import { badAssertion } from '../failures.ts';
import { assign, lookup, newMap, sortedKeys } from '../maps.ts';
import { ownList } from '../own-lists.ts';
import { deepCopy } from './deep-copy.ts';
import { mergeInto } from './merge.ts';

type Dict = GoMap | null;

/** Keys and values in turn; a last key without value gets the empty text. */
function dict(...pairs: GoValue[]): GoMap {
  const map = newMap();
  for (let i = 0; i < pairs.length; i += 2) assign(map, strval(pairs[i]), i + 1 < pairs.length ? pairs[i + 1] : '');
  return map;
}

const hasKey = (map: Dict, key: string): boolean => map !== null && Object.hasOwn(map, key);

function unset(map: Dict, key: string): Dict {
  if (map !== null && hasKey(map, key)) {
    if (!Object.isExtensible(map)) throw new FunctionError('this map cannot be changed');
    Reflect.deleteProperty(map, key);
  }
  return map;
}

function set(map: Dict, key: string, value: GoValue): Dict {
  assign(map, key, value);
  return map;
}

function pick(map: Dict, ...keys: string[]): GoMap {
  const picked = newMap();
  for (const key of keys) if (hasKey(map, key)) assign(picked, key, lookup(map, key) ?? null);
  return picked;
}

const pluck = (key: string, ...maps: Dict[]): GoValue[] =>
  maps.filter((map) => hasKey(map, key)).map((map) => lookup(map, key) ?? null);

/** `dig "a" "b" default map`: the value below the keys, or the default where one is missing. */
function dig(...args: GoValue[]): GoValue {
  if (args.length < 3) throw new FunctionError('dig needs at least three arguments');
  const keys = args.slice(0, -2);
  let map = asMap(args.at(-1));
  const names = keys.map((key) => (typeof key === 'string' ? key : failKey(key)));
  for (const [i, name] of names.entries()) {
    if (!hasKey(map, name)) return args.at(-2) ?? null;
    const value = lookup(map, name) ?? null;
    if (i === names.length - 1) return value;
    map = asMap(value);
  }
  return null;
}

function failKey(key: GoValue): never {
  throw badAssertion(key, 'string');
}

function asMap(value: GoValue): Dict {
  if (isPlainMap(value)) return value;
  if (value instanceof Typed && typeOf(value) === MAP) return rawOf(value) as Dict;
  throw badAssertion(value, 'map[string]interface {}');
}

const MERGE = 'func(map[string]interface {}, ...map[string]interface {}) interface {}';

export const dictFunctions = [
  define('dict', 'func(...interface {}) map[string]interface {}', dict),
  define('get', 'func(map[string]interface {}, string) interface {}', (map: Dict, key: string) =>
    hasKey(map, key) ? lookup(map, key) : '',
  ),
  define('set', 'func(map[string]interface {}, string, interface {}) map[string]interface {}', set),
  define('unset', 'func(map[string]interface {}, string) map[string]interface {}', unset),
  define('hasKey', 'func(map[string]interface {}, string) bool', hasKey),
  define('pluck', 'func(string, ...map[string]interface {}) []interface {}', pluck),
  define('keys', 'func(...map[string]interface {}) []string', (...maps: Dict[]) => ownList(maps.flatMap(sortedKeys))),
  define('values', 'func(map[string]interface {}) []interface {}', (map: Dict) =>
    sortedKeys(map).map((key) => lookup(map, key) ?? null),
  ),
  define('pick', 'func(map[string]interface {}, ...string) map[string]interface {}', pick),
  define('merge', MERGE, (map: Dict, ...sources: Dict[]) => mergeInto(map, sources, false)),
  define('mustMerge', MERGE, (map: Dict, ...sources: Dict[]) => mergeInto(map, sources, false)),
  define('mergeOverwrite', MERGE, (map: Dict, ...sources: Dict[]) => mergeInto(map, sources, true)),
  define('mustMergeOverwrite', MERGE, (map: Dict, ...sources: Dict[]) => mergeInto(map, sources, true)),
  define('deepCopy', 'func(interface {}) interface {}', deepCopy),
  define('mustDeepCopy', 'func(interface {}) interface {}', deepCopy),
  define('dig', 'func(...interface {}) (interface {}, error)', dig),
];
