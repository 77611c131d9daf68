/**
 * JSON Web Key Sets, read as the Go module `lestrrat-go/jwx` v1 does (package `jwk`): which documents parse, and which
 * keys hold private material. Neither curves nor key sizes are checked.
 */
import { X509Certificate } from 'node:crypto';
import { decodeJson } from '../../go/json-decode.ts';

/** What a key set holds, or why it cannot be read. */
export type ParsedKeySet =
  /** Indexes of the keys that are private or symmetric. */
  { readonly privateKeys: readonly number[] } | { readonly error: string };

type Json = Readonly<Record<string, unknown>>;

/** The required members of each key type, without `d`, and those that hold big numbers. */
const keyTypes = {
  RSA: { required: ['e', 'n'], numbers: ['d', 'dp', 'dq', 'e', 'n', 'p', 'q', 'qi'] },
  EC: { required: ['crv', 'x', 'y'], numbers: ['d', 'x', 'y'] },
  OKP: { required: ['crv', 'x'], numbers: ['d', 'x'] },
  oct: { required: ['k'], numbers: ['k'] },
} as const;

/** Big numbers of private keys; in a public key they are members like any other. */
const privateNumbers: ReadonlySet<string> = new Set(['d', 'dp', 'dq', 'p', 'q', 'qi']);
const textMembers = ['alg', 'kid', 'use', 'crv', 'x5t', 'x5t#S256', 'x58'];

class KeyError extends Error {}

/** Reads a key set: an object with `keys`, or a single key. What follows the first JSON value is ignored. */
export function parseKeySet(text: string): ParsedKeySet {
  try {
    const document = firstValue(text);
    if (!isObject(document)) throw new KeyError(Array.isArray(document) ? "expected '{', but got '['" : 'EOF');
    return { privateKeys: privateKeysOf(document) };
  } catch (error) {
    if (error instanceof KeyError) return { error: `failed to unmarshal JWK set: ${error.message}` };
    throw error;
  }
}

function privateKeysOf(document: Json): number[] {
  if (!Object.hasOwn(document, 'keys')) return isPrivate(document) ? [0] : [];
  const keys = document['keys'] ?? [];
  if (!Array.isArray(keys))
    throw new KeyError('failed to decode "keys": json: cannot unmarshal into []json.RawMessage');
  return keys.flatMap((key, index) => {
    try {
      return isPrivate(key) ? [index] : [];
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      throw new KeyError(`failed to decode key #${index} in "keys": ${error.message}`);
    }
  });
}

/** Checks one key and says whether it is private or symmetric. */
function isPrivate(key: unknown): boolean {
  if (!isObject(key)) throw new KeyError('failed to unmarshal JSON into key hint');
  const type = membersInAnyCase(key, 'kty').findLast((value) => value !== null) ?? '';
  if (typeof type !== 'string') throw new KeyError('failed to unmarshal JSON into key hint');
  if (!isKeyType(type)) throw new KeyError(`invalid key type from JSON (${type})`);
  const isSecret = type === 'oct' || membersInAnyCase(key, 'd').length > 0;
  checkMembers(key, type, isSecret);
  return isSecret;
}

function checkMembers(key: Json, type: keyof typeof keyTypes, isSecret: boolean): void {
  const { required, numbers } = keyTypes[type];
  if (Object.hasOwn(key, 'kty') && (key['kty'] ?? '') !== type) throw new KeyError('invalid kty value');
  for (const name of textMembers) {
    if (name === 'crv' && type !== 'EC' && type !== 'OKP') continue;
    if (!isTextOrNull(key[name])) throw memberError(name);
  }
  for (const name of numbers) {
    if (privateNumbers.has(name) && !isSecret) continue;
    const value = Object.hasOwn(key, name) ? (key[name] ?? '') : '';
    if (typeof value !== 'string' || !isBase64(value)) throw memberError(name);
  }
  if (!isListOfTexts(key['key_ops'])) throw memberError('key_ops');
  if (!isListOfTexts(key['x5c']) || !(key['x5c'] ?? []).every(isCertificate)) throw memberError('x5c');
  const missing = [...(isSecret && type !== 'oct' ? ['d'] : []), ...required].find((name) => !Object.hasOwn(key, name));
  if (missing !== undefined) throw new KeyError(`required field ${missing} is missing`);
}

function memberError(name: string): KeyError {
  return new KeyError(`failed to unmarshal JSON into key: failed to decode value for key ${name}`);
}

/** The members that Go's decoder takes for a struct field: their names are equal up to case; the last one wins. */
function membersInAnyCase(object: Json, name: string): unknown[] {
  return Object.entries(object).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
}

/** A big number: the alphabet is chosen by its characters, padding by its end; line breaks are skipped. */
function isBase64(text: string): boolean {
  const digits = text.replaceAll(/[\r\n]/g, '');
  const alphabet = /[+/]/.test(text) ? /^[A-Za-z0-9+/]*={0,2}$/ : /^[A-Za-z0-9_-]*={0,2}$/;
  if (!alphabet.test(digits)) return false;
  return text.endsWith('=') ? digits.length % 4 === 0 : !digits.endsWith('=') && digits.length % 4 !== 1;
}

function isCertificate(encoded: string | null): boolean {
  if (encoded === null || !isBase64(encoded)) return false;
  try {
    const der = Buffer.from(encoded, 'base64');
    return der[0] === 0x30 && new X509Certificate(der).raw.length === der.length;
  } catch {
    return false;
  }
}

/** The first JSON value of a text. */
function firstValue(text: string): unknown {
  const { value, error } = decodeJson(text.slice(0, endOfFirstValue(text)));
  if (error === undefined) return value;
  throw new KeyError(error === 'unexpected end of JSON input' ? 'unexpected EOF' : error);
}

/** Where the first value ends if it is an object or a list that ends; else the end of the text. */
function endOfFirstValue(text: string): number {
  if (!/^[ \t\r\n]*[{[]/.test(text)) return text.length;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\[^])*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') depth++;
    else if ((token === '}' || token === ']') && --depth === 0) return index + 1;
  }
  return text.length;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKeyType(name: string): name is keyof typeof keyTypes {
  return Object.hasOwn(keyTypes, name);
}

function isTextOrNull(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

function isListOfTexts(value: unknown): value is readonly (string | null)[] | null | undefined {
  return value === undefined || value === null || (Array.isArray(value) && value.every(isTextOrNull));
}
