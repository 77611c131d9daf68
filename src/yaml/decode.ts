import type { KnownBlocks } from './blocks.ts';
import { composeFirstDocument } from './composer.ts';
import { type ConstructOptions, constructValue } from './construct.ts';
import { YamlError } from './error.ts';
import { decodeFast } from './fast.ts';
import { MAX_TEXT_LENGTH } from './limits.ts';
import { type JsonRecord, isRecord } from './record.ts';

/**
 * The first document of a YAML 1.1 text as JSON values, as sigs.k8s.io/yaml v1.6.0's Unmarshal into `any` gives them:
 * numbers are float64, keys are strings, of duplicate keys the last wins, an empty text is null.
 *
 * Maps are plain objects whose keys may be any text (`__proto__` too): read them with `Object.hasOwn`.
 * @throws {YamlError} with Go's message
 */
export function decodeYaml(text: string): unknown {
  return decodeYamlShared(text, undefined);
}

/**
 * Like {@link decodeYaml}, for a value of which nothing is changed: parts of it may be those of other documents.
 * @param blocks where such parts are taken from and kept
 * @throws {YamlError} with Go's message
 */
export function decodeYamlShared(text: string, blocks: KnownBlocks | undefined): unknown {
  const fast = decodeFast(text, blocks);
  return fast === undefined ? decodeFully(text, { uniqueKeys: false, bigIntegers: false }) : fast;
}

/**
 * Like {@link decodeYaml}, but the document must be a map; an empty or null one is `{}`.
 * @throws {YamlError} with Go's message
 */
export function decodeYamlMap(text: string): JsonRecord {
  return toMap(decodeYaml(text));
}

/** Like {@link decodeYaml}, but keys that occur twice in a map are errors, as UnmarshalStrict has it. */
export function decodeYamlStrict(text: string): unknown {
  return decodeFully(text, { uniqueKeys: true, bigIntegers: false });
}

/** Like {@link decodeYaml}, but integers beyond 2^53 come as bigint: for readers that need 64 bits, e.g. protobuf. */
export function decodeYamlExact(text: string): unknown {
  return decodeFully(text, { uniqueKeys: false, bigIntegers: true });
}

/** The decoder for everything, which the fast one leaves the rare documents to. Exported for tests. */
export function decodeFully(text: string, options: ConstructOptions): unknown {
  if (text.length > MAX_TEXT_LENGTH) {
    throw new YamlError(
      `error converting YAML to JSON: yaml: document is longer than ${String(MAX_TEXT_LENGTH)} characters`,
    );
  }
  const root = composeFirstDocument(text);
  return root === undefined ? null : constructValue(root, options);
}

function toMap(value: unknown): JsonRecord {
  if (value === null) return {};
  if (isRecord(value)) return value;
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  throw new YamlError(
    `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`,
    1,
    1,
    'Write the document as a map: "key: value" lines.',
  );
}
