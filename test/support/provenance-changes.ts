/** Changes of one source of an injection, to see what depends on it. */
import { parse, parseDocument, stringify } from 'yaml';
import { decodeValues } from '../../src/configuration/values.ts';
import type { ObservedParameters, Source } from '../../src/explanation/provenance/index.ts';
import { injectPod, OverlayCache, webhookParameters } from '../../src/injection/index.ts';
import type { Configuration } from '../../src/configuration/index.ts';
import type { Pod } from '../../src/kubernetes/index.ts';
import { leavesOf, type Leaves } from '../../src/explanation/provenance/index.ts';

/** What an injection is computed from. */
export interface Inputs {
  readonly configuration: Configuration;
  readonly pod: Pod;
  readonly environment: Readonly<Record<string, string>>;
}

type Scalar = string | number | boolean;

export const parametersOf = ({ configuration, pod, environment }: Inputs): ObservedParameters =>
  webhookParameters(configuration, pod, environment).parameters;

/** The leaves of the injected pod; throws when it cannot be injected. */
export function injectedLeaves(inputs: Inputs): Leaves {
  return leavesOf(injectPod({ ...parametersOf(inputs), cache: new OverlayCache(), context: {} }).pod);
}

/** Another value of the same kind: numbers and those in texts grow, truths flip, other texts get longer. */
export function otherValue(value: Scalar): Scalar {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (value === 'true' || value === 'false') return value === 'true' ? 'false' : 'true';
  const number = /^\d+(?=$|m$|s$|Mi$|Gi$|Ki$)/.exec(value);
  if (number !== null) return `${String(Number(number[0]) + 1)}${value.slice(number[0].length)}`;
  return `${value}x`;
}

/** The text of a source with another value of the field that it is about, or of the whole. */
export function otherText(value: Scalar, field: string | undefined): Scalar {
  if (field === undefined) return otherValue(value);
  const document: unknown = parse(String(value));
  const keys = field.split('.');
  let map = document as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) map = map[key] as Record<string, unknown>;
  const last = keys.at(-1) ?? '';
  map[last] = changed(map[last]);
  return stringify(document);
}

/** Of maps all keys and values change. */
function changed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return otherValue(value as Scalar);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [`${key}X`, changed(item)]));
}

const knownLeaves = new WeakMap<Configuration, ReadonlyMap<string, Scalar>>();

/** The values document's scalars by their path. */
export function valuesLeaves(configuration: Configuration): ReadonlyMap<string, Scalar> {
  const known = knownLeaves.get(configuration);
  if (known !== undefined) return known;
  const leaves = new Map<string, Scalar>();
  knownLeaves.set(configuration, leaves);
  const collect = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, item] of Object.entries(value)) {
        // Keys with dots would read as several.
        if (!key.includes('.')) collect(item, path === '' ? key : `${path}.${key}`);
      }
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      leaves.set(path, value);
    }
  };
  collect(configuration.values.document, '');
  return leaves;
}

/** The sources that can be changed, and that have one value. */
export function currentValue({ configuration, pod }: Inputs, { kind, name, field }: Source): Scalar | undefined {
  const text = pod.metadata.annotations?.[name];
  if (kind === 'annotation') return field === undefined || hasField(text, field) ? text : undefined;
  if (kind === 'label') return pod.metadata.labels?.[name];
  return kind === 'values' ? valuesLeaves(configuration).get(name) : undefined;
}

function hasField(text: string | undefined, field: string): boolean {
  return text !== undefined && parseDocument(text).hasIn(field.split('.'));
}

/** The inputs with another value of one source. */
export function withSource(inputs: Inputs, { kind, name }: Source, value: Scalar): Inputs {
  if (kind === 'values') return { ...inputs, configuration: withValue(inputs.configuration, name.split('.'), value) };
  const map = kind === 'annotation' ? 'annotations' : 'labels';
  const { metadata } = inputs.pod;
  return {
    ...inputs,
    pod: { ...inputs.pod, metadata: { ...metadata, [map]: { ...metadata[map], [name]: String(value) } } },
  };
}

function withValue(configuration: Configuration, path: readonly string[], value: Scalar): Configuration {
  const document = structuredClone(configuration.values.document);
  let map = document as Record<string, unknown>;
  for (const key of path.slice(0, -1)) map = map[key] as Record<string, unknown>;
  map[path.at(-1) ?? ''] = value;
  return { ...configuration, values: decodeValues({ file: 'values', text: JSON.stringify(document) }) };
}

/** Whether a change of one source is a change of the other. */
export function isRelated(a: Source, b: Source): boolean {
  if (a.kind !== b.kind) return isPart(a, b) || isPart(b, a);
  const within = (inner: string, outer: string): boolean =>
    outer === '' || inner === outer || inner.startsWith(`${outer}.`);
  return a.kind === 'values'
    ? within(a.name, b.name) || within(b.name, a.name)
    : a.name === b.name || a.name === '' || b.name === '';
}

const workloadLabels = ['pod-template-hash', 'rollouts-pod-template-hash', 'deploymentconfig'];

/** Sources of one kind that sources of another kind stand for. */
function isPart(part: Source, whole: Source): boolean {
  if (whole.kind === 'workload') return part.kind === 'label' && workloadLabels.includes(part.name);
  if (whole.kind === 'platform' && whole.name === 'native sidecars')
    return part.name === 'sidecar.istio.io/nativeSidecar';
  return whole.kind === 'pod' && whole.name === 'metadata' && (part.kind === 'annotation' || part.kind === 'label');
}
