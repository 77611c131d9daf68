/** Which fields of a message are set. */
import type { Field } from './descriptor.ts';

/** Go's `protoreflect.Message.Has`: empty lists and maps, and zero values of fields without presence, count as not set. */
export function isSet(message: Readonly<Record<string, unknown>>, field: Field): boolean {
  if (!Object.hasOwn(message, field.jsonName)) return false;
  const value = message[field.jsonName];
  if (value === undefined || field.hasPresence) return value !== undefined;
  if (field.cardinality === 'list' || value instanceof Uint8Array) return (value as ArrayLike<unknown>).length > 0;
  if (field.cardinality === 'map') return Object.keys(value as object).length > 0;
  return field.type.kind === 'enum' ? value !== field.type.enum().zero : !isZeroScalar(value);
}

/** -0 is not zero to protobuf. */
function isZeroScalar(value: unknown): boolean {
  return value === '' || value === false || value === 0n || Object.is(value, 0);
}
