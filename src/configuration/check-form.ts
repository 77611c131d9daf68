import type { Path } from './source.ts';
import type { ValueForm } from './values-types.ts';

/** A value of the wrong type and where it stands. */
export interface FormError {
  readonly path: Path;
  /** In the words of Go's JSON decoder. */
  readonly message: string;
}

/** The first value of a document that does not have its form. */
export function findFormError(value: unknown, form: ValueForm, path: Path = []): FormError | undefined {
  if (value == null || form === 'any') return undefined;
  if (typeof form === 'string') return findSimpleError(value, form, path);
  if (!isMap(value)) return wrongType(value, rawMap, path);
  for (const [key, item] of Object.entries(value)) {
    const itemForm = Object.hasOwn(form, key) ? form[key] : undefined;
    const error = itemForm === undefined ? undefined : findFormError(item, itemForm, [...path, key]);
    if (error !== undefined) return error;
  }
  return undefined;
}

const rawMap = 'map[string]json.RawMessage';
const rawList = '[]json.RawMessage';

function findSimpleError(value: unknown, form: Exclude<ValueForm, object>, path: Path): FormError | undefined {
  switch (form) {
    case 'string':
      return typeof value === 'string' ? undefined : wrongType(value, 'string', path);
    case 'bool':
      return typeof value === 'boolean' ? undefined : wrongType(value, 'bool', path);
    case 'uint32':
      return isUint32(value) ? undefined : wrongType(value, 'uint32', path);
    case 'map':
      return isMap(value) ? undefined : wrongType(value, rawMap, path);
    case 'stringMap':
      if (!isMap(value)) return wrongType(value, rawMap, path);
      return firstError(Object.entries(value), ([key, item]) => findFormError(item, 'string', [...path, key]));
    case 'strings':
    case 'maps': {
      if (!Array.isArray(value)) return wrongType(value, rawList, path);
      const itemForm = form === 'strings' ? 'string' : 'map';
      return firstError([...value.entries()], ([index, item]) => findFormError(item, itemForm, [...path, index]));
    }
    default:
      return undefined;
  }
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

function isUint32(value: unknown): boolean {
  if (typeof value === 'string') return /^[0-9]+$/.test(value) && Number(value) < 2 ** 32;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}

function firstError<T>(items: readonly T[], check: (item: T) => FormError | undefined): FormError | undefined {
  for (const item of items) {
    const error = check(item);
    if (error !== undefined) return error;
  }
  return undefined;
}

function wrongType(value: unknown, goType: string, path: Path): FormError {
  return { path, message: `json: cannot unmarshal ${describe(value)} into Go value of type ${goType}` };
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
