/**
 * Protobuf messages as Go's generated structs show them: fields in CamelCase, a nil-safe getter for every field, enums that are int32
 * and print their name, `String` in the text format.
 */
import {
  messageText,
  messageType,
  messageTypeOf,
  type Duration,
  type EnumType,
  type Field,
  type MessageType,
  type ValueType,
} from '../../protobuf/index.ts';
import {
  BOOL,
  FLOAT64,
  GoType,
  INT32,
  INT64,
  mapOf,
  STRING,
  UINT32,
  UINT64,
  UINT8,
  type Method,
  type StructField,
} from '../types.ts';
import { Typed, type GoValue } from '../values.ts';
import { goType } from './registry.ts';

type Fields = Readonly<Record<string, unknown>>;

const FLOAT32 = new GoType('float32', 'float32');
const SCALARS: Readonly<Record<string, GoType>> = {
  double: FLOAT64,
  float: FLOAT32,
  int32: INT32,
  sint32: INT32,
  sfixed32: INT32,
  int64: INT64,
  sint64: INT64,
  sfixed64: INT64,
  uint32: UINT32,
  fixed32: UINT32,
  uint64: UINT64,
  fixed64: UINT64,
  bool: BOOL,
  string: STRING,
  bytes: UINT8.slice,
};

const structs = new WeakMap<MessageType, GoType>();
const messageStructs = new WeakSet<GoType>();
const enums = new WeakMap<EnumType, GoType>();

/** The struct type of a message; templates see pointers to it. */
export function structOf(type: MessageType): GoType {
  let struct = structs.get(type);
  if (struct === undefined) {
    struct = new GoType(type.goName, 'struct', {
      fields: () => structFields(type),
      methods: () => messageMethods(type),
      string: textOf,
      stringOnPointer: true,
    });
    structs.set(type, struct);
    messageStructs.add(struct);
  }
  return struct;
}

/** Whether a Go struct is that of a message. */
export const isMessageStruct = (type: GoType): boolean => messageStructs.has(type);

/** `String` of a message; a nil one is `<nil>`. */
function textOf(raw: unknown): string {
  if (raw === null) return '<nil>';
  // Struct, Value and ListValue are plain JSON here and do not know their type.
  return messageTypeOf(raw as object) === undefined ? '' : messageText(raw as object);
}

/** The value of a message, or of its absence. */
export function messageValue(name: string, message: object | null | undefined): GoValue {
  return new Typed(structOf(messageType(name)).pointer, message ?? null);
}

/** `istio.mesh.v1alpha1.Tracing.X` → `v1alpha1.Tracing_X`. */
function goEnumName(name: string): string {
  const parts = name.split('.');
  const first = parts.findIndex((part) => /^[A-Z]/.test(part));
  return `${parts[first - 1] ?? ''}.${parts.slice(first).join('_')}`;
}

function enumOf(type: EnumType): GoType {
  let known = enums.get(type);
  if (known === undefined) {
    const decode = (raw: unknown): bigint =>
      BigInt((typeof raw === 'string' ? type.numbers.get(raw) : (raw as number)) ?? 0);
    const text = (raw: unknown): string => type.names.get(Number(raw)) ?? String(raw);
    known = new GoType(goEnumName(type.name), 'int32', {
      decode,
      string: text,
      methods: () => [
        { name: 'String', params: [], result: STRING, call: text },
        { name: 'Number', params: [], result: new GoType('protoreflect.EnumNumber', 'int32'), call: (raw) => raw },
      ],
    });
    enums.set(type, known);
  }
  return known;
}

function elementType(type: ValueType): GoType {
  if (type.kind === 'message') return structOf(type.message()).pointer;
  return type.kind === 'enum' ? enumOf(type.enum()) : (SCALARS[type.kind] ?? STRING);
}

/** The type a getter gives; the struct field has a pointer where an unset scalar differs from zero. */
function getterType({ cardinality, keyKind, type }: Field): GoType {
  const element = elementType(type);
  if (cardinality === 'list') return element.slice;
  return cardinality === 'map' ? mapOf(SCALARS[keyKind ?? 'string'] ?? STRING, element) : element;
}

const isOptionalScalar = (field: Field): boolean =>
  field.hasPresence && field.oneof === undefined && field.type.kind !== 'message' && field.type.kind !== 'bytes';

/** A field's raw data. An unset list or map is nil in Go; the empty one that our messages show then is inherited. */
function valueIn(message: Fields, { jsonName, cardinality }: Field): unknown {
  return cardinality === 'singular' || Object.hasOwn(message, jsonName) ? message[jsonName] : null;
}

function structFields(type: MessageType): readonly StructField[] {
  const plain = type.fields.filter((field) => field.oneof === undefined);
  return plain.map((field) => ({
    name: field.goName,
    get type() {
      const result = getterType(field);
      return isOptionalScalar(field) ? result.pointer : result;
    },
    get: (message) => valueIn(message as Fields, field),
  }));
}

function messageMethods(type: MessageType): readonly Method[] {
  const getters = type.fields.map((field): Method => ({
    name: `Get${field.goName}`,
    params: [],
    get result() {
      return getterType(field);
    },
    onPointer: true,
    call: (message) => (message === null ? undefined : valueIn(message as Fields, field)),
  }));
  const text: Method = { name: 'String', params: [], result: STRING, onPointer: true, call: textOf };
  return type.name === 'google.protobuf.Duration' ? [...getters, text, asDuration] : [...getters, text];
}

const MAX_INT64 = (1n << 63n) - 1n;

/** `durationpb.Duration.AsDuration`: a missing duration is zero, one that does not fit is the longest or shortest. */
const asDuration: Method = {
  name: 'AsDuration',
  params: [],
  get result() {
    return goType('time.Duration');
  },
  onPointer: true,
  call: (raw) => {
    const { seconds, nanos } = (raw ?? { seconds: 0, nanos: 0 }) as Duration;
    const total = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
    if (total > MAX_INT64) return MAX_INT64;
    return total < -MAX_INT64 ? -MAX_INT64 - 1n : total;
  },
};
