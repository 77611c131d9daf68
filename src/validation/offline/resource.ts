/** What the checks of whole resources have in common. */
import type { FieldPath } from '../path.ts';
import type { Issue } from '../result.ts';

/** A resource as decoded from a file: maps are plain objects whose keys may be any text. */
export type Resource = Readonly<Record<string, unknown>>;

/** Something found in a resource; the path of a fault in the document itself is that of nothing. */
export type Finding = Omit<Issue, 'path'> & { readonly path?: FieldPath };

/** The member of that name, if the value is a map and has it. */
export function member(value: unknown, name: string): unknown {
  return isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The text at a path of members; empty when there is none (`unstructured.NestedString`). */
export function textAt(value: unknown, ...names: readonly string[]): string {
  const found = names.reduce(member, value);
  return typeof found === 'string' ? found : '';
}

/** The map of texts at a path of members; undefined when something else is there (`unstructured.NestedStringMap`). */
export function textsAt(value: unknown, ...names: readonly string[]): Readonly<Record<string, string>> | undefined {
  const found = names.reduce(member, value) ?? {};
  if (!isMap(found) || Object.values(found).some((text) => typeof text !== 'string')) return undefined;
  return Object.assign(Object.create(null), found) as Record<string, string>;
}

/** Whether the value is a map. */
export function isMap(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
