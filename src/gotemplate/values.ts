/**
 * The value model of the template engine: how Go values are represented in JavaScript.
 *
 * | Go                                    | here                                                              |
 * |---------------------------------------|-------------------------------------------------------------------|
 * | no value at all (missing map key)     | `undefined` — prints `<no value>`, a field of it is missing again |
 * | `nil` in an `interface {}`            | `null` — `print` shows `<nil>`, a field of it is an error         |
 * | `bool`                                | `true`, `false`                                                   |
 * | `string`                              | JS string. Go strings are bytes: a byte that is not part of valid UTF-8 is the lone surrogate `\udc00 + byte` (see bytes.ts) |
 * | `float64`                             | JS number — every number of JSON data is one                      |
 * | `[]interface {}` (not nil)            | JS array, in place                                                |
 * | `map[string]interface {}` (not nil)   | plain JS object, in place; only own keys count                    |
 * | everything else                       | `Typed(type, data)`                                               |
 *
 * `Typed` pairs a Go type with *raw* data, so that plain JSON and protobuf message objects are used in place:
 * `.Spec.Containers` is `new Typed([]v1.Container, pod.spec.containers)`, nothing is copied. Raw data by kind:
 *  - integers: `bigint` (`5` in a template: `Typed(INT, 5n)`; sprig's `add`: `Typed(INT64, 5n)`); enums too
 *  - complex128: `{ re, im }`; named strings/bools (`v1.Protocol`): the JS string/boolean
 *  - slices: array of the raw data of the elements, `null` for a nil slice (`[]string{"a"}`: `Typed(STRINGS, ['a'])`)
 *  - maps: plain object from the key's text to raw data, `null` for a nil map (`map[string]string`: `Typed(STRING_MAP, { a: 'b' })`)
 *  - structs: the JSON object or message as it is (`null`: all fields zero); the type's field table says how to read it
 *  - pointers: the raw data of what is pointed to, `null` for nil
 *  - interface elements: raw data *is* a value of this table
 * `valueOf(type, raw)` makes the value from raw data, `rawOf(value)` goes back, `typeOf(value)` is reflect.TypeOf.
 */
import { BOOL, FLOAT64, INT, INT64, INTERFACE, isInteger, isNilable, LIST, MAP, STRING, type GoType } from './types.ts';

export type GoValue = undefined | null | boolean | string | number | GoValue[] | GoMap | Typed;

/** `map[string]interface {}` as plain data. Read it with `Object.hasOwn`. */
export interface GoMap {
  [key: string]: GoValue;
}

/** A value of any Go type that has no plain JavaScript twin. */
export class Typed {
  readonly type: GoType;
  readonly data: unknown;
  /** reflect.Value.CanAddr: reached through a pointer or a slice, so methods declared on the pointer apply. */
  readonly addressable: boolean;

  constructor(type: GoType, data: unknown, addressable = false) {
    this.type = type;
    this.data = data;
    this.addressable = addressable;
  }
}

/** The value that raw data of a Go type stands for; absent raw data is the type's zero value. */
export function valueOf(type: GoType, raw: unknown, addressable = false): GoValue {
  return (type.reader ??= readerOf(type))(raw, addressable) as GoValue;
}

function readerOf(type: GoType): (raw: unknown, addressable: boolean) => GoValue {
  switch (type) {
    case STRING:
      return (raw) => (raw as string | undefined | null) ?? '';
    case BOOL:
      return (raw) => (raw as boolean | undefined | null) ?? false;
    case FLOAT64:
      return (raw) => (raw as number | undefined | null) ?? 0;
    case LIST:
    case MAP:
      return (raw) => (raw == null ? new Typed(type, null) : (raw as GoValue));
  }
  if (type.kind === 'interface') return (raw) => (raw as GoValue) ?? null;
  const data = dataReader(type);
  return (raw, addressable) => new Typed(type, data(raw), addressable);
}

/** Brings raw data into the one form that a Typed of the type holds. */
function dataReader(type: GoType): (raw: unknown) => unknown {
  if (type.details.decode !== undefined) return type.details.decode;
  if (isInteger(type.kind)) {
    return (raw) => (typeof raw === 'bigint' ? raw : BigInt((raw as number | undefined | null) ?? 0));
  }
  if (type.kind === 'string') return (raw) => raw ?? '';
  if (type.kind === 'bool') return (raw) => raw ?? false;
  if (type.kind === 'float64' || type.kind === 'float32') return (raw) => raw ?? 0;
  return (raw) => raw ?? null;
}

/** The raw data of a value: what a container of its type, or a function parameter of its type, holds. */
export const rawOf = (value: GoValue): unknown => (value instanceof Typed ? value.data : value);

const FIRST_CACHED = -1n;
const smallInts = Array.from({ length: 258 }, (_, i) => new Typed(INT, BigInt(i) + FIRST_CACHED));

/** A Go `int`. */
export function int(value: number | bigint): Typed {
  const index = Number(value) + 1;
  return smallInts[index] ?? new Typed(INT, BigInt(value));
}

/** A Go `int64`, wrapped around as Go arithmetic does. */
export const int64 = (value: number | bigint): Typed => new Typed(INT64, BigInt.asIntN(64, BigInt(value)));

export const isPlainMap = (value: unknown): value is GoMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Typed);

/** reflect.TypeOf; `undefined` for nil and for no value. */
export function typeOf(value: GoValue): GoType | undefined {
  switch (typeof value) {
    case 'string':
      return STRING;
    case 'boolean':
      return BOOL;
    case 'number':
      return FLOAT64;
    case 'undefined':
      return undefined;
    default:
      if (value === null) return undefined;
      if (value instanceof Typed) return value.type;
      return Array.isArray(value) ? LIST : MAP;
  }
}

/** The name `%T` prints. */
export const typeName = (value: GoValue): string => typeOf(value)?.name ?? '<nil>';

/** nil, nothing, or a nil pointer, map or slice. */
export function isNil(value: GoValue): boolean {
  if (value == null) return true;
  return value instanceof Typed && value.data === null && isNilable(value.type.kind);
}

/** Follows pointers; a nil pointer stays as it is (text/template's `indirect`). */
export function indirect(value: GoValue): GoValue {
  let current = value;
  while (current instanceof Typed && current.type.kind === 'ptr' && current.data !== null) {
    current = valueOf(current.type.elem, current.data, true);
  }
  return current;
}

/** Elements of a slice or array as values, or `undefined` when the value is none. A nil slice is empty. */
export function elementsOf(value: GoValue, addressable = true): GoValue[] | undefined {
  if (Array.isArray(value)) return value;
  if (!(value instanceof Typed) || (value.type.kind !== 'slice' && value.type.kind !== 'array')) return undefined;
  const { elem } = value.type;
  const raw = (value.data ?? []) as unknown[];
  return elem === INTERFACE ? (raw as GoValue[]) : raw.map((item) => valueOf(elem, item, addressable));
}

/** A map read through one interface, whatever its Go type. */
export class MapView {
  readonly type: GoType;
  readonly #raw: Readonly<Record<string, unknown>>;

  constructor(type: GoType, raw: Readonly<Record<string, unknown>>) {
    this.type = type;
    this.#raw = raw;
  }

  /** Keys as text, in no particular order. */
  get keys(): readonly string[] {
    return Object.keys(this.#raw);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#raw, key);
  }

  get(key: string): GoValue {
    return this.has(key) ? valueOf(this.type.elem, this.#raw[key]) : undefined;
  }
}

/** The map behind a value, or `undefined` when it is none. A nil map is empty. */
export function mapViewOf(value: GoValue): MapView | undefined {
  const type = typeOf(value);
  if (type?.kind !== 'map') return undefined;
  return new MapView(type, (rawOf(value) ?? {}) as Record<string, unknown>);
}
