/** What the injector needs to know of a cluster: namespaces, nodes and ProxyConfigs; and explanations: webhook configurations. */
import type { ProxyConfigResource } from '../mesh/index.ts';
import { decodeYaml, isRecord, YamlError, type JsonRecord } from '../yaml/index.ts';
import { ConfigurationError, type SourceText } from './source.ts';
import { injectionWebhooksOf, type InjectionWebhook } from './webhook-configurations.ts';

/** A namespace. */
export interface NamespaceObject {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Objects of one cluster. Immutable: a change is a new value. */
export interface ClusterObjects {
  /** By name. */
  readonly namespaces: ReadonlyMap<string, NamespaceObject>;
  /** Kubelet versions by the node's name. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly proxyConfigs: readonly ProxyConfigResource[];
  /** Entries of all MutatingWebhookConfigurations that send pods to an injector; absent: none are known. */
  readonly webhooks?: readonly InjectionWebhook[];
}

/** A cluster of which nothing is known. */
export const noClusterObjects: ClusterObjects = { namespaces: new Map(), nodes: new Map(), proxyConfigs: [] };

/**
 * Reads Kubernetes objects from YAML or JSON, any number of documents in a text; lists are opened, objects of other kinds ignored.
 * Later objects of the same name replace earlier ones. Throws a {@link ConfigurationError}.
 */
export function decodeClusterObjects(sources: readonly SourceText[]): ClusterObjects {
  return indexClusterObjects(sources.flatMap(decodeObjects));
}

/** As {@link decodeClusterObjects}, from decoded objects. What is not an object of these kinds is ignored. */
export function indexClusterObjects(objects: Iterable<unknown>): ClusterObjects {
  const namespaces = new Map<string, NamespaceObject>();
  const nodes = new Map<string, string>();
  const proxyConfigs = new Map<string, ProxyConfigResource>();
  const webhooks = new Map<string, readonly InjectionWebhook[]>();
  for (const object of openLists(objects)) {
    const metadata = recordAt(object, 'metadata');
    const name = textAt(metadata, 'name');
    const labels = stringsAt(metadata, 'labels');
    switch (`${groupOf(object)}/${textAt(object, 'kind')}`) {
      case '/Namespace':
        namespaces.set(name, { labels, annotations: stringsAt(metadata, 'annotations') });
        break;
      case '/Node':
        nodes.set(name, textAt(recordAt(recordAt(object, 'status'), 'nodeInfo'), 'kubeletVersion'));
        break;
      case 'networking.istio.io/ProxyConfig': {
        const namespace = textAt(metadata, 'namespace');
        const creationTimestamp = textAt(metadata, 'creationTimestamp');
        const spec = own(object, 'spec') ?? {};
        proxyConfigs.set(`${namespace}/${name}`, { name, namespace, labels, creationTimestamp, spec });
        break;
      }
      case 'admissionregistration.k8s.io/MutatingWebhookConfiguration':
        webhooks.set(name, injectionWebhooksOf(object));
        break;
    }
  }
  return {
    namespaces,
    nodes,
    proxyConfigs: [...proxyConfigs.values()],
    ...(webhooks.size > 0 && { webhooks: [...webhooks.values()].flat() }),
  };
}

/** Documents of a text, `---` lines between them. */
function decodeObjects({ file, text }: SourceText): unknown[] {
  const objects: unknown[] = [];
  let line = 0;
  for (const document of text.split(/^---[ \t]*(?:#.*)?\r?$/m)) {
    try {
      objects.push(decodeYaml(document));
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      const place = error.line === 0 ? undefined : { line: line + error.line, column: error.column };
      throw new ConfigurationError(file, error.message, place, error);
    }
    line += document.split('\n').length - 1;
  }
  return objects;
}

function* openLists(objects: Iterable<unknown>): Generator<JsonRecord> {
  for (const object of objects) {
    if (!isRecord(object)) continue;
    const items = own(object, 'items');
    if (textAt(object, 'kind').endsWith('List') && Array.isArray(items)) yield* items.filter(isRecord);
    else yield object;
  }
}

function groupOf(object: JsonRecord): string {
  const [group, version] = textAt(object, 'apiVersion').split('/');
  return version === undefined ? '' : (group ?? '');
}

const own = (record: JsonRecord | undefined, key: string): unknown =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;

function recordAt(record: JsonRecord | undefined, key: string): JsonRecord | undefined {
  const value = own(record, key);
  return isRecord(value) ? value : undefined;
}

function textAt(record: JsonRecord | undefined, key: string): string {
  const value = own(record, key);
  return typeof value === 'string' ? value : '';
}

function stringsAt(record: JsonRecord | undefined, key: string): Readonly<Record<string, string>> {
  const map = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(recordAt(record, key) ?? {})) {
    if (typeof value === 'string') map[name] = value;
  }
  return map;
}
