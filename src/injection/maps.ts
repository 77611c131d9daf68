/** Reading and changing maps whose keys come from users, who may also write `__proto__` or `constructor`. */
import { setOwn } from '../yaml/index.ts';

/** A map of strings as Kubernetes has them (labels, annotations); absent is empty. */
export type StringMap = Readonly<Record<string, string>> | undefined;

/** The value of an own key. */
export function lookup<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** A map with the entries given; later ones win. A plain object, as `JSON.parse` makes it: read it with {@link lookup}. */
export function mapOf<T>(...sources: readonly Iterable<readonly [string, T]>[]): Record<string, T> {
  const map: Record<string, T> = {};
  for (const source of sources) for (const [key, value] of source) setOwn(map, key, value);
  return map;
}

/** A copy with some keys set. */
export function withEntries(map: StringMap, entries: Iterable<readonly [string, string]>): Record<string, string> {
  return mapOf(Object.entries(map ?? {}), entries);
}

/** A copy without the keys that `drop` picks. */
export function withoutKeys(map: StringMap, drop: (key: string) => boolean): Record<string, string> {
  return mapOf(Object.entries(map ?? {}).filter(([key]) => !drop(key)));
}
