/** Comparing, copying and combining messages; all give new messages and change none. */
import type { Field } from './descriptor.ts';
import { messageTypeOf } from './descriptor.ts';
import { isSet } from './presence.ts';

type AnyMessage = Readonly<Record<string, unknown>>;

/** Go's `proto.Equal`: the same fields are set to equal values; an empty list or map is the same as none. */
export function messagesEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const type = messageTypeOf(a);
  if (type !== messageTypeOf(b)) return false;
  if (type === undefined) return partsEqual(a as AnyMessage, b as AnyMessage);
  return type.fields.every((field) => fieldsEqual(a as AnyMessage, b as AnyMessage, field));
}

function fieldsEqual(a: AnyMessage, b: AnyMessage, field: Field): boolean {
  const isSetInA = isSet(a, field);
  return isSetInA === isSet(b, field) && (!isSetInA || messagesEqual(a[field.jsonName], b[field.jsonName]));
}

/** Lists, maps, bytes and plain JSON. */
function partsEqual(a: AnyMessage, b: AnyMessage): boolean {
  const keys = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && messagesEqual(a[key], b[key]));
}

/** A copy of `message` with some fields replaced; `undefined` unsets one. */
export function withFields<T extends object>(message: T, changes: Partial<T>): T {
  const type = messageTypeOf(message);
  if (type === undefined) throw new Error('not a protobuf message');
  const copy: Record<string, unknown> = Object.assign(type.create(), message, changes);
  for (const [name, value] of Object.entries(changes)) if (value === undefined) Reflect.deleteProperty(copy, name);
  return copy as T;
}

/**
 * A copy of `base` in which every field that is set in `over` is replaced. The same as writing `over` as JSON and reading
 * that onto `base`: what holds its proto3 default does not replace anything.
 */
export function overlayMessage<T extends object>(base: T, over: T): T {
  const type = messageTypeOf(base);
  if (type === undefined) throw new Error('not a protobuf message');
  const changes: Record<string, unknown> = {};
  for (const field of type.fields) {
    if (!isSet(over as AnyMessage, field)) continue;
    const rivals = type.fields.filter(({ oneof }) => oneof !== undefined && oneof === field.oneof);
    for (const rival of rivals) changes[rival.jsonName] = undefined;
    changes[field.jsonName] = (over as AnyMessage)[field.jsonName];
  }
  return withFields(base, changes as Partial<T>);
}
