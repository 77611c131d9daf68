/** Which field of a pod each line of its YAML shows. */
import {
  childType,
  elementNames,
  podType,
  type FieldPath,
  type FieldType,
} from '../explanation/provenance/field-path.ts';
import { composeFirstDocument } from '../yaml/composer.ts';
import type { YamlNode } from '../yaml/node.ts';

/**
 * The path of each line of a pod in block style: that of the scalar that stands on it, or of the map or list that begins
 * there. Lines that only continue a value have its path.
 */
export function linePaths(text: string): readonly FieldPath[] {
  const paths: (FieldPath | undefined)[] = text.split('\n').map(() => undefined);
  const root = composeFirstDocument(text);
  if (root !== undefined) visit(root, [], podType, paths);
  let last: FieldPath = [];
  return paths.map((path) => (last = path ?? last));
}

function visit(node: YamlNode, path: FieldPath, type: FieldType, paths: (FieldPath | undefined)[]): void {
  for (const { line, key, value } of childrenOf(node, type)) {
    const inner = [...path, key];
    paths[line] = inner;
    visit(value, inner, childType(type, key), paths);
  }
}

interface Child {
  readonly line: number;
  readonly key: string;
  readonly value: YamlNode;
}

function childrenOf(node: YamlNode, { mergeKey }: FieldType): Child[] {
  if (node.kind === 'sequence') {
    const names = elementNames(node.items.map((item) => scalarOf(item, mergeKey)));
    return node.items.map((value, index) => ({ line: value.line, key: names[index] ?? '', value }));
  }
  if (node.kind !== 'mapping') return [];
  const children: Child[] = [];
  for (let i = 0; i + 1 < node.pairs.length; i += 2) {
    const key = node.pairs[i];
    const value = node.pairs[i + 1];
    if (key?.kind === 'scalar' && value !== undefined) children.push({ line: key.line, key: key.value, value });
  }
  return children;
}

function scalarOf(node: YamlNode, wanted: string): string | undefined {
  const found = wanted === '' ? undefined : childrenOf(node, podType).find(({ key }) => key === wanted)?.value;
  return node.kind === 'mapping' && found?.kind === 'scalar' ? found.value : undefined;
}
