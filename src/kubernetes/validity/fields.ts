/** Reading a decoded object: its fields have the types of their Go structs, or are absent. */
import { isRecord } from '../../yaml/index.ts';

/** A struct or a map. */
export type Fields = Readonly<Record<string, unknown>>;

const none: Fields = Object.freeze({});

/** A struct behind a pointer: undefined when it is not there. */
export function part(fields: Fields, name: string): Fields | undefined {
  const value = fields[name];
  return isRecord(value) ? value : undefined;
}

/** A struct or map of which only what is in it counts. */
export function fieldsOf(fields: Fields | undefined, name: string): Fields {
  return (fields && part(fields, name)) ?? none;
}

/** A list of structs. */
export function listOf(fields: Fields | undefined, name: string): readonly Fields[] {
  const value = fields?.[name];
  return Array.isArray(value) ? (value as readonly unknown[]).map((item) => (isRecord(item) ? item : none)) : [];
}

/** A list of texts. */
export function textsOf(fields: Fields | undefined, name: string): readonly string[] {
  const value = fields?.[name];
  return Array.isArray(value) ? (value as readonly unknown[]).map(String) : [];
}

/** A text, empty when it is not there. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

export function numberOf(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' ? value : undefined;
}
