/** Reading the well-known types that have a JSON form of their own, except Any and the wrappers (see reader.ts). */
import { DurationError, parseDuration } from '../go/duration.ts';
import { quote } from '../go/quote.ts';
import { parseRfc3339, TimeError } from '../go/rfc3339.ts';
import { ProtobufJsonError } from './error.ts';
import { JsonNumber } from './json-number.ts';
import { cannotUnmarshal, readString } from './scalar-readers.ts';
import type { Duration, ListValue, Struct, Timestamp, Value } from './well-known.ts';

/** Nesting of plain JSON that is read. Go's limit is 10,000; no configuration comes near either, and this one fits our stack. */
const MAX_VALUE_DEPTH = 1_000;

const MAP_TYPE = 'map[string]json.RawMessage';
const LIST_TYPE = '[]json.RawMessage';

/** What `encoding/json` accepts as an object. */
export function asObject(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json) && !(json instanceof JsonNumber)) {
    return json as Readonly<Record<string, unknown>>;
  }
  throw cannotUnmarshal(json, MAP_TYPE);
}

/** What `encoding/json` accepts as a list. */
export function asList(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw cannotUnmarshal(json, LIST_TYPE);
}

const NANOS_PER_SECOND = 1_000_000_000n;
const SIMPLE_DURATION = /^([0-9]{1,9})(ms|s|m|h)$/;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** A Duration in Go's syntax (`time.ParseDuration`), not in protobuf's. */
export function readDuration(json: unknown): Duration {
  if (typeof json !== 'string') throw cannotUnmarshal(json, 'string');
  const [, digits, unit = ''] = SIMPLE_DURATION.exec(json) ?? [];
  if (digits !== undefined) {
    const count = Number(digits);
    if (unit !== 'ms') return { seconds: count * (SECONDS[unit] ?? 1), nanos: 0 };
    return { seconds: Math.trunc(count / 1000), nanos: (count % 1000) * 1_000_000 };
  }
  try {
    const nanos = parseDuration(json);
    return { seconds: Number(nanos / NANOS_PER_SECOND), nanos: Number(nanos % NANOS_PER_SECOND) };
  } catch (error) {
    if (error instanceof DurationError) throw new ProtobufJsonError(`bad Duration: ${error.message}`);
    throw error;
  }
}

/** A Timestamp in RFC 3339. */
export function readTimestamp(json: unknown): Timestamp {
  if (typeof json !== 'string') throw cannotUnmarshal(json, 'string');
  try {
    return parseRfc3339(json);
  } catch (error) {
    if (error instanceof TimeError) throw new ProtobufJsonError(`bad Timestamp: ${error.message}`);
    throw error;
  }
}

/** A Struct: any object. */
export function readStruct(json: unknown): Struct {
  try {
    asObject(json);
  } catch (error) {
    throw error instanceof ProtobufJsonError ? error.reworded(`bad StructValue: ${error.message}`) : error;
  }
  return readValue(json) as Struct;
}

/** A ListValue: any list. */
export function readListValue(json: unknown): ListValue {
  try {
    asList(json);
  } catch (error) {
    throw error instanceof ProtobufJsonError ? error.reworded(`bad ListValue: ${error.message}`) : error;
  }
  return readValue(json) as ListValue;
}

/** A Value: any JSON, numbers as doubles. Gives the same object where nothing had to change. */
export function readValue(json: unknown, depth = 0): Value {
  if (depth > MAX_VALUE_DEPTH) throw new ProtobufJsonError('exceeded max depth');
  if (typeof json === 'number' || typeof json === 'bigint' || json instanceof JsonNumber) return readNumber(json);
  if (typeof json === 'string') return readString(json);
  if (typeof json !== 'object' || json === null) return json as Value;
  return Array.isArray(json) ? readItems(json, depth) : readEntries(json as Record<string, unknown>, depth);
}

function readNumber(json: number | bigint | JsonNumber): number {
  const value = Number(json instanceof JsonNumber ? json.text : json);
  if (Number.isFinite(value)) return value;
  const literal = json instanceof JsonNumber ? json.text : '1e999';
  throw new ProtobufJsonError(`unrecognized type for Value ${quote(literal)}`);
}

function readItems(items: readonly unknown[], depth: number): Value {
  const values = items.map((item) => readValue(item, depth + 1));
  return values.every((value, index) => value === items[index]) ? (items as readonly Value[]) : values;
}

function readEntries(entries: Readonly<Record<string, unknown>>, depth: number): Value {
  let changed: Record<string, Value> | undefined;
  for (const key of Object.keys(entries)) {
    const value = readEntry(key, entries[key], depth);
    if (value === entries[key]) continue;
    changed ??= Object.assign(Object.create(null) as Record<string, Value>, entries);
    changed[key] = value;
  }
  return changed ?? (entries as { readonly [key: string]: Value });
}

function readEntry(key: string, json: unknown, depth: number): Value {
  try {
    return readValue(json, depth + 1);
  } catch (error) {
    if (!(error instanceof ProtobufJsonError)) throw error;
    throw error.reworded(`bad value in StructValue for key ${quote(key)}: ${error.message}`).inside(key);
  }
}
