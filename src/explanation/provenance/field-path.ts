/**
 * Names of places in a pod: `spec.containers[istio-proxy].resources.limits.cpu`. Elements of lists that Kubernetes merges by a key are
 * named by it, others counted from 0; map keys that are no plain word stand in brackets too: `metadata.annotations[prometheus.io/port]`.
 */
import { flattenFields, parseGoType, typeDefinition } from '../../kubernetes/index.ts';

/** The keys on the way from the pod to a place. */
export type FieldPath = readonly string[];

const plainWord = /^[A-Za-z_$][\w$-]*$/;

/** The text of a path. */
export function pathText(path: FieldPath): string {
  let text = '';
  let type = podType;
  for (const step of path) {
    text = stepText(text, type, step);
    type = childType(type, step);
  }
  return text;
}

/** The text of a path with one more step; `type` is the type of what stands at the path. */
export function stepText(path: string, { kind }: FieldType, step: string): string {
  if (kind === 'list' || !plainWord.test(step)) return `${path}[${step}]`;
  return path === '' ? step : `${path}.${step}`;
}

/** The steps of a path's text; undefined when it is none. Text in brackets may stand in quotes. */
export function parsePath(text: string): FieldPath | undefined {
  const steps: string[] = [];
  const part = /\.?([^.[\]]+)|\[(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\]]*))\]/y;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (match === null) return undefined;
    const [, word, double, single, bare] = match;
    steps.push(word ?? double?.replaceAll(/\\(.)/g, '$1') ?? single ?? bare ?? '');
  }
  return steps.length === 0 ? undefined : steps;
}

/** What the field tables say about a value. */
export interface FieldType {
  readonly kind: 'struct' | 'map' | 'list' | 'other';
  /** Go type of the value. */
  readonly type: string;
  /** Field that names the elements of a list; empty where they are counted. */
  readonly mergeKey: string;
}

export const podType: FieldType = { kind: 'struct', type: 'v1.Pod', mergeKey: '' };

const other: FieldType = { kind: 'other', type: '', mergeKey: '' };

const types = new Map<string, FieldType>();

function fieldType(type: string, mergeKey = ''): FieldType {
  const key = `${type} ${mergeKey}`;
  let known = types.get(key);
  if (known === undefined) types.set(key, (known = readType(type, mergeKey)));
  return known;
}

function readType(type: string, mergeKey: string): FieldType {
  const parsed = parseGoType(type);
  if (parsed.kind === 'pointer') return fieldType(parsed.element, mergeKey);
  if (parsed.kind === 'slice') return { kind: 'list', type, mergeKey };
  if (parsed.kind === 'map') return { kind: 'map', type, mergeKey: '' };
  return { kind: typeDefinition(type)?.fields === undefined ? 'other' : 'struct', type, mergeKey: '' };
}

const structs = new Map<string, ReadonlyMap<string, FieldType>>();

function structFields(type: string): ReadonlyMap<string, FieldType> {
  let fields = structs.get(type);
  if (fields === undefined) {
    fields = new Map(
      flattenFields(type).map((field) => [
        field.json,
        fieldType(field.type, field.patchStrategy?.includes('merge') === true ? field.patchMergeKey : ''),
      ]),
    );
    structs.set(type, fields);
  }
  return fields;
}

const elementTypes = new Map<string, FieldType>();

function elementType(type: string): FieldType {
  let known = elementTypes.get(type);
  if (known === undefined) {
    const parsed = parseGoType(type);
    elementTypes.set(type, (known = 'element' in parsed ? fieldType(parsed.element) : other));
  }
  return known;
}

/** The type of a field, entry or element. */
export function childType(parent: FieldType, key: string): FieldType {
  switch (parent.kind) {
    case 'struct':
      return structFields(parent.type).get(key) ?? other;
    case 'map':
    case 'list': {
      return elementType(parent.type);
    }
    case 'other':
      return other;
  }
}

/** Names of a list's elements, from the values of their merge key; a second one of a name gets `#2`, those without are counted. */
export function elementNames(keys: readonly (string | undefined)[]): string[] {
  const seen = new Map<string, number>();
  return keys.map((key, index) => {
    const name = key ?? String(index);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${String(count)}`;
  });
}
