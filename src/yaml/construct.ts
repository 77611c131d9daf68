/** Nodes to values: tags, aliases, merge keys, and the conversion of keys to strings that sigs.k8s.io/yaml does. */
import { YamlError, valueError } from './error.ts';
import { FREE_ALIASED_VALUES, FREE_VALUES, MAX_DEPTH, allowedAliasRatio } from './limits.ts';
import type { AliasNode, MappingNode, YamlNode } from './node.ts';
import { type JsonRecord, setOwn } from './record.ts';
import { STANDARD_PREFIX, goSyntax, keyText, scalarValue } from './scalar-value.ts';

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
