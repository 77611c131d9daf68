/** The tree of a document before its values are made. Lines are counted from 0. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly line: number;
  readonly value: string;
  /** The tag with its handle written out, e.g. `tag:yaml.org,2002:str`; empty when there is none. */
  readonly tag: string;
  /** Whether the value's form decides its type: written plain, or tagged `!`. */
  readonly implicit: boolean;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly line: number;
  readonly items: YamlNode[];
}

export interface MappingNode {
  readonly kind: 'mapping';
  readonly line: number;
  /** Keys and values by turns. */
  readonly pairs: YamlNode[];
}

export interface AliasNode {
  readonly kind: 'alias';
  readonly line: number;
  readonly name: string;
  readonly target: YamlNode;
}
