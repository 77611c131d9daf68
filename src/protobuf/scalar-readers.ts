/** Reading JSON scalars into protobuf scalars, as the legacy reader does: with `encoding/json` into the Go type, quotes stripped for numbers. */
import { formatJson } from '../go/ftoa.ts';
import { findJsonSyntaxError } from '../go/json-scan.ts';
import { quote } from '../go/quote.ts';
import { decodeBase64 } from './base64.ts';
import type { EnumType, ScalarKind } from './descriptor.ts';
import { ProtobufJsonError } from './error.ts';
import { JsonNumber } from './json-number.ts';

/** Reads one JSON value that is not absent. */
export type ReadScalar = (json: unknown) => unknown;

/** What `encoding/json` says when a value does not fit: `json: cannot unmarshal string into Go value of type bool`. */
export function cannotUnmarshal(json: unknown, goType: string): ProtobufJsonError {
  return new ProtobufJsonError(`json: cannot unmarshal ${jsonKind(json)} into Go value of type ${goType}`);
}

function jsonKind(json: unknown): string {
  if (Array.isArray(json)) return 'array';
  if (json instanceof JsonNumber) return 'number';
  const kind = typeof json;
  if (kind === 'boolean') return 'bool';
  return kind === 'bigint' ? 'number' : kind;
}

function numberDoesNotFit(literal: string, goType: string): ProtobufJsonError {
  return new ProtobufJsonError(`json: cannot unmarshal number ${literal} into Go value of type ${goType}`);
}

/** The reader of a scalar kind. */
export function scalarReader(kind: ScalarKind): ReadScalar {
  switch (kind) {
    case 'string':
      return readString;
    case 'bool':
      return readBool;
    case 'bytes':
      return readBytes;
    case 'float':
      return readFloat32;
    case 'double':
      return readFloat64;
    case 'int32':
    case 'sint32':
    case 'sfixed32':
      return readInt32;
    case 'uint32':
    case 'fixed32':
      return readUint32;
    case 'int64':
    case 'sint64':
    case 'sfixed64':
      return (json) => readInteger(json, INT64);
    case 'uint64':
    case 'fixed64':
      return (json) => readInteger(json, UINT64);
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** A string; lone surrogates, which UTF-8 has no form for, become U+FFFD. */
export function readString(json: unknown): string {
  if (typeof json === 'string') return LONE_SURROGATE.test(json) ? json.replace(/\p{Surrogate}/gu, '\uFFFD') : json;
  if (json === null) return '';
  throw cannotUnmarshal(json, 'string');
}

function readBool(json: unknown): boolean {
  if (typeof json === 'boolean') return json;
  if (json === null) return false;
  throw cannotUnmarshal(json, 'bool');
}

function readBytes(json: unknown): Uint8Array {
  if (json === null) return new Uint8Array();
  if (typeof json === 'string') return decodeBase64(json);
  if (Array.isArray(json)) return Uint8Array.from(json, readByte);
  throw cannotUnmarshal(json, '[]uint8');
}

/** A list of numbers is accepted for bytes, as for any slice of Go. */
function readByte(json: unknown): number {
  if (json !== null && typeof json !== 'number' && !(json instanceof JsonNumber)) throw cannotUnmarshal(json, 'uint8');
  return Number(readInteger(json, UINT8));
}

/** An integer type of Go. */
interface IntegerType {
  readonly goType: string;
  readonly min: bigint;
  readonly max: bigint;
}

const UINT8: IntegerType = { goType: 'uint8', min: 0n, max: 255n };
const INT32: IntegerType = { goType: 'int32', min: -(1n << 31n), max: (1n << 31n) - 1n };
const UINT32: IntegerType = { goType: 'uint32', min: 0n, max: (1n << 32n) - 1n };
const INT64: IntegerType = { goType: 'int64', min: -(1n << 63n), max: (1n << 63n) - 1n };
const UINT64: IntegerType = { goType: 'uint64', min: 0n, max: (1n << 64n) - 1n };
const ENUM_NUMBER: IntegerType = { ...INT32, goType: 'protoreflect.EnumNumber' };

function readInt32(json: unknown): number {
  if (typeof json === 'number' && (json | 0) === json) return json | 0;
  return Number(readInteger(json, INT32));
}

function readUint32(json: unknown): number {
  if (typeof json === 'number' && json >>> 0 === json && !Object.is(json, -0)) return json;
  return Number(readInteger(json, UINT32));
}

/** Digits of the longest 64-bit integer, with its sign. */
const MAX_INTEGER_LENGTH = 20;

function readInteger(json: unknown, type: IntegerType): bigint {
  const literal = numberLiteral(json, type.goType);
  if (literal === null) return 0n;
  const isInteger = /^-?[0-9]+$/.test(literal) && literal.length <= MAX_INTEGER_LENGTH;
  // strconv.ParseUint knows no sign, not even that of -0.
  if (!isInteger || (type.min === 0n && literal.startsWith('-'))) throw numberDoesNotFit(literal, type.goType);
  const value = BigInt(literal);
  if (value < type.min || value > type.max) throw numberDoesNotFit(literal, type.goType);
  return value;
}

const NON_FINITE: ReadonlyMap<unknown, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

function readFloat64(json: unknown): number {
  return typeof json === 'number' && Number.isFinite(json) ? json : readFloat(json, 'float64', Number);
}

function readFloat32(json: unknown): number {
  return readFloat(json, 'float32', (literal) => Math.fround(Number(literal)));
}

function readFloat(json: unknown, goType: string, convert: (literal: string) => number): number {
  const special = NON_FINITE.get(json);
  if (special !== undefined) return special;
  const literal = numberLiteral(json, goType);
  if (literal === null) return 0;
  const value = convert(literal);
  if (!Number.isFinite(value)) throw numberDoesNotFit(literal, goType);
  return value;
}

const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;

/** The literal of a number, quoted or not; null for null, also for a quoted one. */
function numberLiteral(json: unknown, goType: string): string | null {
  if (json === null) return null;
  if (typeof json === 'number') return Number.isFinite(json) ? formatJson(json) : '1e999';
  if (typeof json === 'bigint') return json.toString();
  if (json instanceof JsonNumber) return json.text;
  if (typeof json !== 'string') throw cannotUnmarshal(json, goType);
  const literal = json.trim();
  // Spaces are the only white space that needs no escape between the quotes.
  const isPadded = literal.length === json.length || json.replace(literal, '').replaceAll(' ', '') === '';
  if (isPadded && JSON_NUMBER.test(literal)) return literal;
  return isPadded && literal === 'null' ? null : refuseQuoted(json, goType);
}

/** Go decodes what is between the quotes, escapes not undone, as JSON of its own. */
function refuseQuoted(text: string, goType: string): never {
  const raw = JSON.stringify(text).slice(1, -1);
  let json: unknown;
  try {
    json = JSON.parse(raw);
  } catch {
    throw new ProtobufJsonError(findJsonSyntaxError(raw));
  }
  throw cannotUnmarshal(json, goType);
}

/** The reader of an enum: by exact name, or by number, declared or not. */
export function enumReader(type: EnumType): ReadScalar {
  return (json) => {
    if (typeof json === 'string') {
      const number = type.numbers.get(json);
      if (number === undefined) {
        throw new ProtobufJsonError(`unknown value ${quote(JSON.stringify(json))} for enum ${type.name}`);
      }
      return type.names.get(number);
    }
    const number = Number(readInteger(json, ENUM_NUMBER));
    return type.names.get(number) ?? number;
  };
}
