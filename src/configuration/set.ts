/**
 * A configuration set: the texts of one configuration as a person names them on a command line, taken from plain texts or from
 * Kubernetes documents (a rendered chart, `kubectl get -o yaml`), with the places where they stand.
 */
import { isRecord, type JsonRecord } from '../yaml/index.ts';
import { indexClusterObjects, type ClusterObjects } from './cluster-objects.ts';
import { compileConfiguration, type Configuration } from './configuration.ts';
import { controlPlaneEnvironment, controlPlanes } from './control-plane.ts';
import type { Features, Variables } from './features.ts';
import { originOf, type ConfigurationDocument, type TextOrigin } from './set-documents.ts';
import { ConfigurationError, type Path, type Place, type SourceText } from './source.ts';

/** A text, and where it stands when it is not a file of its own. */
export interface SetText extends SourceText {
  readonly origin?: TextOrigin;
}

/** The texts of one configuration, not yet checked. */
export interface ConfigurationSet {
  /** What the user calls it. */
  readonly name: string;
  readonly revision: string;
  /** Key `config` of the ConfigMap `istio-sidecar-injector`. */
  readonly config: SetText;
  /** Key `values` of the same ConfigMap. */
  readonly values: SetText;
  /** Applied in order on the built-in defaults. */
  readonly mesh: readonly SetText[];
  /** Kubernetes objects that stand beside the texts: namespaces, nodes, ProxyConfigs, webhook configurations, and any others. */
  readonly objects: readonly unknown[];
  /** What is known of the cluster; default: what the objects say. */
  readonly cluster?: ClusterObjects;
  /** Environment of the control plane, where its Deployment is known. */
  readonly environment?: Variables;
}

/** Which ConfigMaps of the documents are meant. */
export interface SetChoice {
  /** What the user calls the documents. */
  readonly name: string;
  /** Default: the only one there is, or the one without a name. */
  readonly revision?: string;
  /** Counts where ConfigMaps of the same name are in several namespaces. */
  readonly namespace: string;
}

/**
 * Picks a configuration from documents: config and values of `istio-sidecar-injector[-REV]`, else of `outrigger[-REV]`, and mesh of
 * `istio[-REV]`, as cluster mode does.
 * @throws {ConfigurationError} when there is none, when one must be chosen, or when a key is missing
 */
export function pickConfigurationSet(
  documents: readonly ConfigurationDocument[],
  { name, revision, namespace }: SetChoice,
): ConfigurationSet {
  const found = documents.flatMap((document) => [...objectsIn(document)]);
  const maps = found.filter(isConfigMap);
  const chosen = revision ?? chooseRevision(maps, name);
  const mapNamed = (base: string): Found | undefined => preferred(maps, suffixed(base, chosen), namespace);
  const injector = mapNamed(bases.injector) ?? mapNamed(bases.own);
  if (injector === undefined) {
    const wanted = `${suffixed(bases.injector, chosen)} or ${suffixed(bases.own, chosen)}`;
    throw new ConfigurationError(name, `there is no ConfigMap ${wanted}`);
  }
  const meshMap = mapNamed(bases.mesh);
  const deployments = found.filter(({ object }) => object['kind'] === 'Deployment');
  const [controlPlane] = controlPlanes.flatMap((base) => {
    const deployment = preferred(deployments, suffixed(base, chosen), namespace);
    return deployment === undefined ? [] : [deployment.object];
  });
  const mesh = (meshMap && textAt(meshMap, 'mesh')) ?? (isOwn(injector) ? textAt(injector, 'mesh') : undefined);
  return {
    name,
    revision: revision ?? revisionLabel(injector) ?? chosen,
    config: requiredText(injector, 'config'),
    values: requiredText(injector, 'values'),
    mesh: mesh === undefined ? [] : [mesh],
    objects: found.map(({ object }) => object),
    ...(controlPlane && { environment: controlPlaneEnvironment(controlPlane) }),
  };
}

/** What a set needs to become a configuration. */
export interface CompileOptions {
  readonly clusterId: string;
  readonly features: Features;
  /** Default: that of the set. */
  readonly cluster?: ClusterObjects;
}

/**
 * Compiles a set.
 * @throws {ConfigurationError} with the place in the file where the text stands
 */
export function compileConfigurationSet(set: ConfigurationSet, options: CompileOptions): Configuration {
  const { config, values, mesh, revision } = set;
  const { cluster = set.cluster ?? indexClusterObjects(set.objects), ...others } = options;
  try {
    return compileConfiguration({ config, values, mesh, revision, cluster, ...others });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const text = [config, values, ...mesh].find(({ file }) => file === error.file);
    if (text?.origin === undefined) throw error;
    const { file, ...place } = placeInFile(text, error);
    throw new ConfigurationError(file, `${text.file}: ${error.detail}`, place, error);
  }
}

/** The place in the file of a place in a text; a line of 0 is unknown and stands for the whole text. */
export function placeInFile({ file, origin }: SetText, { line, column }: Place): Place & { readonly file: string } {
  if (origin === undefined) return { file, line, column };
  if (line === 0 || origin.indent === undefined) return { file: origin.file, line: origin.line, column: 0 };
  return {
    file: origin.file,
    line: origin.line + line - 1,
    column: column === 0 ? 0 : column + origin.indent,
  };
}

const bases = { injector: 'istio-sidecar-injector', own: 'outrigger', mesh: 'istio' } as const;

/** The revision that has no name in names. */
const unnamed = 'default';

function suffixed(base: string, revision: string): string {
  return revision === '' || revision === unnamed ? base : `${base}-${revision}`;
}

/** An object of a document. */
interface Found {
  readonly document: ConfigurationDocument;
  readonly path: Path;
  readonly object: JsonRecord;
}

/** Lists in lists that are opened; Kubernetes has none. */
const deepestList = 4;

function* objectsIn(document: ConfigurationDocument): Generator<Found> {
  yield* open(document, [], document.object, deepestList);
}

function* open(document: ConfigurationDocument, path: Path, object: unknown, depth: number): Generator<Found> {
  if (!isRecord(object)) return;
  const { kind, items } = object;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) {
    yield { document, path, object };
    return;
  }
  if (depth === 0) return;
  for (const [index, item] of items.entries()) yield* open(document, [...path, 'items', index], item, depth - 1);
}

function isConfigMap({ object }: Found): boolean {
  return object['kind'] === 'ConfigMap' && isRecord(object['metadata']) && isRecord(object['data']);
}

function metadataText({ object }: Found, key: string): string {
  const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
  const value = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  return typeof value === 'string' ? value : '';
}

/** Of equal names in several namespaces that of the namespace counts, of equal objects the last, as with `kubectl apply`. */
function preferred(objects: readonly Found[], name: string, namespace: string): Found | undefined {
  const named = objects.filter((object) => metadataText(object, 'name') === name);
  return named.findLast((object) => metadataText(object, 'namespace') === namespace) ?? named.at(-1);
}

function isOwn(map: Found): boolean {
  const name = metadataText(map, 'name');
  return name === bases.own || name.startsWith(`${bases.own}-`);
}

function chooseRevision(maps: readonly Found[], file: string): string {
  const revisions = new Set(maps.flatMap((map) => revisionOf(metadataText(map, 'name'), map)));
  const [first, ...others] = revisions;
  if (first === undefined) return unnamed;
  if (others.length === 0 || revisions.has(unnamed)) return revisions.has(unnamed) ? unnamed : first;
  throw new ConfigurationError(file, `there are several revisions, choose one: ${[...revisions].sort().join(', ')}`);
}

/** The revision of an injector's ConfigMap, by its name. */
function revisionOf(name: string, map: Found): string[] {
  if (textAt(map, 'config') === undefined) return [];
  for (const base of [bases.injector, bases.own]) {
    if (name === base) return [unnamed];
    if (name.startsWith(`${base}-`)) return [name.slice(base.length + 1)];
  }
  return [];
}

/** Istio's chart writes it. */
function revisionLabel({ object }: Found): string | undefined {
  const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
  const labels = isRecord(metadata['labels']) ? metadata['labels'] : {};
  const label = Object.hasOwn(labels, 'istio.io/rev') ? labels['istio.io/rev'] : undefined;
  return typeof label === 'string' && label !== '' ? label : undefined;
}

function textAt({ document, path, object }: Found, key: string): SetText | undefined {
  const data = object['data'] as JsonRecord;
  const text = Object.hasOwn(data, key) ? data[key] : undefined;
  if (typeof text !== 'string') return undefined;
  const namespace = metadataText({ document, path, object }, 'namespace');
  const map = `${namespace === '' ? '' : `${namespace}/`}${metadataText({ document, path, object }, 'name')}`;
  const origin = originOf(document, [...path, 'data', key]);
  return { file: `configmap ${map} key ${key}`, text, ...(origin !== undefined && { origin }) };
}

function requiredText(map: Found, key: 'config' | 'values'): SetText {
  const text = textAt(map, key);
  if (text !== undefined) return text;
  const file = `${map.document.file}: configmap ${metadataText(map, 'name')}`;
  throw new ConfigurationError(file, `missing ConfigMap ${key} key "${key}"`);
}
