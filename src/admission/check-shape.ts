import type { Shape } from './review-types.ts';

/** What Go calls a JSON value in a message about a wrong type. */
export function jsonTypeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/**
 * The message Go's JSON decoder gives for the first value that does not have its declared type, or `undefined` when all have.
 * @param struct name of the innermost Go struct around the value
 * @param path keys from the outermost struct to the value
 */
export function findTypeError(value: unknown, shape: Shape, struct = '', path = ''): string | undefined {
  if (value == null || shape.kind === 'any') return undefined;
  if (!hasKind(value, shape)) {
    const place = path === '' ? 'Go value' : `Go struct field ${struct}.${path}`;
    return `json: cannot unmarshal ${jsonTypeName(value)} into ${place} of type ${shape.goType}`;
  }
  switch (shape.kind) {
    case 'list':
      return first(value as unknown[], (item) => findTypeError(item, shape.item, struct, path));
    case 'map':
      return first(Object.values(value), (item) => findTypeError(item, shape.item, struct, path));
    case 'struct':
      return first(Object.entries(value), ([key, field]) => {
        const fieldShape = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
        if (fieldShape === undefined) return undefined;
        return findTypeError(field, fieldShape, shape.name, path === '' ? key : `${path}.${key}`);
      });
    default:
      return undefined;
  }
}

function hasKind(value: unknown, shape: Shape): boolean {
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
    default:
      return typeof value === 'object' && !Array.isArray(value);
  }
}

function first<T>(items: readonly T[], check: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const error = check(item);
    if (error !== undefined) return error;
  }
  return undefined;
}
