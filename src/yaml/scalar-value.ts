/** What a scalar node is, and what it is as a key. */
import { CorruptInputError, decodeBase64 } from '../go/base-encoding.ts';
import { formatShortest } from '../go/ftoa.ts';
import { decodeBytes, toValidUtf8 } from '../go/utf8.ts';
import { jsonError, valueError } from './error.ts';
import type { ScalarNode, YamlNode } from './node.ts';
import { type ResolvedScalar, resolvePlain } from './scalars.ts';

export const STANDARD_PREFIX = 'tag:yaml.org,2002:';
const checkedTags = new Set(['str', 'bool', 'int', 'float', 'null', 'timestamp']);

/** The value of a scalar; not-a-number and the infinities are still numbers here. */
export function scalarValue(node: ScalarNode): ResolvedScalar['value'] {
  if (node.tag === '') return node.implicit ? resolvePlain(node.value).value : node.value;
  if (!node.tag.startsWith(STANDARD_PREFIX)) return node.value;
  const wanted = node.tag.slice(STANDARD_PREFIX.length);
  if (wanted === 'binary') return decodeBinary(node);
  if (wanted === 'str' || !checkedTags.has(wanted)) return node.value;
  const { tag, value } = resolvePlain(node.value);
  const found = tag === 'timestamp' && wanted !== 'timestamp' ? resolveUndated(node.value) : { tag, value };
  if (found.tag === wanted) return found.value;
  if (wanted === 'float' && found.tag === 'int' && !isUnsigned(found.value)) return Number(found.value);
  throw valueError(`cannot decode !!${found.tag} \`${node.value}\` as a !!${wanted}`, node.line);
}

/** Only untagged values can be dates, and a date is no number either. */
function resolveUndated(text: string): ResolvedScalar {
  return { tag: 'str', value: text };
}

function isUnsigned(value: unknown): boolean {
  return typeof value === 'bigint' && value >= 2n ** 63n;
}

/** Bytes that are no UTF-8 become U+FFFD, as in Go's JSON. */
function decodeBinary(node: ScalarNode): string {
  try {
    return toValidUtf8(decodeBytes(decodeBase64(node.value)));
  } catch (error) {
    if (error instanceof CorruptInputError) throw valueError('!!binary value contains invalid base64 data', node.line);
    throw error;
  }
}

/** A key as JSON's string. Null and integers above int64 cannot be keys. */
export function keyText(key: unknown, node: YamlNode): string {
  switch (typeof key) {
    case 'string':
      return key;
    case 'boolean':
      return String(key);
    case 'bigint':
      if (!isUnsigned(key)) return String(key);
      break;
    case 'number':
      return isIntegerNode(node) ? String(key) : formatFloat32(key);
    default:
  }
  throw jsonError(
    `unsupported map key of type: ${key === null ? '%!s(<nil>), key: <nil>' : `uint64, key: ${String(key)}`}`,
    node.line,
  );
}

function isIntegerNode(node: YamlNode): boolean {
  const target = node.kind === 'alias' ? node.target : node;
  if (target.kind !== 'scalar') return false;
  return target.tag !== `${STANDARD_PREFIX}float` && resolvePlain(target.value).tag === 'int';
}

/** strconv.FormatFloat(value, 'g', -1, 32): the shortest text that reads back as the same float32. */
export function formatFloat32(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  for (let precision = 1; precision < 9; precision++) {
    const rounded = Number(single.toPrecision(precision));
    if (Math.fround(rounded) === single) return formatShortest(rounded);
  }
  return formatShortest(Number(single.toPrecision(9)));
}

/** A value as Go's %#v prints it, for the message about a list or map used as a key. */
export function goSyntax(value: unknown): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${goSyntax(item)}`);
    return `map[interface {}]interface {}{${entries.join(', ')}}`;
  }
  return String(value);
}
