/** Wrong types in the JSON of a Kubernetes object, as `encoding/json` reports them when it decodes into Go structs. */
import { parseInt } from '../go/strconv.ts';
import { parseTime, TimeParseError } from '../go/time-parse.ts';
import { JsonNumber } from '../protobuf/index.ts';
import { FieldPath, metadataPath } from './path.ts';

/** A JSON form that a value must have; null fits everywhere. */
export type Shape =
  | { readonly type: 'bool' | 'int64' | 'time' | 'any' }
  | { readonly type: 'string'; readonly goType?: string }
  | { readonly type: 'list' | 'map'; readonly item: Shape; readonly goType: string }
  | { readonly type: 'struct'; readonly name: string; readonly fields: ReadonlyMap<string, Field> };

/** A field of a struct under its name in JSON. */
interface Field {
  readonly name: string;
  readonly shape: Shape;
}

/** Fields are found by their name in lower case. */
export function struct(name: string, fields: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(fields).map(([key, shape]): [string, Field] => [
    key.toLowerCase(),
    { name: key, shape },
  ]);
  return { type: 'struct', name, fields: new Map(entries) };
}

/** Why an object is none, in Go's words, and where. */
export interface ObjectFault {
  readonly fault: string;
  readonly path: FieldPath;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Go's layout `time.RFC3339`. */
const rfc3339 = '2006-01-02T15:04:05Z07:00';

/** The first value inside the object that does not have its declared type, in the order of writing. */
export function findObjectFault(object: JsonObject, shape: Shape): ObjectFault | undefined {
  return findFault(object, shape, { struct: '', goPath: '', path: undefined });
}

/** Where a value stands: the innermost Go struct around it, Go's path from the outermost one, and ours. */
interface Place {
  readonly struct: string;
  readonly goPath: string;
  readonly path: FieldPath | undefined;
}

function findFault(value: unknown, shape: Shape, place: Place): ObjectFault | undefined {
  if (value == null || shape.type === 'any') return undefined;
  switch (shape.type) {
    case 'string':
      return typeof value === 'string' ? undefined : typeFault(value, shape.goType ?? 'string', place);
    case 'bool':
      return typeof value === 'boolean' ? undefined : typeFault(value, 'bool', place);
    case 'int64':
      return isInteger(value) ? undefined : typeFault(value, 'int64', place);
    case 'time':
      return findTimeFault(value, place);
    case 'list':
      return Array.isArray(value) ? findItemFault(value, shape.item, place) : typeFault(value, shape.goType, place);
    case 'map':
      return isObject(value) ? findEntryFault(value, shape.item, place) : typeFault(value, shape.goType, place);
    case 'struct':
      return isObject(value) ? findFieldFault(value, shape, place) : typeFault(value, `v1.${shape.name}`, place);
  }
}

function findItemFault(items: readonly unknown[], shape: Shape, place: Place): ObjectFault | undefined {
  for (const [index, item] of items.entries()) {
    const fault = findFault(item, shape, { ...place, path: place.path?.at(index) });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function findEntryFault(map: JsonObject, shape: Shape, place: Place): ObjectFault | undefined {
  for (const key of Object.keys(map)) {
    const value = map[key];
    if (typeof value === 'string') continue;
    const fault = findFault(value, shape, { ...place, path: place.path?.entry(key) });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function findFieldFault(
  object: JsonObject,
  shape: Extract<Shape, { type: 'struct' }>,
  place: Place,
): ObjectFault | undefined {
  for (const key of Object.keys(object)) {
    const field = shape.fields.get(key) ?? shape.fields.get(key.toLowerCase());
    const value = object[key];
    if (field === undefined || field.shape.type === 'any') continue;
    if (field.shape.type === 'string' && typeof value === 'string') continue;
    const fault = findFault(value, field.shape, {
      struct: shape.name,
      goPath: place.goPath === '' ? field.name : `${place.goPath}.${field.name}`,
      path: place.path?.at(key) ?? FieldPath.root(key),
    });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function findTimeFault(value: unknown, place: Place): ObjectFault | undefined {
  if (typeof value !== 'string') return typeFault(value, 'string', place);
  try {
    parseTime(rfc3339, value);
    return undefined;
  } catch (error) {
    if (error instanceof TimeParseError) return { fault: error.message, path: pathOf(place) };
    throw error;
  }
}

function typeFault(value: unknown, goType: string, place: Place): ObjectFault {
  const number = value instanceof JsonNumber && goType === 'int64' ? ` ${value.text}` : '';
  const fault = `json: cannot unmarshal ${jsonType(value)}${number} into Go struct field ${place.struct}.${place.goPath} of type ${goType}`;
  return { fault, path: pathOf(place) };
}

const pathOf = (place: Place): FieldPath => place.path ?? metadataPath;

/** Whether the JSON value is an object. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

const isInteger = (value: unknown): boolean =>
  value instanceof JsonNumber ? parseInt(value.text, 10, 64).error === undefined : Number.isSafeInteger(value);

/** What Go calls the JSON value in its messages. */
export function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value instanceof JsonNumber) return 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
