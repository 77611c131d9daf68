/** A pod as the list of its leaves: scalars and empty containers. */
import type { Pod } from '../../kubernetes/index.ts';
import { isRecord } from '../../yaml/index.ts';
import { childType, elementNames, pathText, podType, stepText, type FieldPath, type FieldType } from './field-path.ts';

/** One leaf. */
export interface Leaf {
  readonly path: FieldPath;
  readonly value: string | number | boolean | bigint | null | undefined;
}

/** Leaves by the text of their path, in the pod's order. */
export type Leaves = ReadonlyMap<string, Leaf>;

/** The leaves of a pod, or of a part of it that stands at `path`. */
export function leavesOf(pod: Pod | object, path: FieldPath = []): Leaves {
  const leaves = new Map<string, Leaf>();
  collect(pod, path, pathText(path), path.reduce(childType, podType), leaves);
  return leaves;
}

function collect(value: unknown, path: FieldPath, text: string, type: FieldType, leaves: Map<string, Leaf>): void {
  const entries = Array.isArray(value) ? elements(value, type) : isRecord(value) ? Object.entries(value) : undefined;
  if (entries !== undefined && entries.length > 0) {
    for (const [key, item] of entries) {
      if (item === undefined) continue;
      collect(item, [...path, key], stepText(text, type, key), childType(type, key), leaves);
    }
    return;
  }
  const isEmpty = entries !== undefined;
  leaves.set(text, { path, value: isEmpty ? null : (value as Leaf['value']) });
}

function elements(list: readonly unknown[], { mergeKey }: FieldType): [string, unknown][] {
  const names = elementNames(list.map((item) => keyOf(item, mergeKey)));
  return list.map((item, index) => [names[index] ?? '', item]);
}

function keyOf(item: unknown, mergeKey: string): string | undefined {
  if (mergeKey === '' || !isRecord(item) || !Object.hasOwn(item, mergeKey)) return undefined;
  const key = item[mergeKey];
  return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined;
}
