/**
 * Messages in protobuf's text form, as Go's `%v` and `String()` print them: `value:true`, `seconds:45  nanos:1`.
 *
 * Go puts one or two spaces between fields, which of them depends on the build of the program; here it is always two, as in
 * the builds of Istio that were observed.
 */
import { formatShortest } from '../go/ftoa.ts';
import { compareStrings, encodeBytes } from '../go/utf8.ts';
import type { Field, MessageType, ValueType } from './descriptor.ts';
import { messageTypeOf } from './descriptor.ts';
import { isSet } from './presence.ts';
import { findTypeByUrl } from './well-known-types.ts';
import type { Any, Value } from './well-known.ts';

const SEPARATOR = '  ';

type AnyMessage = Readonly<Record<string, unknown>>;

/** `String()` of a message. */
export function messageText(message: object): string {
  const type = messageTypeOf(message);
  if (type === undefined) throw new Error('not a protobuf message');
  return textOf(message, type);
}

function textOf(message: unknown, type: MessageType): string {
  switch (type.name) {
    case 'google.protobuf.Any':
      return anyText(message as Any);
    case 'google.protobuf.Struct':
      return structText(message as Readonly<Record<string, Value>>);
    case 'google.protobuf.ListValue':
      return listText(message as readonly Value[]);
    case 'google.protobuf.Value':
      return valueText(message as Value);
  }
  const fields = type.fields.filter((field) => isSet(message as AnyMessage, field));
  return fields.flatMap((field) => fieldTexts((message as AnyMessage)[field.jsonName], field)).join(SEPARATOR);
}

/** A list is written as the field repeated, a map as a list of entries sorted by key. */
function fieldTexts(value: unknown, field: Field): string[] {
  switch (field.cardinality) {
    case 'singular':
      return [`${field.name}:${scalarText(value, field.type)}`];
    case 'list':
      return (value as readonly unknown[]).map((item) => `${field.name}:${scalarText(item, field.type)}`);
    case 'map': {
      const map = value as AnyMessage;
      const isText = field.keyKind === 'string';
      return Object.keys(map)
        .sort(isText ? compareStrings : (a, b) => Number(a) - Number(b))
        .map(
          (key) =>
            `${field.name}:{key:${isText ? quoteText(key) : key}${SEPARATOR}value:${scalarText(map[key], field.type)}}`,
        );
    }
  }
}

function scalarText(value: unknown, type: ValueType): string {
  switch (type.kind) {
    case 'message':
      return `{${textOf(value, type.message())}}`;
    case 'string':
      return quoteText(value as string);
    case 'bytes':
      return quoteBytes(value as Uint8Array);
    case 'float':
    case 'double':
      return numberText(value as number);
    default:
      return String(value);
  }
}

function numberText(value: number): string {
  return Number.isFinite(value) ? formatShortest(value) : String(value).replace('Infinity', 'inf').toLowerCase();
}

function anyText({ typeUrl, message }: Any): string {
  const type = findTypeByUrl(typeUrl);
  return type === undefined ? '' : `[${typeUrl}]:{${textOf(message, type)}}`;
}

function structText(struct: Readonly<Record<string, Value>>): string {
  const entries = Object.entries(struct).sort(([a], [b]) => compareStrings(a, b));
  return entries
    .map(([key, value]) => `fields:{key:${quoteText(key)}${SEPARATOR}value:{${valueText(value)}}}`)
    .join(SEPARATOR);
}

function listText(values: readonly Value[]): string {
  return values.map((value) => `values:{${valueText(value)}}`).join(SEPARATOR);
}

const isList = (value: object): value is readonly Value[] => Array.isArray(value);

function valueText(value: Value): string {
  if (value === null) return 'null_value:NULL_VALUE';
  if (typeof value === 'string') return `string_value:${quoteText(value)}`;
  if (typeof value === 'number') return `number_value:${numberText(value)}`;
  if (typeof value === 'boolean') return `bool_value:${value}`;
  if (isList(value)) return `list_value:{${listText(value)}}`;
  return `struct_value:{${structText(value)}}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quoteText(text: string): string {
  return `"${text.replace(/["\\\x00-\x1f\x7f]/g, (char) => ESCAPES[char] ?? hexEscape(char.charCodeAt(0)))}"`;
}

function quoteBytes(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8').decode(bytes);
  if (encodeBytes(text).length === bytes.length) return quoteText(text);
  return `"${Array.from(bytes, hexEscape).join('')}"`;
}

function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
