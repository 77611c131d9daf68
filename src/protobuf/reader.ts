/**
 * Reads JSON into messages as `github.com/golang/protobuf/jsonpb` v1.5.4 does, which is not what the proto3 JSON
 * specification says: see validation-behaviour.md section 4. A reader per message type is compiled on first use.
 */
import { quote } from '../go/quote.ts';
import type { Field, MessageType, ValueType } from './descriptor.ts';
import { messageType, zeroOf } from './descriptor.ts';
import { ProtobufJsonError } from './error.ts';
import type { MessageTypes } from './istio-types.ts';
import { parseJson } from './json-number.ts';
import { enumReader, scalarReader } from './scalar-readers.ts';
import {
  asList,
  asObject,
  readDuration,
  readListValue,
  readStruct,
  readTimestamp,
  readValue,
} from './well-known-readers.ts';
import { findTypeByUrl, isWellKnown, isWrapper } from './well-known-types.ts';

export interface ReadOptions {
  /** Refuse JSON fields that the message does not have. Default: ignore them, as the webhook does. */
  readonly strict?: boolean;
}

/** Nesting of messages that is read; far more than any configuration has, and it fits our stack. */
const MAX_MESSAGE_DEPTH = 250;

type AnyMessage = Record<string, unknown>;

interface Context {
  readonly strict: boolean;
  depth: number;
}

/** Reads a value that is there; null only where the type says what it means. */
type Read = (json: unknown, context: Context) => unknown;

/**
 * The message that parsed JSON stands for; absent and `null` give an empty one. Numbers may be {@link JsonNumber}s or bigints.
 * Throws {@link ProtobufJsonError} for the first fault in declaration order.
 */
export function readMessage<N extends keyof MessageTypes>(
  type: N,
  json: unknown,
  options?: ReadOptions,
): MessageTypes[N];
export function readMessage<T>(type: MessageType<T>, json: unknown, options?: ReadOptions): T;
export function readMessage(type: string | MessageType, json: unknown, options: ReadOptions = {}): unknown {
  const found = typeof type === 'string' ? messageType(type) : type;
  return readerOf(found)(json ?? null, { strict: options.strict ?? false, depth: 0 });
}

/** As {@link readMessage}, from JSON text. Throws `SyntaxError` when it is none. */
export function readMessageFromText<N extends keyof MessageTypes>(
  type: N,
  text: string,
  options?: ReadOptions,
): MessageTypes[N] {
  return readMessage(type, parseJson(text), options);
}

/** A copy of `base` in which every field that the JSON has is replaced; jsonpb's Unmarshal into a message that is not empty. */
export function readMessageOnto<T extends object>(
  type: MessageType<T>,
  base: T,
  json: unknown,
  options: ReadOptions = {},
): T {
  const copy = Object.assign(type.create(), base);
  if (json == null) return copy;
  readFields(fieldReadersOf(type), json, { strict: options.strict ?? false, depth: 0 }, copy as AnyMessage);
  return copy;
}

const readers = new Map<MessageType, Read>();

function readerOf(type: MessageType): Read {
  let read = readers.get(type);
  if (read === undefined) {
    read = compile(type);
    readers.set(type, read);
  }
  return read;
}

function compile(type: MessageType): Read {
  switch (type.name) {
    case 'google.protobuf.Value':
      return (json) => readValue(json);
    case 'google.protobuf.Struct':
      return (json) => (json === null ? {} : readStruct(json));
    case 'google.protobuf.ListValue':
      return (json) => (json === null ? [] : readListValue(json));
    case 'google.protobuf.Duration':
      return (json) => Object.assign(type.create(), json === null ? undefined : readDuration(json));
    case 'google.protobuf.Timestamp':
      return (json) => Object.assign(type.create(), json === null ? undefined : readTimestamp(json));
    case 'google.protobuf.Any':
      return (json, context) => (json === null ? type.create() : readAny(type, json, context));
  }
  return isWrapper(type) ? wrapperReader(type) : messageReader(type);
}

function wrapperReader(type: MessageType): Read {
  const [field] = type.fields.map((declared) => new FieldReader(declared, type.fields));
  return (json, context) => {
    const message = type.create() as AnyMessage;
    if (json !== null) field?.set(message, json, context);
    return message;
  };
}

function messageReader(type: MessageType): Read {
  const fields = fieldReadersOf(type);
  return (json, context) => {
    const message = type.create() as AnyMessage;
    if (json === null) return message;
    if (++context.depth > MAX_MESSAGE_DEPTH) throw new ProtobufJsonError('exceeded max depth');
    readFields(fields, json, context, message);
    context.depth--;
    return message;
  };
}

/** The fields of a message type with their readers. */
interface FieldReaders {
  readonly typeName: string;
  readonly inOrder: readonly FieldReader[];
  /** Both spellings of every field. */
  readonly names: ReadonlySet<string>;
}

const fieldReaders = new Map<MessageType, FieldReaders>();

function fieldReadersOf(type: MessageType): FieldReaders {
  let found = fieldReaders.get(type);
  if (found === undefined) {
    const inOrder = type.fields.map((field) => new FieldReader(field, type.fields));
    const names = new Set(type.fields.flatMap((field) => [field.name, field.jsonName]));
    found = { typeName: type.name, inOrder, names };
    fieldReaders.set(type, found);
  }
  return found;
}

function readFields(fields: FieldReaders, json: unknown, context: Context, message: AnyMessage): void {
  const object = asObject(json);
  for (const field of fields.inOrder) {
    const raw = field.find(object);
    if (raw !== undefined) field.set(message, raw, context);
  }
  if (context.strict) refuseUnknownFields(fields, object);
}

function refuseUnknownFields({ names, typeName }: FieldReaders, object: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(object)) {
    if (!names.has(key)) throw new ProtobufJsonError(`unknown field ${quote(key)} in ${typeName}`);
  }
}

/** Reads one field of a message. */
class FieldReader {
  private readonly field: Field;
  private readonly jsonName: string;
  /** The proto name where it differs from the JSON name. */
  private readonly otherName: string | undefined;
  private readonly read: Read;
  /** For fields without presence: the value that is the same as absent. */
  private readonly zero: unknown;
  /** The other members of its oneof. */
  private readonly rivals: readonly string[];
  private readonly keepsNull: boolean;

  constructor(field: Field, siblings: readonly Field[]) {
    this.field = field;
    this.jsonName = field.jsonName;
    this.otherName = field.name === field.jsonName ? undefined : field.name;
    this.read = fieldReader(field);
    this.zero = field.cardinality === 'singular' && !field.hasPresence ? zeroOf(field.type) : undefined;
    this.rivals = siblings
      .filter((sibling) => sibling !== field && field.oneof !== undefined && sibling.oneof === field.oneof)
      .map((sibling) => sibling.jsonName);
    this.keepsNull = field.cardinality === 'singular' && typeKeepsNull(field.type);
  }

  /**
   * The JSON of the field; the camelCase spelling wins, and null is the same as absent. No field is called like anything
   * that objects inherit (a test sees to that), so a plain look-up is safe.
   */
  find(object: Readonly<Record<string, unknown>>): unknown {
    let json = object[this.jsonName];
    if (json === undefined && this.otherName !== undefined) json = object[this.otherName];
    return json === null && !this.keepsNull ? undefined : json;
  }

  /** Sets the field of a message, and unsets the other members of its oneof: the member declared last wins. */
  set(message: AnyMessage, json: unknown, context: Context): void {
    const value = this.readHere(json, context);
    for (const rival of this.rivals) if (message[rival] !== undefined) Reflect.deleteProperty(message, rival);
    if (!this.isZero(value)) message[this.jsonName] = value;
    else if (Object.hasOwn(message, this.jsonName)) Reflect.deleteProperty(message, this.jsonName);
  }

  private readHere(json: unknown, context: Context): unknown {
    try {
      return this.read(json, context);
    } catch (error) {
      throw error instanceof ProtobufJsonError ? error.inside(this.jsonName) : error;
    }
  }

  private isZero(value: unknown): boolean {
    if (this.field.hasPresence || this.field.cardinality === 'map') return false;
    if (this.field.cardinality === 'list') return (value as readonly unknown[]).length === 0;
    return value instanceof Uint8Array ? value.length === 0 : Object.is(value, this.zero);
  }
}

function typeKeepsNull(type: ValueType): boolean {
  if (type.kind === 'message') return type.message().name === 'google.protobuf.Value';
  return type.kind === 'enum' && type.enum().name === 'google.protobuf.NullValue';
}

function fieldReader(field: Field): Read {
  const read = valueReader(field.type);
  switch (field.cardinality) {
    case 'singular':
      return read;
    case 'list':
      return (json, context) => asList(json).map((item, index) => readPart(read, item, `[${index}]`, context));
    case 'map':
      return mapReader(field, read);
  }
}

function mapReader(field: Field, read: Read): Read {
  const readKey = field.keyKind === undefined || field.keyKind === 'string' ? undefined : scalarReader(field.keyKind);
  return (json, context) => {
    const object = asObject(json);
    // Without a prototype, so that keys such as `__proto__` and `constructor` are only data.
    const map = Object.create(null) as Record<string, unknown>;
    for (const key of Object.keys(object)) {
      const mapKey = readKey === undefined ? key : String(readKey(key));
      map[mapKey] = readPart(read, object[key], `[${quote(key)}]`, context);
    }
    return map;
  };
}

function readPart(read: Read, json: unknown, segment: string, context: Context): unknown {
  try {
    return read(json, context);
  } catch (error) {
    throw error instanceof ProtobufJsonError ? error.inside(segment) : error;
  }
}

function valueReader(type: ValueType): Read {
  if (type.kind === 'enum') return enumReader(type.enum());
  if (type.kind !== 'message') return scalarReader(type.kind);
  // Types are recursive: the reader is looked up when the first value comes.
  let read: Read | undefined;
  return (json, context) => (read ??= readerOf(type.message()))(json, context);
}

/** An Any: its type is resolved among all linked types, its content read as a message of that type. */
function readAny(type: MessageType, json: unknown, context: Context): AnyMessage {
  const { '@type': typeUrl, ...content } = asObject(json);
  if (typeUrl === undefined) throw new ProtobufJsonError("Any JSON doesn't have '@type'");
  if (typeUrl !== null && typeof typeUrl !== 'string') {
    throw new ProtobufJsonError(`can't unmarshal Any's '@type': ${quote(JSON.stringify(typeUrl))}`);
  }
  const url = typeUrl ?? '';
  const contentType = findTypeByUrl(url);
  if (contentType === undefined) throw new ProtobufJsonError(`could not resolve Any message type: ${url}`);
  const wellKnown = isWellKnown(contentType);
  if (wellKnown && content['value'] === undefined) throw new ProtobufJsonError("Any JSON doesn't have 'value'");
  try {
    const message = readerOf(contentType)(wellKnown ? content['value'] : content, context);
    return Object.assign(type.create() as AnyMessage, { typeUrl: url, message });
  } catch (error) {
    if (!(error instanceof ProtobufJsonError)) throw error;
    throw error.reworded(`can't unmarshal Any nested proto ${url}: ${error.message}`);
  }
}
