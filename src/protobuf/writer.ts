/**
 * Writes messages as JSON text as `github.com/golang/protobuf/jsonpb` v1.5.4 does: fields in declaration order, camelCase,
 * unset fields left out, enums by name, 64-bit integers as strings, maps sorted, no white space, strings escaped for HTML.
 */
import { formatJson } from '../go/ftoa.ts';
import { encodeJsonString } from '../go/json-encode.ts';
import { compareStrings } from '../go/utf8.ts';
import { encodeBase64 } from './base64.ts';
import type { Field, MessageType, ScalarKind, ValueType } from './descriptor.ts';
import { messageTypeOf } from './descriptor.ts';
import { formatFloat32 } from './float32.ts';
import { isSet } from './presence.ts';
import { findTypeByUrl, isWellKnown, isWrapper } from './well-known-types.ts';
import type { Any, Duration, Timestamp, Value } from './well-known.ts';

type AnyMessage = Readonly<Record<string, unknown>>;

/** The JSON text of a message. */
export function writeMessage(message: object): string {
  const type = messageTypeOf(message);
  if (type === undefined) throw new Error('not a protobuf message');
  return writeTyped(message, type);
}

function writeTyped(message: unknown, type: MessageType): string {
  switch (type.name) {
    case 'google.protobuf.Any':
      return writeAny(message as Any);
    case 'google.protobuf.Duration':
      return `"${secondsText(message as Duration)}s"`;
    case 'google.protobuf.Timestamp':
      return `"${timestampText(message as Timestamp)}Z"`;
    case 'google.protobuf.Value':
    case 'google.protobuf.Struct':
    case 'google.protobuf.ListValue':
      return writeJson(message as Value);
  }
  const fields = message as AnyMessage;
  const [first] = type.fields;
  if (isWrapper(type) && first !== undefined) return writeValue(fields['value'], first.type);
  return `{${writeFields(fields, type).join(',')}}`;
}

function writeFields(message: AnyMessage, type: MessageType): string[] {
  const parts: string[] = [];
  for (const field of type.fields) {
    if (isSet(message, field)) parts.push(`"${field.jsonName}":${writeField(message[field.jsonName], field)}`);
  }
  return parts;
}

function writeField(value: unknown, field: Field): string {
  switch (field.cardinality) {
    case 'singular':
      return writeValue(value, field.type);
    case 'list':
      return `[${(value as readonly unknown[]).map((item) => writeValue(item, field.type)).join(',')}]`;
    case 'map':
      return writeMap(value as AnyMessage, field);
  }
}

function writeMap(map: AnyMessage, field: Field): string {
  const keys = Object.keys(map).sort(keyOrder(field.keyKind));
  return `{${keys.map((key) => `${encodeJsonString(key)}:${writeValue(map[key], field.type)}`).join(',')}}`;
}

function keyOrder(kind: ScalarKind | undefined): (a: string, b: string) => number {
  if (kind === undefined || kind === 'string' || kind === 'bool') return compareStrings;
  return (a, b) => (BigInt(a) < BigInt(b) ? -1 : 1);
}

function writeValue(value: unknown, type: ValueType): string {
  switch (type.kind) {
    case 'message':
      return writeTyped(value, type.message());
    case 'enum':
      return writeEnum(value as string | number, type.enum().name);
    case 'string':
      return encodeJsonString(value as string);
    case 'bytes':
      return `"${encodeBase64(value as Uint8Array)}"`;
    case 'float':
      return writeFloat(value as number, formatFloat32);
    case 'double':
      return writeFloat(value as number, formatJson);
    default:
      return typeof value === 'bigint' ? `"${value}"` : String(value);
  }
}

function writeEnum(value: string | number, enumName: string): string {
  if (enumName === 'google.protobuf.NullValue') return 'null';
  return typeof value === 'number' ? String(value) : `"${value}"`;
}

function writeFloat(value: number, format: (value: number) => string): string {
  if (Number.isFinite(value)) return format(value);
  return `"${value}"`;
}

/** The content's fields behind the type, or `value` for a content that is not an object. */
function writeAny({ typeUrl, message }: Any): string {
  const url = `"@type":${encodeJsonString(typeUrl)}`;
  const type = findTypeByUrl(typeUrl);
  if (type === undefined) throw new Error(`could not resolve Any message type: ${typeUrl}`);
  if (isWellKnown(type)) return `{${url},"value":${writeTyped(message, type)}}`;
  return `{${[url, ...writeFields(message as AnyMessage, type)].join(',')}}`;
}

function writeJson(value: Value): string {
  if (typeof value === 'number') return formatJson(value);
  if (typeof value === 'string') return encodeJsonString(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (isList(value)) return `[${value.map(writeJson).join(',')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => compareStrings(a, b));
  return `{${entries.map(([key, item]) => `${encodeJsonString(key)}:${writeJson(item)}`).join(',')}}`;
}

const isList = (value: object): value is readonly Value[] => Array.isArray(value);

/** Seconds with 0, 3, 6 or 9 decimals. */
function secondsText({ seconds, nanos }: Duration): string {
  const sign = seconds < 0 || nanos < 0 ? '-' : '';
  return `${sign}${Math.abs(seconds)}${fractionText(Math.abs(nanos))}`;
}

function timestampText({ seconds, nanos }: Timestamp): string {
  return new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length) + fractionText(nanos);
}

function fractionText(nanos: number): string {
  return `.${String(nanos).padStart(9, '0')}`.replace(/(?:000){1,2}$/, '').replace(/\.000$/, '');
}
