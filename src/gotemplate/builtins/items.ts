/** `index`, `slice` and `len` (functions of text/template). */
import { byteLength, encodeBytes, sliceBytes } from '../../go/utf8.ts';
import { FunctionError } from '../function.ts';
import { isAssignable, isInteger, isNilable, LIST, STRING, UINT8, type GoType } from '../types.ts';
import { indirect, isPlainMap, mapViewOf, rawOf, Typed, typeName, typeOf, valueOf, type GoValue } from '../values.ts';

/** `index x 1 "a"` is `x[1]["a"]`; a missing map key gives the zero value. */
export function index(item: GoValue, ...indexes: GoValue[]): GoValue {
  if (item == null) throw new FunctionError('index of untyped nil');
  return indexes.reduce(indexOne, item);
}

function indexOne(container: GoValue, key: GoValue): GoValue {
  const item = indirect(container);
  if (item == null || typeOf(item)?.kind === 'ptr') throw new FunctionError('index of nil pointer');
  const map = mapViewOf(item);
  if (map !== undefined) {
    const name = mapKey(key, map.type.key);
    return map.has(name) ? map.get(name) : valueOf(map.type.elem, undefined);
  }
  if (typeOf(item)?.kind === 'string') {
    const text = rawOf(item) as string;
    const at = position(key, byteLength(text));
    const byte = encodeBytes(text)[at];
    if (byte === undefined) throw new FunctionError('reflect: string index out of range');
    return new Typed(UINT8, BigInt(byte));
  }
  const items = listOf(item);
  if (items === undefined) throw new FunctionError(`can't index item of type ${typeName(item)}`);
  const at = position(key, items.length);
  if (at === items.length) throw new FunctionError('reflect: slice index out of range');
  return valueOf((typeOf(item) ?? LIST).elem, items[at], true);
}

/** Raw elements of a slice or array. */
function listOf(value: GoValue): readonly unknown[] | undefined {
  const kind = typeOf(value)?.kind;
  if (kind !== 'slice' && kind !== 'array') return undefined;
  return (rawOf(value) ?? []) as readonly unknown[];
}

function mapKey(key: GoValue, type: GoType): string {
  if (key == null) {
    if (!isNilable(type.kind)) throw new FunctionError(`value is nil; should be of type ${type.name}`);
    return '';
  }
  const from = typeOf(key) ?? STRING;
  if (!isAssignable(from, type)) throw new FunctionError(`value has type ${from.name}; should be ${type.name}`);
  return String(rawOf(key));
}

/** An index into something of the given length; the length itself is accepted here, as by Go. */
function position(key: GoValue, length: number): number {
  if (key == null) throw new FunctionError('cannot index slice/array with nil');
  if (!(key instanceof Typed) || !isInteger(key.type.kind)) {
    throw new FunctionError(`cannot index slice/array with type ${typeName(key)}`);
  }
  const at = key.data as bigint;
  if (at < 0n || at > BigInt(length)) throw new FunctionError(`index out of range: ${at}`);
  return Number(at);
}

/** `slice x 1 2` is `x[1:2]`. A slice keeps no spare capacity here, so its capacity is its length. */
export function slice(value: GoValue, ...indexes: GoValue[]): GoValue {
  if (value == null) throw new FunctionError('slice of untyped nil');
  const item = indirect(value);
  if (item == null || typeOf(item)?.kind === 'ptr') throw new FunctionError('slice of nil pointer');
  if (indexes.length > 3) throw new FunctionError(`too many slice indexes: ${indexes.length}`);
  const isText = typeOf(item)?.kind === 'string';
  if (isText && indexes.length === 3) throw new FunctionError('cannot 3-index slice a string');
  const items = listOf(item);
  if (!isText && items === undefined) throw new FunctionError(`can't slice item of type ${typeName(item)}`);
  const text = isText ? (rawOf(item) as string) : '';
  const length = items?.length ?? byteLength(text);
  const [low = 0, high = length, max = high] = indexes.map((key) => position(key, length));
  if (low > high) throw new FunctionError(`invalid slice index: ${low} > ${high}`);
  if (high > max) throw new FunctionError(`invalid slice index: ${high} > ${max}`);
  const type = typeOf(item) ?? LIST;
  return valueOf(type, items === undefined ? sliceBytes(text, low, high) : items.slice(low, high));
}

/** Bytes of a string, elements of a list, entries of a map. */
export function len(value: GoValue): number {
  const item = indirect(value);
  if (item === undefined) throw new FunctionError('reflect: call of reflect.Value.Type on zero Value');
  if (item === null || typeOf(item)?.kind === 'ptr') throw new FunctionError('len of nil pointer');
  if (typeof item === 'string') return byteLength(item);
  if (isPlainMap(item)) return Object.keys(item).length;
  const raw = rawOf(item);
  switch (typeOf(item)?.kind) {
    case 'slice':
    case 'array':
      return listOf(item)?.length ?? 0;
    case 'map':
      return Object.keys(raw ?? {}).length;
    case 'string':
      return byteLength(raw as string);
    default:
      throw new FunctionError(`len of type ${typeName(item)}`);
  }
}
