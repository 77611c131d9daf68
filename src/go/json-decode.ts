/**
 * Reading JSON as Go's `encoding/json` decodes into `interface {}`: every number a float64, error texts included.
 *
 * The fast path is `JSON.parse`, which accepts exactly the same grammar; what differs is repaired (lone surrogates, numbers out of range) and
 * only a text that it refuses is scanned again for Go's wording.
 */
import { findJsonSyntaxError } from './json-scan.ts';
import { toValidUtf8 } from './utf8.ts';

/** What was decoded, and what was wrong. After a syntax error the value is null; after a number out of range only that number is. */
export interface DecodedJson {
  readonly value: unknown;
  /** Go's error text, e.g. `invalid character 'b' looking for beginning of value`. */
  readonly error?: string;
}

/** Nesting that Go's decoder still reads. */
const MAX_DEPTH = 10_000;

/** `json.Unmarshal(text, &value)` for a `value` of type `interface {}`. Objects have own keys only for what the text names. */
export function decodeJson(text: string): DecodedJson {
  let value: unknown;
  try {
    value = JSON.parse(toValidUtf8(text));
  } catch {
    return { value: null, error: findJsonSyntaxError(text) };
  }
  const holder: unknown[] = [value];
  const repair = repairTree(holder, mayHoldSurrogates(text));
  if (repair.tooDeep) return { value: null, error: findJsonSyntaxError(text) };
  return repair.outOfRange ? { value: holder[0], error: rangeError(text) } : { value: holder[0] };
}

const mayHoldSurrogates = (text: string): boolean => /\\u[dD][89a-fA-F]/.test(text);

interface Repair {
  tooDeep: boolean;
  outOfRange: boolean;
}

type Container = unknown[] | Record<string, unknown>;

/** Walks without recursion, since the depth is the sender's choice. */
function repairTree(root: unknown[], strings: boolean): Repair {
  const repair: Repair = { tooDeep: false, outOfRange: false };
  let level: Container[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return { ...repair, tooDeep: true };
    const next: Container[] = [];
    for (const container of level) repairContainer(container, strings, repair, next);
    level = next;
  }
  return repair;
}

function repairContainer(container: Container, strings: boolean, repair: Repair, next: Container[]): void {
  const record = container as Record<string, unknown>;
  for (const key of Object.keys(container)) {
    const child = record[key];
    if (typeof child === 'object' && child !== null) next.push(child as Container);
    else if (typeof child === 'number' && !Number.isFinite(child)) {
      repair.outOfRange = true;
      setOwn(record, key, null);
    } else if (strings && typeof child === 'string') setOwn(record, key, toValidUtf8(child));
    if (strings && !Array.isArray(container)) renameKey(record, key);
  }
}

function renameKey(record: Record<string, unknown>, key: string): void {
  const valid = toValidUtf8(key);
  if (valid === key) return;
  setOwn(record, valid, record[key]);
  Reflect.deleteProperty(record, key);
}

/** Assignment that also holds for the key `__proto__`. */
function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function rangeError(text: string): string {
  for (const [token] of text.matchAll(STRING_OR_NUMBER)) {
    if (!token.startsWith('"') && !Number.isFinite(Number(token))) {
      return `json: cannot unmarshal number ${token} into Go value of type float64`;
    }
  }
  return 'json: cannot unmarshal number into Go value of type float64';
}
