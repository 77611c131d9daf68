/** The text format of messages on one line (Go's `prototext`), which is what their `String` method gives: `value:true`. */
import { quote } from '../../go/quote.ts';
import { formatShortest } from '../../go/ftoa.ts';
import { compareStrings } from '../../go/utf8.ts';
import type { Field, MessageType, ValueType } from '../../protobuf/index.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Fields in declaration order, unset ones left out. */
export function messageText(type: MessageType, message: object): string {
  return type.fields.flatMap((field) => fieldTexts(field, (message as Fields)[field.jsonName])).join('  ');
}

function fieldTexts(field: Field, value: unknown): string[] {
  if (value == null) return [];
  if (field.cardinality === 'list') return (value as readonly unknown[]).map((item) => named(field, item));
  if (field.cardinality === 'map') return mapTexts(field, value as Fields);
  return !field.hasPresence && isZero(field.type, value) ? [] : [named(field, value)];
}

function isZero(type: ValueType, value: unknown): boolean {
  if (type.kind === 'enum') return value === type.enum().zero || value === 0;
  return (
    value === '' ||
    value === 0 ||
    value === 0n ||
    value === false ||
    (value instanceof Uint8Array && value.length === 0)
  );
}

function named({ name, type }: Field, value: unknown): string {
  return `${name}:${valueText(type, value)}`;
}

function mapTexts({ name, type }: Field, map: Fields): string[] {
  const keys = Object.keys(map).sort(compareStrings);
  return keys.map((key) => `${name}:{key:${quote(key)}  value:${valueText(type, map[key])}}`);
}

function valueText(type: ValueType, value: unknown): string {
  if (type.kind === 'message') return `{${messageText(type.message(), value as object)}}`;
  if (type.kind === 'enum') return String(value);
  if (value instanceof Uint8Array) return quote(String.fromCharCode(...value));
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' && !Number.isInteger(value) ? formatShortest(value) : String(value);
}
