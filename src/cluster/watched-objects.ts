/** What is watched, and what is kept of it: nothing that no injection looks at. */
import { routingLabels } from '../explanation/index.ts';
import type { KubernetesObject, Resource } from './api-types.ts';
import { isRecord, type JsonRecord } from '../yaml/index.ts';

/** Keys of a ConfigMap that hold configuration. */
export const configurationKeys = ['config', 'values', 'mesh'] as const;

/** The configuration in a ConfigMap, by key. */
export type ConfigMapTexts = { readonly [Key in (typeof configurationKeys)[number]]?: string };

export const configMaps = (namespace: string): Resource => ({
  group: '',
  version: 'v1',
  resource: 'configmaps',
  namespace,
});
export const namespaces: Resource = { group: '', version: 'v1', resource: 'namespaces' };
export const nodes: Resource = { group: '', version: 'v1', resource: 'nodes' };
export const proxyConfigs: Resource = { group: 'networking.istio.io', version: 'v1beta1', resource: 'proxyconfigs' };

/** Name of an object of a revision: the revision that is unnamed, or named `default`, has no suffix. */
export function revisioned(name: string, revision: string): string {
  return revision === '' || revision === 'default' ? name : `${name}-${revision}`;
}

export function keepConfigMap(object: KubernetesObject): ConfigMapTexts {
  const data = recordOf((object as { data?: unknown }).data);
  return Object.fromEntries(
    configurationKeys.flatMap((key) => {
      const text = Object.hasOwn(data, key) ? data[key] : undefined;
      return typeof text === 'string' ? [[key, text]] : [];
    }),
  );
}

/** Annotations of a namespace from which OpenShift's ids come. */
const namespaceAnnotations = ['openshift.io/sa.scc.uid-range', 'openshift.io/sa.scc.supplemental-groups'];

/** Labels of a namespace that webhook selectors look at, by which explanations and warnings say whether pods are sent. */
const namespaceLabels = Object.values(routingLabels);

/** The objects that follow are kept in the shape that `indexClusterObjects` reads. */
export function keepNamespace({ metadata: { name, labels, annotations } }: KubernetesObject): JsonRecord {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: pick(labels, namespaceLabels), annotations: pick(annotations, namespaceAnnotations) },
  };
}

export function keepNode({ metadata: { name }, ...rest }: KubernetesObject): JsonRecord {
  const status = recordOf((rest as { status?: unknown }).status);
  const { kubeletVersion } = recordOf(status['nodeInfo']);
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { nodeInfo: { kubeletVersion } } };
}

export function keepProxyConfig({ metadata, ...rest }: KubernetesObject): JsonRecord {
  const { name, namespace, creationTimestamp, labels } = metadata;
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'ProxyConfig',
    metadata: { name, namespace, creationTimestamp, labels: pick(labels, ['istio.io/rev']) },
    spec: (rest as { spec?: unknown }).spec ?? {},
  };
}

function pick(values: unknown, keys: readonly string[]): JsonRecord {
  const record = recordOf(values);
  return Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(record, key) ? [[key, record[key]]] : [])));
}

function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}
