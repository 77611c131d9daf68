/** The proxy configuration of a pod as the webhook computes it (Istio's `model.ProxyConfigs.EffectiveProxyConfig`). */
import { BoundedMap, textKey } from '../memo/index.ts';
import type { NetworkingProxyConfig } from '../protobuf/index.ts';
import { ProtobufJsonError, readMessage, withFields } from '../protobuf/index.ts';
import { parseProxyConfigAnnotation } from './annotation.ts';
import type { MeshConfig, ProxyConfig } from './defaults.ts';
import { defaultProxyConfig } from './defaults.ts';
import { emptyProxyConfig, mergeProxyConfig } from './proxy-config-merge.ts';

/** A ProxyConfig resource. */
export interface ProxyConfigResource {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** RFC 3339; empty when not known. */
  readonly creationTimestamp: string;
  /** As it stands in the resource. */
  readonly spec: unknown;
}

/** What of a pod its proxy configuration depends on. */
export interface ProxyConfigSubject {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Value of the annotation `proxy.istio.io/config`. */
  readonly annotation?: string;
}

/** A resource that can be read, with what it contributes to a proxy configuration. */
interface Contribution {
  readonly name: string;
  readonly namespace: string;
  readonly config: ProxyConfig;
  /** Labels of the pods it is for; undefined: the whole namespace. */
  readonly matchLabels: Readonly<Record<string, string>> | undefined;
}

/** Where settings of a pod's proxy configuration come from; later ones of a list win. */
export type ProxyConfigSource =
  | { readonly kind: 'built-in' | 'mesh' | 'annotation' }
  | { readonly kind: 'root-resource' | 'namespace-resource' | 'workload-resource'; readonly name: string };

/** The proxy configurations of one mesh configuration and one set of resources. Immutable. */
export class ProxyConfigs {
  /** Levels 1 to 3, which all pods share: built-in, mesh, resource of the root namespace. */
  private readonly shared: ProxyConfig;
  private readonly rootNamespace: string;
  private readonly byNamespace: ReadonlyMap<string, readonly Contribution[]>;
  /** What was computed before, by all that it depends on: pods of a workload share one object, and what is known of it. */
  private readonly known = new BoundedMap<ProxyConfig>(knownLimit);

  /** Resources labelled for another revision than `revision` are not seen, unreadable ones left out. */
  constructor(mesh: MeshConfig, resources: readonly ProxyConfigResource[], revision: string) {
    this.rootNamespace = mesh.rootNamespace;
    const visible = resources.filter((resource) => isInRevision(resource, revision)).sort(byAge);
    this.byNamespace = groupByNamespace(visible.flatMap(contribution));
    const fromMesh = mergeProxyConfig(defaultProxyConfig, mesh.defaultConfig ?? emptyProxyConfig);
    this.shared = this.rootNamespace === '' ? fromMesh : this.applyNamespace(fromMesh, this.rootNamespace);
  }

  /** The configuration of a pod's proxy. A zero value at a higher level does not replace what a lower one says. */
  effective({ namespace, labels, annotation }: ProxyConfigSubject): ProxyConfig {
    const inNamespace = namespace === this.rootNamespace ? undefined : this.ofNamespace(namespace);
    const resources = this.byNamespace.get(namespace) ?? [];
    const index = resources.findIndex((resource) => selects(resource, labels));
    const selecting = resources[index];
    if (inNamespace === undefined && selecting === undefined && annotation === undefined) return this.shared;
    const key = textKey(JSON.stringify([inNamespace && namespace, selecting && [namespace, index], annotation]));
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const base = inNamespace === undefined ? this.shared : mergeProxyConfig(this.shared, inNamespace.config);
    const config = withWorkload(base, annotation, selecting);
    this.known.set(key, config, key.text.length + configSize);
    return config;
  }

  /** What {@link effective} is made of, lowest first; resources by `namespace/name`. */
  sources({ namespace, labels, annotation }: ProxyConfigSubject): readonly ProxyConfigSource[] {
    const root = this.rootNamespace === '' ? undefined : this.ofNamespace(this.rootNamespace);
    const own = namespace === this.rootNamespace ? undefined : this.ofNamespace(namespace);
    const selecting = this.byNamespace.get(namespace)?.find((resource) => selects(resource, labels));
    const resource = (kind: 'root-resource' | 'namespace-resource' | 'workload-resource', found?: Contribution) =>
      found === undefined ? [] : [{ kind, name: `${found.namespace}/${found.name}` }];
    const readable = annotation !== undefined && parseProxyConfigAnnotation(annotation) !== undefined;
    return [
      { kind: 'built-in' },
      { kind: 'mesh' },
      ...resource('root-resource', root),
      ...resource('namespace-resource', own),
      ...(readable ? [{ kind: 'annotation' as const }] : []),
      ...resource('workload-resource', selecting),
    ];
  }

  private applyNamespace(base: ProxyConfig, namespace: string): ProxyConfig {
    const resource = this.ofNamespace(namespace);
    return resource === undefined ? base : mergeProxyConfig(base, resource.config);
  }

  private ofNamespace(namespace: string): Contribution | undefined {
    return this.byNamespace.get(namespace)?.find(({ matchLabels }) => matchLabels === undefined);
  }
}

/** UTF-16 units of keys and, roughly, of what they stand for. */
const knownLimit = 512 * 1024;
const configSize = 1024;

function withWorkload(base: ProxyConfig, annotation: string | undefined, selecting?: Contribution): ProxyConfig {
  const own = annotation === undefined ? undefined : parseProxyConfigAnnotation(annotation);
  if (own === undefined && selecting === undefined) return base;
  const workload = mergeProxyConfig(
    mergeProxyConfig(emptyProxyConfig, own ?? emptyProxyConfig),
    selecting?.config ?? emptyProxyConfig,
  );
  return mergeProxyConfig(base, workload);
}

const REVISION_LABEL = 'istio.io/rev';

function isInRevision({ labels }: ProxyConfigResource, revision: string): boolean {
  return !Object.hasOwn(labels, REVISION_LABEL) || labels[REVISION_LABEL] === revision;
}

/** Of several resources the oldest counts, then the one whose name comes first. */
function byAge(a: ProxyConfigResource, b: ProxyConfigResource): number {
  const difference = (Date.parse(a.creationTimestamp) || 0) - (Date.parse(b.creationTimestamp) || 0);
  return difference !== 0 ? difference : a.name < b.name ? -1 : 1;
}

function contribution({ name, namespace, spec }: ProxyConfigResource): Contribution[] {
  try {
    const message = readMessage('istio.networking.v1beta1.ProxyConfig', spec);
    return [{ name, namespace, config: toProxyConfig(message), matchLabels: message.selector?.matchLabels }];
  } catch (error) {
    if (error instanceof ProtobufJsonError) return [];
    throw error;
  }
}

function groupByNamespace(contributions: readonly Contribution[]): ReadonlyMap<string, readonly Contribution[]> {
  const groups = new Map<string, Contribution[]>();
  for (const item of contributions) {
    const group = groups.get(item.namespace);
    if (group === undefined) groups.set(item.namespace, [item]);
    else group.push(item);
  }
  return groups;
}

function toProxyConfig({ concurrency, environmentVariables, image }: NetworkingProxyConfig): ProxyConfig {
  return withFields(emptyProxyConfig, { concurrency, image, proxyMetadata: environmentVariables });
}

/** An empty selector selects nothing. */
function selects({ matchLabels }: Contribution, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(matchLabels ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}
