/**
 * The unknown-fields stage: what the API server would prune, and `kubectl` refuses under strict field validation
 * (`k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning`).
 */
import type { CrdError } from './errors.ts';
import { isObject, type StructuralSchema } from './schema.ts';

/** Fields every resource has beside those of its schema. */
const envelope = new Set(['apiVersion', 'kind', 'metadata']);

/** Paths of the fields that the schema of a resource does not know. */
export function findUnknownFields(object: Readonly<Record<string, unknown>>, schema: StructuralSchema): CrdError[] {
  const paths: string[] = [];
  for (const [key, value] of Object.entries(object)) {
    if (!envelope.has(key)) visitProperty(key, value, schema, '', paths);
  }
  return paths.map((path) => ({ path, text: '' }));
}

function visitProperty(key: string, value: unknown, schema: StructuralSchema, path: string, paths: string[]): void {
  const full = path === '' ? key : `${path}.${key}`;
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, key)) {
    const child = schema.properties[key];
    if (child !== undefined) visit(value, child, full, paths);
  } else if (schema.additionalProperties !== undefined) {
    visit(value, schema.additionalProperties, full, paths);
  } else if (schema['x-kubernetes-preserve-unknown-fields'] !== true) {
    paths.push(full);
  }
}

function visit(value: unknown, schema: StructuralSchema, path: string, paths: string[]): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items !== undefined) value.forEach((item, index) => visit(item, items, `${path}[${index}]`, paths));
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) visitProperty(key, child, schema, path, paths);
  }
}
