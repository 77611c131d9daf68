/**
 * Message and enum descriptors (Go's `protoreflect`), read from the generated tables `istio.json` and `envoy.json`.
 *
 * Format of a table: `messages` maps a full name to `[GO_TYPE, FIELD…]`, fields in declaration order; `enums` maps a full
 * name to its values in declaration order. GO_TYPE is what Go's `%T` prints without the star (`v1alpha3.Gateway`). A field is
 * `NAME NUMBER TYPE [FLAG…]`: TYPE is a scalar kind, a full message or enum name, or `map<KEY,VALUE>`; a FLAG is `repeated`,
 * `optional` (proto3 presence), `oneof=NAME`, `json=NAME` and `go=NAME` where these differ from the usual spelling of NAME.
 *
 * Nothing is parsed before a type is asked for, and Envoy's table is not even loaded before a type outside Istio's is.
 */
import { createRequire } from 'node:module';
import istioTable from './istio.json' with { type: 'json' };
import type { MessageTypes } from './istio-types.ts';
import { goCamelCase, jsonCamelCase } from './names.ts';

const SCALARS = [
  'double',
  'float',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'sfixed32',
  'sfixed64',
  'bool',
  'string',
  'bytes',
] as const;

export type ScalarKind = (typeof SCALARS)[number];

const isScalar = (word: string): word is ScalarKind => (SCALARS as readonly string[]).includes(word);

/** The type of a field, of a list's element or of a map's value. Messages and enums are resolved on use, as types are recursive. */
export type ValueType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'message'; readonly message: () => MessageType }
  | { readonly kind: 'enum'; readonly enum: () => EnumType };

/** One field of a message. */
export interface Field {
  /** As in the .proto file: `source_labels`. */
  readonly name: string;
  /** As in JSON and in our message objects: `sourceLabels`. */
  readonly jsonName: string;
  /** As in the Go struct: `SourceLabels`. */
  readonly goName: string;
  readonly number: number;
  /** Position in the declaration. */
  readonly index: number;
  readonly cardinality: 'singular' | 'list' | 'map';
  readonly type: ValueType;
  /** Kind of a map's keys. */
  readonly keyKind?: ScalarKind;
  /** Name of the oneof it is a member of. */
  readonly oneof?: string;
  /** Whether "set to zero" differs from "not set": messages, oneof members, proto3 `optional`. */
  readonly hasPresence: boolean;
}

/** One enum. */
export class EnumType {
  readonly name: string;
  /** Numbers by value name. */
  readonly numbers: ReadonlyMap<string, number>;
  /** The first declared name of each number. */
  readonly names: ReadonlyMap<number, string>;
  /** The value of an unset field: the name of number 0. */
  readonly zero: string;

  constructor(name: string, values: Readonly<Record<string, number>>) {
    this.name = name;
    this.numbers = new Map(Object.entries(values));
    this.names = new Map([...this.numbers].reverse().map(([value, number]) => [number, value]));
    this.zero = this.names.get(0) ?? '';
  }
}

const typeKey = Symbol('message type');

const NO_ITEMS: readonly never[] = Object.freeze([]);
const NO_ENTRIES: Readonly<Record<string, never>> = Object.freeze(Object.create(null) as Record<string, never>);

/** One message type: its fields, and the class of its instances. */
export class MessageType<T = object> {
  readonly name: string;
  /** `v1alpha3.Gateway`; a pointer to it is what Go's texts name. */
  readonly goName: string;
  readonly fields: readonly Field[];
  readonly #class: new () => T;

  constructor(name: string, goName: string, fields: readonly Field[]) {
    this.name = name;
    this.goName = goName;
    this.fields = fields;
    this.#class = function () {} as unknown as new () => T;
    const prototype = this.#class.prototype as unknown as object;
    Object.defineProperty(prototype, typeKey, { value: this });
    for (const field of fields) {
      // Writable, else instances could not be given the field; not enumerable, so that only what is set is listed.
      const value = hasPlainSeconds(name) ? 0 : defaultOf(field);
      if (value !== undefined) Object.defineProperty(prototype, field.jsonName, { value, writable: true });
    }
  }

  /** A new message without any field set: reading a field gives its proto3 default. */
  create(): T {
    return new this.#class();
  }

  /** The field of that proto name (`source_labels`) or JSON name (`sourceLabels`). */
  field(name: string): Field | undefined {
    return this.fields.find((field) => field.name === name || field.jsonName === name);
  }
}

/** Whether the message's 64-bit seconds are a number nevertheless: their range is far below 2^53. */
function hasPlainSeconds(name: string): boolean {
  return name === 'google.protobuf.Duration' || name === 'google.protobuf.Timestamp';
}

function defaultOf(field: Field): unknown {
  if (field.cardinality === 'list') return NO_ITEMS;
  if (field.cardinality === 'map') return NO_ENTRIES;
  return field.hasPresence ? undefined : zeroOf(field.type);
}

/** The proto3 default of a type; an empty message for message types. */
export function zeroOf(type: ValueType): unknown {
  switch (type.kind) {
    case 'message':
      return type.message().create();
    case 'enum':
      return type.enum().zero;
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'bytes':
      return new Uint8Array();
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64':
      return 0n;
    default:
      return 0;
  }
}

/** The type of a message object; undefined for other objects. */
export function messageTypeOf(message: object): MessageType | undefined {
  return (message as { [typeKey]?: MessageType })[typeKey];
}

interface Table {
  readonly messages: Readonly<Record<string, readonly string[]>>;
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const istio: Table = istioTable;
let envoy: Table | undefined;

function envoyTable(): Table {
  envoy ??= createRequire(import.meta.url)('./envoy.json') as Table;
  return envoy;
}

const messageTypes = new Map<string, MessageType>();
const enumTypes = new Map<string, EnumType>();

/** The type of a full protobuf name, which must exist. */
export function messageType<N extends keyof MessageTypes>(name: N): MessageType<MessageTypes[N]>;
export function messageType(name: string): MessageType;
export function messageType(name: string): MessageType {
  const found = findMessageType(name);
  if (found === undefined) throw new Error(`no message type ${name}`);
  return found;
}

/** The type of a full protobuf name, if Istio links one. */
export function findMessageType(name: string): MessageType | undefined {
  const known = messageTypes.get(name);
  if (known !== undefined) return known;
  const line = entry(istio.messages, name) ?? entry(envoyTable().messages, name);
  if (line === undefined) return undefined;
  const [goName = '', ...fields] = line;
  const type = new MessageType(name, goName, parseFields(fields));
  messageTypes.set(name, type);
  return type;
}

/** The enum of a full protobuf name, which must exist. */
export function enumType(name: string): EnumType {
  let type = enumTypes.get(name);
  if (type === undefined) {
    const values = entry(istio.enums, name) ?? entry(envoyTable().enums, name);
    if (values === undefined) throw new Error(`no enum type ${name}`);
    type = new EnumType(name, values);
    enumTypes.set(name, type);
  }
  return type;
}

function entry<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function isEnumName(name: string): boolean {
  return Object.hasOwn(istio.enums, name) || (!Object.hasOwn(istio.messages, name) && name in envoyTable().enums);
}

const MAP = /^map<([a-z0-9]+),(.+)>$/;

function parseFields(lines: readonly string[]): Field[] {
  return lines.map((line, index) => {
    const [name = '', number = '', word = '', ...flags] = line.split(' ');
    const flag = (prefix: string): string | undefined =>
      flags.find((text) => text.startsWith(prefix))?.slice(prefix.length);
    const [, keyKind, valueWord] = MAP.exec(word) ?? [];
    const cardinality = keyKind !== undefined ? 'map' : flags.includes('repeated') ? 'list' : 'singular';
    const type = parseType(valueWord ?? word);
    const oneof = flag('oneof=');
    return {
      name,
      jsonName: flag('json=') ?? jsonCamelCase(name),
      goName: flag('go=') ?? goCamelCase(name),
      number: Number(number),
      index,
      cardinality,
      type,
      keyKind: keyKind as ScalarKind | undefined,
      oneof,
      hasPresence:
        cardinality === 'singular' && (type.kind === 'message' || oneof !== undefined || flags.includes('optional')),
    };
  });
}

function parseType(word: string): ValueType {
  if (isScalar(word)) return { kind: word };
  if (isEnumName(word)) return { kind: 'enum', enum: () => enumType(word) };
  return { kind: 'message', message: () => messageType(word) };
}
