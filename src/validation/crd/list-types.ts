/**
 * The list-type stage: no two items of a `set` are equal, no two items of a `map` have the same keys
 * (`k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype`).
 */
import type { CrdError } from './errors.ts';
import { isObject, propertySchema, type StructuralSchema } from './schema.ts';

/** Duplicates below `value`; `path` is its field path. */
export function validateListTypes(value: unknown, schema: StructuralSchema, path: string): CrdError[] {
  if (Array.isArray(value)) {
    return [
      ...duplicates(value, schema, path),
      ...value.flatMap((item: unknown, index) =>
        schema.items === undefined ? [] : validateListTypes(item, schema.items, `${path}[${index}]`),
      ),
    ];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const childSchema = propertySchema(schema, key);
    if (childSchema === undefined) return [];
    const declared = schema.properties !== undefined && Object.hasOwn(schema.properties, key);
    return validateListTypes(child, childSchema, declared ? (path === '' ? key : `${path}.${key}`) : `${path}[${key}]`);
  });
}

function duplicates(items: readonly unknown[], schema: StructuralSchema, path: string): CrdError[] {
  const kind = schema['x-kubernetes-list-type'];
  if (kind !== 'set' && kind !== 'map') return [];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const identity = (item: unknown): string =>
    kind === 'map' && isObject(item)
      ? JSON.stringify(
          Object.fromEntries(keys.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key]])),
        )
      : JSON.stringify(item);
  const occurrences = new Map<string, number>();
  const errors: CrdError[] = [];
  for (const [index, item] of items.entries()) {
    const id = identity(item);
    const before = occurrences.get(id) ?? 0;
    occurrences.set(id, before + 1);
    // A value that stands often is reported once.
    if (before === 1) errors.push({ path: `${path}[${index}]`, text: `Duplicate value: ${id}` });
  }
  return errors;
}
