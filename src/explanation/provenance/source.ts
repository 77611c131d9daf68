/** What people can change to change a value: the places that template data come from. */
import type { DataPath, DataPaths } from '../../gotemplate/index.ts';
import { flattenFields, parseGoType } from '../../kubernetes/index.ts';
import type { InjectionParameters } from '../../injection/index.ts';
import { annotation, env } from '../../injection/names.ts';
import { parseProxyConfigAnnotation } from '../../mesh/index.ts';
import { isRecord } from '../../yaml/index.ts';
import { lookup } from '../lookup.ts';

/** Kinds of sources; `name` of a {@link Source} is a name or path within its kind. */
export const sourceKinds = {
  annotation: 'annotation of the pod',
  label: 'label of the pod',
  pod: 'field of the pod, as it was sent',
  values: 'key of the values document',
  mesh: 'field of the mesh configuration',
  'proxy-config-resource': 'field of the ProxyConfig resources that the pod is under',
  workload: 'name or type of the workload that owns the pod, guessed from its owner, name and labels',
  configuration: 'key of the injector configuration',
  url: 'environment variable in the path of the webhook URL',
  platform: 'what is set or found outside: revision, features, nodes, namespace',
} as const;

export type SourceKind = keyof typeof sourceKinds;

/** One place that a value comes from. Never holds a value. */
export interface Source {
  readonly kind: SourceKind;
  /** Empty: all of the kind. */
  readonly name: string;
  /** The field, where the source is a document of its own, as `proxy.istio.io/config` is. */
  readonly field?: string;
}

/** What values come from, and what decided that they are these. */
export interface Sources {
  readonly values: readonly Source[];
  readonly conditions: readonly Source[];
}

export const source = (kind: SourceKind, name = ''): Source => ({ kind, name });

/** The text of a source: `annotation sidecar.istio.io/proxyCPU`. */
export function sourceText({ kind, name, field }: Source): string {
  const text = name === '' ? kind : `${kind} ${name}`;
  return field === undefined ? text : `${text} (${field})`;
}

/** Each source once, in order. */
export function distinct(sources: readonly Source[]): Source[] {
  return [...new Map(sources.map((item) => [sourceText(item), item])).values()];
}

const none: Sources = { values: [], conditions: [] };
const of = (...values: Source[]): Sources => ({ values, conditions: [] });

export function joinSources(parts: readonly Sources[]): Sources {
  return {
    values: distinct(parts.flatMap(({ values }) => values)),
    conditions: distinct(parts.flatMap(({ conditions }) => conditions)),
  };
}

type Keys = readonly string[];
type Parameters = Pick<InjectionParameters, 'pod' | 'configuration' | 'pathEnvironment' | 'proxyConfig'>;

/** Finds the sources of template data of one injection. */
export class SourceFinder {
  readonly #parameters: Parameters;
  readonly #known = new Map<DataPath, Sources>();
  readonly #all = new WeakMap<DataPaths, readonly Source[]>();

  constructor(parameters: Parameters) {
    this.#parameters = parameters;
  }

  /** The sources of several places of the data together. */
  ofPaths(paths: DataPaths): Sources {
    return joinSources(
      [...paths].map((path) => {
        let known = this.#known.get(path);
        if (known === undefined) this.#known.set(path, (known = this.#ofKeys(path.keys)));
        return known;
      }),
    );
  }

  /** The whole of what several places depend on, as one list. */
  all(paths: DataPaths): readonly Source[] {
    let known = this.#all.get(paths);
    if (known === undefined) {
      const { values, conditions } = this.ofPaths(paths);
      this.#all.set(paths, (known = distinct([...values, ...conditions])));
    }
    return known;
  }

  #ofKeys([part = '', ...rest]: Keys): Sources {
    switch (part) {
      case '':
        return of(...(['pod', 'values', 'mesh', 'platform'] as const).map((kind) => source(kind)));
      case 'ObjectMeta':
        return metadataSource(rest);
      case 'Spec':
        return of(source('pod', jsonPath('v1.PodSpec', rest, ['spec'])));
      case 'Values':
        return of(source('values', rest.join('.')));
      case 'MeshConfig':
        return of(source('mesh', messagePath(rest)));
      case 'ProxyConfig':
        return this.#proxyConfig(messagePath(rest));
      case 'DeploymentMeta':
      case 'TypeMeta':
        return of(
          source('workload', part === 'TypeMeta' || rest[0] === 'Name' ? (rest[0] ?? '').toLowerCase() : 'namespace'),
        );
      case 'ProxyImage':
        return this.#proxyImage();
      case 'Revision':
        return of(source('platform', 'revision'));
      case 'NativeSidecars':
        return this.#native();
      case 'ProxyUID':
      case 'ProxyGID':
        return of(source('platform', 'proxy user'));
      case 'InboundTrafficPolicyMode':
        return of(source('mesh', 'inboundTrafficPolicy.mode'));
      case 'CompliancePolicy':
        return of(source('platform', 'COMPLIANCE_POLICY'));
      default:
        return none;
    }
  }

  /** The effective configuration: the annotation over the resources over the mesh's `defaultConfig`. */
  #proxyConfig(path: string): Sources {
    const text = lookup(this.#parameters.pod.metadata.annotations, annotation.proxyConfig);
    const document = source('annotation', annotation.proxyConfig);
    const own = path === '' ? document : { ...document, field: path };
    const mesh = source('mesh', path === '' ? 'defaultConfig' : `defaultConfig.${path}`);
    const hasResources = this.#parameters.configuration.cluster.proxyConfigs.length > 0;
    // Which resources count depends on the pod's labels.
    const resources = hasResources ? [source('proxy-config-resource', path), source('label')] : [];
    const keys = path === '' ? [] : path.split('.');
    const isSet = text !== undefined && valueAt(parseProxyConfigAnnotation(text), keys) !== undefined;
    if (!isSet) return { values: [...resources, mesh], conditions: [own] };
    // The entries of maps come from all levels.
    const isMap = keys.length === 0 || isPlainMap(valueAt(this.#parameters.proxyConfig, keys));
    return isMap ? of(own, ...resources, mesh) : { values: [own], conditions: [...resources, mesh] };
  }

  /** Where nodes count, they are those of the cluster that the pod belongs to. */
  #native(): Sources {
    const { values, conditions } = this.ofEnvironment(env.clusterId);
    return { values: [source('platform', 'native sidecars')], conditions: [...values, ...conditions] };
  }

  #proxyImage(): Sources {
    const { pod, configuration, proxyConfig } = this.#parameters;
    const image = ['hub', 'proxy.image', 'tag'].map((name) => source('values', `global.${name}`));
    const type = source('annotation', annotation.proxyImageType);
    const configured = this.#proxyConfig('image.imageType');
    const variant = source('values', 'global.variant');
    if (lookup(pod.metadata.annotations, annotation.proxyImageType) !== undefined) {
      return { values: [...image, type], conditions: [] };
    }
    const isConfigured = proxyConfig.image !== undefined;
    const conditions = [type, variant, ...configured.values, ...configured.conditions];
    if (isConfigured) return { values: [...image, ...configured.values], conditions };
    return { values: configuration.values.variant === '' ? image : [...image, variant], conditions };
  }

  /** The value of the values document at a path, to find which of its keys a part of it is. */
  refine({ kind, name }: Source, steps: Keys): Source | undefined {
    if (kind !== 'values') return undefined;
    const at = valueAt(this.#parameters.configuration.values.document, name === '' ? [] : name.split('.'));
    for (let start = 0; start < steps.length && isRecord(at); start++) {
      const keys = steps.slice(start);
      const found = valueAt(at, keys);
      if (found !== undefined && !isRecord(found) && !Array.isArray(found)) {
        return source('values', [...(name === '' ? [] : [name]), ...keys].join('.'));
      }
    }
    return undefined;
  }

  /** The name of the cluster, and the network, that the proxy is told: from the URL, else the values. */
  ofEnvironment(name: string): Sources {
    const { pathEnvironment, pod } = this.#parameters;
    const url = source('url', name);
    const isInUrl = (lookup(pathEnvironment, name) ?? '') !== '';
    if (name === env.clusterId) {
      const value = source('values', 'global.multiCluster.clusterName');
      return isInUrl ? of(url) : { values: [value], conditions: [url] };
    }
    if (name !== env.network) return of(url);
    const label = source('label', 'topology.istio.io/network');
    if (lookup(pod.metadata.labels, label.name) !== undefined) return of(label);
    const value = source('values', 'global.network');
    return isInUrl ? { values: [url], conditions: [label] } : { values: [value], conditions: [url, label] };
  }
}

function metadataSource([field = '', ...rest]: Keys): Sources {
  const [name = ''] = rest;
  if (field === 'Annotations') return of(source('annotation', name));
  if (field === 'Labels') return of(source('label', name));
  if (field === '') return of(source('pod', 'metadata'), source('annotation'), source('label'));
  return of(source('pod', jsonPath('v1.ObjectMeta', [field, ...rest], ['metadata'])));
}

/** The JSON path of fields that are given by their names in Go. */
function jsonPath(type: string, [key, ...rest]: Keys, before: Keys): string {
  if (key === undefined) return before.join('.');
  const parsed = parseGoType(type);
  if ('element' in parsed) {
    if (parsed.kind === 'pointer') return jsonPath(parsed.element, [key, ...rest], before);
    const last = before.at(-1) ?? '';
    return jsonPath(parsed.element, rest, [...before.slice(0, -1), `${last}[${key}]`]);
  }
  const field = flattenFields(type).find(({ name }) => name === key);
  return field === undefined ? before.join('.') : jsonPath(field.type, rest, [...before, field.json]);
}

/** Methods of messages that give the value itself in another form. */
const conversions = new Set(['GetValue', 'Value', 'String', 'AsDuration', 'Number']);

/** The path of message fields in JSON, from Go's names of fields and getters. Keys of maps stay as they are. */
function messagePath(keys: Keys): string {
  const isMapKey = (index: number): boolean => maps.has(keys[index - 1] ?? '');
  return keys
    .filter((key, index) => isMapKey(index) || !conversions.has(key))
    .map((key, index) =>
      isMapKey(index) ? key : key.replace(/^Get(?=[A-Z])/, '').replace(/^[A-Z]/, (letter) => letter.toLowerCase()),
    )
    .join('.');
}

const maps = new Set(['ProxyMetadata', 'GetProxyMetadata', 'RuntimeValues', 'GetRuntimeValues']);

/** A map of a message, and no message. */
const isPlainMap = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

/** The value below several keys; messages hold what was set as own properties. */
function valueAt(value: unknown, keys: Keys): unknown {
  return keys.reduce<unknown>(
    (item, key) =>
      typeof item === 'object' && item !== null && Object.hasOwn(item, key)
        ? (item as Readonly<Record<string, unknown>>)[key]
        : undefined,
    value,
  );
}
