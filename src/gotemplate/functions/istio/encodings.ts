/** Istio's conversions between values and text: JSON, YAML, protobuf JSON, durations. */
import { JsonFields, type JsonTree } from '../../../go/json-encode.ts';
import { decodeJson } from '../../../go/json-decode.ts';
import { formatDuration } from '../../../go/duration.ts';
import { toValidUtf8 } from '../../../go/utf8.ts';
import { protoToJson } from '../../../mesh/index.ts';
import { encodeYaml, YamlError } from '../../../yaml/index.ts';
import { define } from '../../function.ts';
import { Typed, type GoValue } from '../../values.ts';
import { JsonError, toJsonTree } from '../to-json.ts';
import { encodeOrEmpty } from '../sprig/json.ts';
import '../message-types.ts';

const MAX_DURATION = (1n << 63n) - 1n;

interface Duration {
  readonly seconds: number;
  readonly nanos: number;
}

/** `durationpb.Duration.AsDuration().String()`: what does not fit becomes the longest duration; nothing is `0s`. */
function durationText(duration: Duration | null): string {
  const { seconds = 0, nanos = 0 } = duration ?? {};
  const total = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
  const clamped = total > MAX_DURATION ? MAX_DURATION : total < -MAX_DURATION - 1n ? -MAX_DURATION - 1n : total;
  return formatDuration(clamped);
}

/** What the text says; a text that is no JSON gives the *text* `{}`. */
function fromJSON(text: string): GoValue {
  const { value, error } = decodeJson(text);
  return error === undefined ? (value as GoValue) : '{}';
}

/** Go's JSON of a value; nil is `{}`, a nil pointer `null`. */
function structToJSON(value: GoValue): string {
  return value === null ? '{}' : encodeOrEmpty(value) || '{}';
}

/** The YAML of values that cannot change: those of the configuration, which are frozen to their depths. */
const frozenYaml = new WeakMap<object, string>();

/** YAML with sorted keys; what YAML cannot express gives the empty text. */
function toYaml(value: GoValue): string {
  if (typeof value !== 'object' || value === null || value instanceof Typed || !Object.isFrozen(value)) {
    return yamlText(value);
  }
  let text = frozenYaml.get(value);
  if (text === undefined) {
    text = yamlText(value);
    frozenYaml.set(value, text);
  }
  return text;
}

function yamlText(value: GoValue): string {
  try {
    return encodeYaml(plainOf(toJsonTree(value)));
  } catch (error) {
    if (error instanceof JsonError || error instanceof YamlError) return '';
    throw error;
  }
}

function plainOf(tree: JsonTree): unknown {
  if (tree instanceof JsonFields) return plainMap(tree.entries);
  if (Array.isArray(tree)) return tree.map(plainOf);
  if (typeof tree === 'string') return toValidUtf8(tree);
  return typeof tree === 'object' && tree !== null ? plainMap(Object.entries(tree)) : tree;
}

function plainMap(entries: readonly (readonly [string, JsonTree])[]): Record<string, unknown> {
  const map = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of entries) map[toValidUtf8(key)] = plainOf(value);
  return map;
}

function protoToJSON(message: GoValue): string {
  return protoToJson(message instanceof Typed ? (message.data as object | null) : null);
}

export const istioEncodingFunctions = [
  define('formatDuration', 'func(*durationpb.Duration) string', durationText),
  define('fromJSON', 'func(string) interface {}', fromJSON),
  define('structToJSON', 'func(interface {}) string', structToJSON),
  define('protoToJSON', 'func(protoreflect.ProtoMessage) string', protoToJSON),
  define('toYaml', 'func(interface {}) string', toYaml),
];
