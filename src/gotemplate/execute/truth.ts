import { Typed, type GoValue } from '../values.ts';

/** Whether a value is true for `if`, `with`, `and`, `or`, `not`: anything but its type's zero value; structs always are. */
export function truth(value: GoValue): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      return value !== 0;
    case 'undefined':
      return false;
  }
  if (value === null) return false;
  if (value instanceof Typed) return typedTruth(value);
  return Array.isArray(value) ? value.length > 0 : hasKeys(value);
}

function typedTruth({ type, data }: Typed): boolean {
  if (type.kind === 'struct') return true;
  switch (typeof data) {
    case 'bigint':
      return data !== 0n;
    case 'boolean':
    case 'string':
    case 'number':
      return type.kind === 'ptr' || Boolean(data) || Number.isNaN(data);
  }
  if (data == null || type.kind === 'ptr' || type.kind === 'func') return data != null;
  if (type.kind === 'complex128') {
    const { re, im } = data as { re: number; im: number };
    return re !== 0 || im !== 0;
  }
  return Array.isArray(data) ? data.length > 0 : hasKeys(data);
}

function hasKeys(map: object): boolean {
  for (const key in map) if (Object.hasOwn(map, key)) return true;
  return false;
}
