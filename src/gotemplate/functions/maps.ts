/** Reading and writing `map[string]interface {}` data whose keys are not ours: `__proto__` is a key like any other. */
import { compareStrings } from '../../go/utf8.ts';
import { FunctionError } from '../function.ts';
import type { GoMap, GoValue } from '../values.ts';

/** An empty map. */
export function newMap<T = GoValue>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** The value of a key, or undefined when the map (which may be nil) does not have it. */
export function lookup<T>(map: Readonly<Record<string, T>> | null, key: string): T | undefined {
  return map !== null && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** `map[key] = value`, with Go's panic for a nil map. */
export function assign(map: GoMap | null, key: string, value: GoValue): void {
  if (map === null) throw new FunctionError('assignment to entry in nil map');
  if (!Object.isExtensible(map)) throw new FunctionError('this map cannot be changed');
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Keys in byte order. Go visits a map in random order; ours is the one that `sortAlpha` gives. */
export function sortedKeys(map: object | null): string[] {
  return map === null ? [] : Object.keys(map).sort(compareStrings);
}
