/**
 * The Kubernetes object around a spec, decoded as `encoding/json` decodes it into Istio's `crd.IstioKind`: keys match in
 * any case, wrong types of metadata are refused, spec and status are kept as they are.
 */
import type { ObjectMetadata } from './kind.ts';
import { findObjectFault, isObject, jsonType } from './object-faults.ts';
import type { JsonObject, ObjectFault } from './object-faults.ts';
import { istioKind } from './object-shape.ts';
import { metadataPath } from './path.ts';

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

const noLabels: ObjectMetadata['labels'] = Object.freeze({});

/** Decodes `request.object`. */
export function decodeEnvelope(object: unknown): Envelope | ObjectFault {
  if (object == null) return { fault: 'unexpected end of JSON input', path: metadataPath };
  if (!isObject(object)) {
    return {
      fault: `json: cannot unmarshal ${jsonType(object)} into Go value of type crd.IstioKind`,
      path: metadataPath,
    };
  }
  const fault = findObjectFault(object, istioKind);
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

/** The value of a field, whatever the case of its key; of several spellings the last one wins that is not null. */
function find(object: JsonObject, name: string): unknown {
  let found: unknown;
  for (const key of Object.keys(object)) {
    if (key === name || (key.length === name.length && key.toLowerCase() === name.toLowerCase())) {
      found = object[key] ?? found;
    }
  }
  return found;
}

/** Null values count as empty texts. */
function toLabels(value: unknown): ObjectMetadata['labels'] {
  if (value === undefined) return noLabels;
  const map = value as Readonly<Record<string, string | null>>;
  if (!Object.values(map).some((text) => text == null)) return map as ObjectMetadata['labels'];
  return Object.fromEntries(Object.entries(map).map(([key, text]) => [key, text ?? '']));
}
