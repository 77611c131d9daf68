/** Which fields of a message are set. */
import type { Field } from './descriptor.ts';
import { zeroOf } from './descriptor.ts';

/** Go's `protoreflect.Message.Has`: empty lists and maps, and zero values of fields without presence, count as not set. */
export function isSet(message: Readonly<Record<string, unknown>>, field: Field): boolean {
  if (!Object.hasOwn(message, field.jsonName)) return false;
  const value = message[field.jsonName];
  if (value === undefined || field.hasPresence) return value !== undefined;
  if (field.cardinality === 'list' || value instanceof Uint8Array) return (value as ArrayLike<unknown>).length > 0;
  if (field.cardinality === 'map') return Object.keys(value as object).length > 0;
  return !Object.is(value, zeroOf(field.type));
}
