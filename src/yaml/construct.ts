/** Nodes to values: tags, aliases, merge keys, and the conversion of keys to strings that sigs.k8s.io/yaml does. */
import { YamlError, jsonError, valueError } from './error.ts';
import { FREE_ALIASED_VALUES, FREE_VALUES, MAX_DEPTH, allowedAliasRatio } from './limits.ts';
import type { AliasNode, MappingNode, ScalarNode, YamlNode } from './node.ts';
import { type JsonRecord, setOwn } from './record.ts';
import { type ResolvedScalar, resolvePlain } from './scalars.ts';

const STANDARD_PREFIX = 'tag:yaml.org,2002:';
const checkedTags = new Set(['str', 'bool', 'int', 'float', 'null', 'timestamp']);

export interface ConstructOptions {
  /** Refuse keys that occur twice in a map. */
  readonly uniqueKeys: boolean;
  /** Give integers beyond 2^53 as bigint instead of the nearest number. */
  readonly bigIntegers: boolean;
}

/** The value of a document. */
export function constructValue(root: YamlNode, options: ConstructOptions): unknown {
  const constructor = new Constructor(options);
  const value = constructor.document(root);
  if (constructor.duplicates.length > 0) {
    const lines = constructor.duplicates.map(
      ({ line, key }) => `\n  line ${String(line)}: key ${key} already set in map`,
    );
    const first = constructor.duplicates[0]?.line ?? 0;
    throw new YamlError(
      `error converting YAML to JSON: yaml: unmarshal errors:${lines.join('')}`,
      first,
      0,
      'Remove or rename one of the two keys.',
    );
  }
  return value;
}

class Constructor {
  readonly duplicates: { line: number; key: string }[] = [];
  readonly #options: ConstructOptions;
  readonly #openAliases = new Set<AliasNode>();
  #values = 0;
  #aliasedValues = 0;
  #depth = 0;
  /** JSON has no such numbers, but a later duplicate of the key may replace them. */
  #sawNonFinite = false;

  constructor(options: ConstructOptions) {
    this.#options = options;
  }

  document(root: YamlNode): unknown {
    this.#count(root);
    const value = this.#value(root);
    if (this.#sawNonFinite) refuseNonFinite(value);
    return value;
  }

  /** Bounds what a document can blow up to by aliases of aliases. */
  #count(node: YamlNode): void {
    this.#values += 1;
    if (this.#openAliases.size > 0) this.#aliasedValues += 1;
    if (
      this.#aliasedValues > FREE_ALIASED_VALUES &&
      this.#values > FREE_VALUES &&
      this.#aliasedValues / this.#values > allowedAliasRatio(this.#values)
    ) {
      throw valueError('document contains excessive aliasing', node.line);
    }
  }

  #value(node: YamlNode): unknown {
    this.#count(node);
    switch (node.kind) {
      case 'scalar':
        return this.#number(scalarValue(node));
      case 'alias':
        return this.#followed(node, () => this.#value(node.target));
      case 'sequence':
        return this.#nested(node, () => node.items.map((item) => this.#value(item)));
      case 'mapping': {
        const record: JsonRecord = {};
        this.#fill(record, node);
        return record;
      }
    }
  }

  #number(value: unknown): unknown {
    if (typeof value === 'bigint') return this.#options.bigIntegers ? value : Number(value);
    if (typeof value === 'number' && !Number.isFinite(value)) this.#sawNonFinite = true;
    return value;
  }

  #nested<T>(node: YamlNode, construct: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw valueError(`exceeded max depth of ${String(MAX_DEPTH)}`, node.line);
    const value = construct();
    this.#depth -= 1;
    return value;
  }

  #followed<T>(node: AliasNode, construct: () => T): T {
    if (this.#openAliases.has(node)) throw valueError(`anchor '${node.name}' value contains itself`, node.line);
    this.#openAliases.add(node);
    const value = construct();
    this.#openAliases.delete(node);
    return value;
  }

  #fill(record: JsonRecord, node: MappingNode): void {
    this.#nested(node, () => {
      for (let index = 0; index < node.pairs.length; index += 2) {
        const keyNode = node.pairs[index] as YamlNode;
        const valueNode = node.pairs[index + 1] as YamlNode;
        if (isMergeKey(keyNode)) {
          this.#merge(record, valueNode);
          continue;
        }
        const rawKey = this.#key(keyNode);
        const value = this.#value(valueNode);
        const key = keyText(rawKey, keyNode);
        if (this.#options.uniqueKeys && Object.hasOwn(record, key)) {
          const shown = typeof rawKey === 'string' ? JSON.stringify(rawKey) : key;
          this.duplicates.push({ line: valueNode.line + 1, key: shown });
        } else {
          setOwn(record, key, value);
        }
      }
    });
  }

  /** `<<`: as Go does it, merged values replace those of keys before it and give way to keys after it. */
  #merge(record: JsonRecord, node: YamlNode): void {
    const sources = node.kind === 'sequence' ? node.items.toReversed() : [node];
    for (const source of sources) this.#mergeOne(record, source);
  }

  #mergeOne(record: JsonRecord, node: YamlNode): void {
    if (node.kind === 'mapping') {
      this.#count(node);
      this.#fill(record, node);
    } else if (node.kind === 'alias' && node.target.kind === 'mapping') {
      const { target } = node;
      this.#count(node);
      this.#followed(node, () => {
        this.#count(target);
        this.#fill(record, target);
      });
    } else {
      throw valueError('map merge requires map or sequence of maps as the value', node.line);
    }
  }

  #key(node: YamlNode): unknown {
    const target = node.kind === 'alias' ? node.target : node;
    if (target.kind === 'scalar') {
      this.#count(node);
      if (node.kind === 'alias') this.#count(target);
      return scalarValue(target);
    }
    const value = this.#value(node);
    throw valueError(`invalid map key: ${goSyntax(value)}`, node.line);
  }
}

function refuseNonFinite(value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    const text = value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN';
    throw new YamlError(`error converting YAML to JSON: json: unsupported value: ${text}`, 0, 0, 'Quote the value.');
  }
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(refuseNonFinite);
}

function isMergeKey(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === '<<' && (node.implicit || node.tag === `${STANDARD_PREFIX}merge`);
}

/** The value of a scalar; not-a-number and the infinities are still numbers here. */
function scalarValue(node: ScalarNode): ResolvedScalar['value'] {
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

function decodeBinary(node: ScalarNode): string {
  const text = node.value.replace(/[\r\n]/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw valueError('!!binary value contains invalid base64 data', node.line);
  }
  return Buffer.from(text, 'base64').toString('utf8');
}

/** A key as JSON's string. Null and integers above int64 cannot be keys. */
function keyText(key: unknown, node: YamlNode): string {
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
function formatFloat32(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  let digits = '';
  for (let precision = 1; precision <= 9; precision++) {
    digits = single.toExponential(precision - 1);
    if (Math.fround(Number(digits)) === single) break;
  }
  const [mantissa = '', exponentText = '0'] = digits.split('e');
  const exponent = Number(exponentText);
  const shortest = mantissa.replace(/[-.]/g, '').length;
  // %g with the shortest precision uses an exponent below -4 and from max(digits, 21) on; 6 is raised to 21 by Go.
  if (exponent < -4 || exponent >= Math.max(shortest, 21)) {
    const sign = exponent < 0 ? '-' : '+';
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return Number(digits).toFixed(Math.max(0, shortest - 1 - exponent));
}

/** A value as Go's %#v prints it, for the message about a list or map used as a key. */
function goSyntax(value: unknown): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${goSyntax(item)}`);
    return `map[interface {}]interface {}{${entries.join(', ')}}`;
  }
  return String(value);
}
