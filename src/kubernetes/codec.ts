/**
 * Readers and writers of typed values, made from the field tables. One pass does what Go's decode into a type and encode
 * from it do together: the result is the JSON that Kubernetes would write. A value that is already in that form comes back
 * as the same object, so that the usual request costs a comparison and no copies.
 */
import { type JsonRecord, isRecord, setOwn } from '../yaml/index.ts';
import type { DecodeContext } from './decode-context.ts';
import { type FlatField, flattenFields, parseGoType, typeDefinition } from './field-table.ts';
import { intOrStringCodec, quantityCodec, rawJsonCodec, timeCodec } from './own-codecs.ts';

/** Reads one type. Undefined stands for Go's nil, and for a value that null left as it was. */
export interface Codec {
  /** Whether Go's `omitempty` has no effect, as on structs and what is one behind its own JSON form. */
  readonly isStruct: boolean;
  /** Whether every string is in normal form. */
  readonly isText?: boolean;
  /**
   * The value in normal form. `known`: any value of the type that is in normal form; what `raw` shares with it needs no look.
   */
  normalize(raw: unknown, context: DecodeContext, known?: unknown): unknown;
  /**
   * What Go makes of a field that is written twice: the second value is read into the first. Without it, the second stands alone.
   * @param first undefined, or the result of an earlier call, which may be changed
   */
  join?(first: unknown, second: unknown): unknown;
  /** What Go writes for the type's zero value. */
  zero(): unknown;
  /** Whether `omitempty` leaves this (normalised) value out. */
  isEmpty(value: unknown): boolean;
}

const codecs = new Map<string, Codec>();

/** The codec of a Go type, made once. */
export function codecOf(type: string): Codec {
  let codec = codecs.get(type);
  if (codec === undefined) {
    codec = makeCodec(type);
    codecs.set(type, codec);
  }
  return codec;
}

const ownCodecs: Readonly<Record<string, Codec>> = {
  quantity: quantityCodec,
  intOrString: intOrStringCodec,
  time: timeCodec,
  rawJson: rawJsonCodec,
};

function makeCodec(type: string): Codec {
  const parsed = parseGoType(type);
  if (parsed.kind === 'pointer') return pointerCodec(parsed.element);
  if (parsed.kind === 'slice') return sliceCodec(type, parsed.element);
  if (parsed.kind === 'map') return mapCodec(type, parsed.element);
  const kind = typeDefinition(type)?.kind ?? type;
  if (kind === 'struct') return new StructCodec(type);
  if (kind === 'string') return stringCodec(type);
  if (kind === 'bool') return boolCodec(type);
  const own = Object.hasOwn(ownCodecs, kind) ? ownCodecs[kind] : undefined;
  return own ?? integerCodec(type, kind);
}

/** {@link Codec.join} of any type. */
export const joinValues = (codec: Codec, first: unknown, second: unknown): unknown =>
  codec.join === undefined ? second : codec.join(first, second);

/** {@link Codec.join} of scalars: null changes nothing. */
const secondUnlessNull = (first: unknown, second: unknown): unknown => (second === null ? (first ?? null) : second);

function stringCodec(type: string): Codec {
  return {
    isStruct: false,
    isText: true,
    join: secondUnlessNull,
    normalize(raw, context) {
      if (typeof raw === 'string') return raw;
      if (raw !== null) context.note(raw, type);
      return undefined;
    },
    zero: () => '',
    isEmpty: (value) => value === '',
  };
}

function boolCodec(type: string): Codec {
  return {
    isStruct: false,
    join: secondUnlessNull,
    normalize(raw, context) {
      if (typeof raw === 'boolean') return raw;
      if (raw !== null) context.note(raw, type);
      return undefined;
    },
    zero: () => false,
    isEmpty: (value) => value === false,
  };
}

/** Largest integer of each kind; those of int64 are the nearest numbers. */
const integerLimits: Readonly<Record<string, number>> = { int: 2 ** 63, int32: 2 ** 31, int64: 2 ** 63 };

function integerCodec(type: string, kind: string): Codec {
  const limit = Object.hasOwn(integerLimits, kind) ? integerLimits[kind] : undefined;
  if (limit === undefined) throw new Error(`the field tables name a type without a codec: ${type}`);
  return {
    isStruct: false,
    join: secondUnlessNull,
    normalize(raw, context) {
      if (typeof raw === 'number' && Number.isInteger(raw) && raw < limit && raw >= -limit) return raw;
      if (raw !== null) context.note(raw, type);
      return undefined;
    },
    zero: () => 0,
    isEmpty: (value) => value === 0,
  };
}

function pointerCodec(element: string): Codec {
  let inner: Codec | undefined;
  return {
    isStruct: false,
    normalize(raw, context, known) {
      if (raw === null) return undefined;
      inner ??= codecOf(element);
      return inner.normalize(raw, context, known);
    },
    join: (first, second) => (second === null ? null : joinValues((inner ??= codecOf(element)), first, second)),
    zero: () => null,
    isEmpty: () => false,
  };
}

function sliceCodec(type: string, element: string): Codec {
  let inner: Codec | undefined;
  return {
    isStruct: false,
    normalize(raw, context, known) {
      if (!Array.isArray(raw)) {
        if (raw !== null) context.note(raw, type);
        return undefined;
      }
      inner ??= codecOf(element);
      const before = Array.isArray(known) ? known : noElements;
      let next = 0;
      let copy: unknown[] | undefined;
      for (let index = 0; index < raw.length; index++) {
        const item: unknown = raw[index];
        let value: unknown;
        if (next < before.length && item === before[next]) {
          value = item;
          next++;
        } else if (next + 1 < before.length && item === before[next + 1]) {
          value = item;
          next += 2;
        } else {
          value = context.normalForm(inner, item, before[next]) ?? inner.zero();
          if (next < before.length && haveOneName(item, before[next])) next++;
        }
        if (value !== item) copy ??= raw.slice(0, index) as unknown[];
        copy?.push(value);
      }
      return copy ?? raw;
    },
    join(first, second) {
      if (!Array.isArray(second)) return second;
      const codec = (inner ??= codecOf(element));
      const before = Array.isArray(first) ? first : noElements;
      return second.map((item, index) => joinValues(codec, before[index], item));
    },
    zero: () => null,
    isEmpty: (value) => Array.isArray(value) && value.length === 0,
  };
}

const noElements: readonly unknown[] = [];

/** Whether one element is another state of the other. */
function haveOneName(left: unknown, right: unknown): boolean {
  return isRecord(left) && isRecord(right) && left['name'] === right['name'];
}

function mapCodec(type: string, element: string): Codec {
  let inner: Codec | undefined;
  return {
    isStruct: false,
    normalize(raw, context) {
      if (!isRecord(raw)) {
        if (raw !== null) context.note(raw, type);
        return undefined;
      }
      inner ??= codecOf(element);
      if (inner.isText === true && !context.inOrder && hasOnlyTexts(raw)) return raw;
      const keys = Object.keys(raw);
      const values: unknown[] = [];
      let changed = false;
      for (let index = 0; index < keys.length; index++) {
        const key = keys[index] as string;
        const item = raw[key];
        const value = inner.normalize(item, context) ?? inner.zero();
        values.push(value);
        changed ||= value !== item || (context.inOrder && index > 0 && (keys[index - 1] as string) > key);
      }
      return changed ? sortedRecord(keys, values) : raw;
    },
    join(first, second) {
      if (!isRecord(second)) return second;
      const joined = isRecord(first) ? first : {};
      for (const key of Object.keys(second)) setOwn(joined, key, second[key]);
      return joined;
    },
    zero: () => null,
    isEmpty: (value) => {
      for (const _key in value as JsonRecord) return false;
      return true;
    },
  };
}

function hasOnlyTexts(map: JsonRecord): boolean {
  for (const key of Object.keys(map)) if (typeof map[key] !== 'string') return false;
  return true;
}

function sortedRecord(keys: readonly string[], values: readonly unknown[]): JsonRecord {
  const order = keys.map((_key, index) => index);
  order.sort((left, right) => ((keys[left] as string) < (keys[right] as string) ? -1 : 1));
  const record: JsonRecord = {};
  for (const index of order) setOwn(record, keys[index] as string, values[index]);
  return record;
}

interface StructField {
  readonly json: string;
  readonly path: string;
  readonly index: number;
  readonly codec: Codec;
  /** Whether Go always writes the field. */
  readonly required: boolean;
  readonly omitEmpty: boolean;
  readonly omitNull: boolean;
}

/** JSON's structs: names match without regard to case, unknown ones are dropped, order is that of the declaration. */
class StructCodec implements Codec {
  readonly isStruct = true;
  readonly #type: string;
  #fields: readonly StructField[] = [];
  readonly #byName = new Map<string, StructField>();
  readonly #byFoldedName = new Map<string, StructField>();
  #requiredCount = 0;

  constructor(type: string) {
    this.#type = type;
  }

  /** Types may hold themselves, so the fields are made when the first value comes. */
  #load(): void {
    this.#fields = flattenFields(this.#type).map((field, index) => makeField(field, index));
    for (const field of this.#fields) {
      this.#byName.set(field.json, field);
      this.#byFoldedName.set(foldName(field.json), field);
      if (field.required) this.#requiredCount++;
    }
  }

  normalize(raw: unknown, context: DecodeContext, known?: unknown): unknown {
    if (!isRecord(raw)) {
      if (raw !== null) context.note(raw, this.#type);
      return undefined;
    }
    if (this.#fields.length === 0) this.#load();
    const keys = Object.keys(raw);
    const before = isRecord(known) ? known : undefined;
    /** The values by field, once the object is found to need a copy. */
    let values: unknown[] | undefined;
    let lastIndex = -1;
    let requiredSeen = 0;
    for (let position = 0; position < keys.length; position++) {
      const key = keys[position] as string;
      const exact = this.#byName.get(key);
      const field = exact ?? this.#byFoldedName.get(foldName(key));
      if (field === undefined) {
        values ??= this.#valuesSoFar(raw, keys, position);
        continue;
      }
      const item = raw[key];
      let value = item;
      // Normal forms write every name as it is declared.
      const earlier = before !== undefined && exact !== undefined ? before[key] : undefined;
      if (!(typeof item === 'string' && field.codec.isText === true) && (item !== earlier || earlier === undefined)) {
        context.enter(this.#type, field.path);
        value =
          context.normalForm(field.codec, item, earlier) ??
          (field.required && item === null ? field.codec.zero() : undefined);
        context.leave();
      }
      const inPlace = exact !== undefined && (field.index > lastIndex || !context.inOrder);
      if (values === undefined && value === item && inPlace && !isOmitted(field, value)) {
        lastIndex = field.index;
        if (field.required) requiredSeen++;
        continue;
      }
      values ??= this.#valuesSoFar(raw, keys, position);
      if (values[field.index] !== undefined) context.isDoubled = true;
      values[field.index] = value;
    }
    if (values === undefined) {
      if (requiredSeen === this.#requiredCount) return raw;
      values = this.#valuesSoFar(raw, keys, keys.length);
    }
    return this.#write(values);
  }

  /** Fields come in the order of a sorted object, which is that of YAML and of a pod with an overlay merged in. */
  join(first: unknown, second: unknown): unknown {
    if (!isRecord(second)) return secondUnlessNull(first, second);
    if (this.#fields.length === 0) this.#load();
    const joined = isRecord(first) ? first : {};
    for (const key of Object.keys(second).sort()) {
      const field = this.#byFoldedName.get(foldName(key));
      if (field !== undefined) joined[field.json] = joinValues(field.codec, joined[field.json], second[key]);
    }
    return joined;
  }

  #valuesSoFar(raw: JsonRecord, keys: readonly string[], end: number): unknown[] {
    const values = new Array<unknown>(this.#fields.length);
    for (let position = 0; position < end; position++) {
      const key = keys[position] as string;
      const field = this.#byName.get(key);
      if (field !== undefined) values[field.index] = raw[key];
    }
    return values;
  }

  #write(values: readonly unknown[]): JsonRecord {
    const record: JsonRecord = {};
    for (const field of this.#fields) {
      const value = values[field.index];
      if (value === undefined) {
        if (field.required) record[field.json] = field.codec.zero();
      } else if (!isOmitted(field, value)) {
        record[field.json] = value;
      }
    }
    return record;
  }

  zero(): unknown {
    if (this.#fields.length === 0) this.#load();
    return this.#write([]);
  }

  isEmpty(): boolean {
    return false;
  }
}

function isOmitted(field: StructField, value: unknown): boolean {
  return (field.omitEmpty && field.codec.isEmpty(value)) || (field.omitNull && value === null);
}

function makeField(field: FlatField, index: number): StructField {
  const codec = codecOf(field.type);
  const omitEmpty = field.omitEmpty === true;
  const omitNull = field.omitZero === true;
  return {
    json: field.json,
    path: field.path,
    index,
    codec,
    required: !omitNull && (!omitEmpty || codec.isStruct),
    omitEmpty,
    omitNull,
  };
}

/** encoding/json compares names by simple case folding; two letters outside ASCII fold to ASCII ones. */
function foldName(name: string): string {
  return name.toLowerCase().replaceAll('\u017f', 's').replaceAll('\u212a', 'k');
}
