/**
 * The Kubernetes object around a spec, decoded as `encoding/json` decodes it into Istio's `crd.IstioKind`: keys match in
 * any case, wrong types of metadata are refused, spec and status are kept as they are.
 */
import { parseTime, TimeParseError } from '../go/time-parse.ts';
import { JsonNumber } from '../protobuf/index.ts';
import type { ObjectMetadata } from './kind.ts';
import { FieldPath, metadataPath } from './path.ts';

/** An object whose spec is not looked at yet. */
export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  /** JSON of any type; undefined when absent. */
  readonly spec: unknown;
  /** The top-level keys that no resource has, as written. */
  readonly unknownKeys: readonly string[];
}

/** Why an object is none, in Go's words, and where. */
export interface EnvelopeFault {
  readonly fault: string;
  readonly path: FieldPath;
}

type Shape =
  | { readonly type: 'string' | 'bool' | 'int64' | 'time' | 'any' }
  | { readonly type: 'list' | 'map'; readonly item: Shape; readonly goType: string }
  | { readonly type: 'struct'; readonly name: string; readonly fields: ReadonlyMap<string, Field> };

/** A field of a struct under its name in JSON. */
interface Field {
  readonly name: string;
  readonly shape: Shape;
}

const string: Shape = { type: 'string' };
const bool: Shape = { type: 'bool' };
const int64: Shape = { type: 'int64' };
const time: Shape = { type: 'time' };
const any: Shape = { type: 'any' };
const strings: Shape = { type: 'list', item: string, goType: '[]string' };
const labels: Shape = { type: 'map', item: string, goType: 'map[string]string' };

/** Fields are found by their name in lower case. */
function struct(name: string, fields: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(fields).map(([key, shape]): [string, Field] => [
    key.toLowerCase(),
    { name: key, shape },
  ]);
  return { type: 'struct', name, fields: new Map(entries) };
}

const ownerReference = struct('OwnerReference', {
  apiVersion: string,
  kind: string,
  name: string,
  uid: string,
  controller: bool,
  blockOwnerDeletion: bool,
});

const managedFields = struct('ManagedFieldsEntry', {
  manager: string,
  operation: string,
  apiVersion: string,
  time,
  fieldsType: string,
  fieldsV1: any,
  subresource: string,
});

const objectMeta = struct('ObjectMeta', {
  name: string,
  generateName: string,
  namespace: string,
  selfLink: string,
  uid: string,
  resourceVersion: string,
  generation: int64,
  creationTimestamp: time,
  deletionTimestamp: time,
  deletionGracePeriodSeconds: int64,
  labels,
  annotations: labels,
  ownerReferences: { type: 'list', item: ownerReference, goType: '[]v1.OwnerReference' },
  finalizers: strings,
  managedFields: { type: 'list', item: managedFields, goType: '[]v1.ManagedFieldsEntry' },
});

const wrapper = struct('IstioKind', { kind: string, apiVersion: string, metadata: objectMeta, spec: any, status: any });

/** Go's layout `time.RFC3339`. */
const rfc3339 = '2006-01-02T15:04:05Z07:00';

const noLabels: ObjectMetadata['labels'] = Object.freeze({});

type JsonObject = Readonly<Record<string, unknown>>;

/** Decodes `request.object`. */
export function decodeEnvelope(object: unknown): Envelope | EnvelopeFault {
  if (object == null) return { fault: 'unexpected end of JSON input', path: metadataPath };
  if (!isObject(object)) {
    return {
      fault: `json: cannot unmarshal ${jsonType(object)} into Go value of type crd.IstioKind`,
      path: metadataPath,
    };
  }
  const fault = findFault(object, wrapper, { struct: '', goPath: '', path: undefined });
  if (fault !== undefined) return fault;
  const metadata = (find(object, 'metadata') ?? {}) as JsonObject;
  return {
    apiVersion: (find(object, 'apiVersion') ?? '') as string,
    kind: (find(object, 'kind') ?? '') as string,
    metadata: {
      name: (find(metadata, 'name') ?? '') as string,
      namespace: (find(metadata, 'namespace') ?? '') as string,
      labels: toLabels(find(metadata, 'labels')),
      annotations: toLabels(find(metadata, 'annotations')),
    },
    spec: find(object, 'spec'),
    unknownKeys: Object.keys(object).filter((key) => !topLevelKeys.has(key)),
  };
}

const topLevelKeys: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

/** The value of a field, whatever the case of its key; of several spellings the last one wins. */
function find(object: JsonObject, name: string): unknown {
  let found: unknown;
  for (const key of Object.keys(object)) {
    if (key === name || (key.length === name.length && key.toLowerCase() === name.toLowerCase())) found = object[key];
  }
  return found ?? undefined;
}

/** Null values count as empty texts. */
function toLabels(value: unknown): ObjectMetadata['labels'] {
  if (value === undefined) return noLabels;
  const map = value as Readonly<Record<string, string | null>>;
  if (!Object.values(map).some((text) => text == null)) return map as ObjectMetadata['labels'];
  return Object.fromEntries(Object.entries(map).map(([key, text]) => [key, text ?? '']));
}

/** Where a value stands: the innermost Go struct around it, Go's path from the outermost one, and ours. */
interface Place {
  readonly struct: string;
  readonly goPath: string;
  readonly path: FieldPath | undefined;
}

/** The first value that does not have its declared type, in the order of writing; null fits everywhere. */
function findFault(value: unknown, shape: Shape, place: Place): EnvelopeFault | undefined {
  if (value == null || shape.type === 'any') return undefined;
  switch (shape.type) {
    case 'string':
      return typeof value === 'string' ? undefined : typeFault(value, 'string', place);
    case 'bool':
      return typeof value === 'boolean' ? undefined : typeFault(value, 'bool', place);
    case 'int64':
      return Number.isSafeInteger(value) || isInteger(value) ? undefined : typeFault(value, 'int64', place);
    case 'time':
      return findTimeFault(value, place);
    case 'list':
      return Array.isArray(value) ? findItemFault(value, shape.item, place) : typeFault(value, shape.goType, place);
    case 'map':
      return isObject(value) ? findEntryFault(value, shape.item, place) : typeFault(value, shape.goType, place);
    case 'struct':
      return isObject(value) ? findFieldFault(value, shape, place) : typeFault(value, `v1.${shape.name}`, place);
  }
}

function findItemFault(items: readonly unknown[], shape: Shape, place: Place): EnvelopeFault | undefined {
  for (const [index, item] of items.entries()) {
    const fault = findFault(item, shape, { ...place, path: place.path?.at(index) });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function findEntryFault(map: JsonObject, shape: Shape, place: Place): EnvelopeFault | undefined {
  for (const key of Object.keys(map)) {
    const value = map[key];
    if (typeof value === 'string') continue;
    const fault = findFault(value, shape, { ...place, path: place.path?.entry(key) });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function findFieldFault(
  object: JsonObject,
  shape: Extract<Shape, { type: 'struct' }>,
  place: Place,
): EnvelopeFault | undefined {
  for (const key of Object.keys(object)) {
    const field = shape.fields.get(key) ?? shape.fields.get(key.toLowerCase());
    const value = object[key];
    if (field === undefined || field.shape.type === 'any') continue;
    if (field.shape.type === 'string' && typeof value === 'string') continue;
    const fault = findFault(value, field.shape, {
      struct: shape.name,
      goPath: place.goPath === '' ? field.name : `${place.goPath}.${field.name}`,
      path: place.path?.at(key) ?? FieldPath.root(key),
    });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function findTimeFault(value: unknown, place: Place): EnvelopeFault | undefined {
  if (typeof value !== 'string') {
    return { fault: `json: cannot unmarshal ${jsonType(value)} into Go value of type string`, path: pathOf(place) };
  }
  try {
    parseTime(rfc3339, value);
    return undefined;
  } catch (error) {
    if (error instanceof TimeParseError) return { fault: error.message, path: pathOf(place) };
    throw error;
  }
}

function typeFault(value: unknown, goType: string, place: Place): EnvelopeFault {
  const number = value instanceof JsonNumber ? ` ${value.text}` : '';
  const fault = `json: cannot unmarshal ${jsonType(value)}${number} into Go struct field ${place.struct}.${place.goPath} of type ${goType}`;
  return { fault, path: pathOf(place) };
}

const pathOf = (place: Place): FieldPath => place.path ?? metadataPath;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

const isInteger = (value: unknown): boolean => value instanceof JsonNumber && /^-?[0-9]{1,19}$/.test(value.text);

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value instanceof JsonNumber) return 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
