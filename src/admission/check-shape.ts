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
      return findItemError(value as readonly unknown[], shape.item, struct, path);
    case 'map':
      return findItemError(Object.values(value), shape.item, struct, path);
    case 'struct':
      return findFieldError(value as Readonly<Record<string, unknown>>, shape, path);
    default:
      return undefined;
  }
}

function findItemError(items: readonly unknown[], shape: Shape, struct: string, path: string): string | undefined {
  for (const item of items) {
    const error = findTypeError(item, shape, struct, path);
    if (error !== undefined) return error;
  }
  return undefined;
}

function findFieldError(
  value: Readonly<Record<string, unknown>>,
  { name, fields }: Extract<Shape, { kind: 'struct' }>,
  path: string,
): string | undefined {
  for (const key of Object.keys(value)) {
    const shape = Object.hasOwn(fields, key) ? fields[key] : undefined;
    // Most fields are texts or of any type: no path is made for them.
    if (shape === undefined || shape.kind === 'any') continue;
    if (shape.kind === 'string' && typeof value[key] === 'string') continue;
    const error = findTypeError(value[key], shape, name, path === '' ? key : `${path}.${key}`);
    if (error !== undefined) return error;
  }
  return undefined;
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
