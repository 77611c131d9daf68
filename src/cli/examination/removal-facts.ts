/** What an uninstall would have to do with, read from a cluster. */
import type { ApiClient, KubernetesObject, Resource } from '../../cluster/client.ts';
import type { Installation, RemovalFacts } from '../../doctor/index.ts';
import { listAll, readConfigurations, readNamespaces } from './objects.ts';

interface Removable {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** As `kubectl delete` takes it. */
  readonly kind: string;
  readonly clusterScoped?: true;
}

const rbac = 'rbac.authorization.k8s.io';
/** Kinds that the chart makes, and those that the server makes itself: the secret and the lease. */
const removables: readonly Removable[] = [
  { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers', kind: 'horizontalpodautoscaler' },
  { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets', kind: 'poddisruptionbudget' },
  { group: 'apps', version: 'v1', resource: 'deployments', kind: 'deployment' },
  { group: '', version: 'v1', resource: 'services', kind: 'service' },
  { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies', kind: 'networkpolicy' },
  { group: 'monitoring.coreos.com', version: 'v1', resource: 'servicemonitors', kind: 'servicemonitor' },
  { group: '', version: 'v1', resource: 'configmaps', kind: 'configmap' },
  { group: '', version: 'v1', resource: 'secrets', kind: 'secret' },
  { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', kind: 'lease' },
  { group: rbac, version: 'v1', resource: 'rolebindings', kind: 'rolebinding' },
  { group: rbac, version: 'v1', resource: 'roles', kind: 'role' },
  { group: rbac, version: 'v1', resource: 'clusterrolebindings', kind: 'clusterrolebinding', clusterScoped: true },
  { group: rbac, version: 'v1', resource: 'clusterroles', kind: 'clusterrole', clusterScoped: true },
  { group: '', version: 'v1', resource: 'serviceaccounts', kind: 'serviceaccount' },
];

export async function collectRemovalFacts(client: ApiClient, installation: Installation): Promise<RemovalFacts> {
  const [configurations, namespaces, pods, objects] = await Promise.all([
    readConfigurations(client),
    readNamespaces(client),
    readInjectedPods(client),
    Promise.all(removables.map((removable) => readRemovable(client, installation, removable))),
  ]);
  return { installation, configurations, namespaces, pods, objects: objects.flat() };
}

async function readInjectedPods(client: ApiClient): Promise<RemovalFacts['pods']> {
  const pods = await listAll(client, { group: '', version: 'v1', resource: 'pods' }, { metadataOnly: true });
  return pods.flatMap(({ metadata: { namespace = '', annotations = {} } }) => {
    if (!Object.hasOwn(annotations, 'sidecar.istio.io/status')) return [];
    return [{ namespace, revision: annotations['istio.io/rev'] ?? 'default' }];
  });
}

async function readRemovable(
  client: ApiClient,
  installation: Installation,
  { kind, clusterScoped, ...resource }: Removable,
): Promise<RemovalFacts['objects']> {
  const { namespace, serviceName, revision } = installation;
  const place: Resource = clusterScoped === true ? resource : { ...resource, namespace };
  const suffix = revision === '' || revision === 'default' ? '' : `-${revision}`;
  // Metadata alone: nobody needs the content of secrets.
  const found = await listAll(client, place, { metadataOnly: true });
  return found
    .filter((object) => isOfInstallation(object, serviceName, madeByServer(kind, suffix)))
    .map(({ metadata: { name } }) => ({ kind, name, namespace: clusterScoped === true ? undefined : namespace }));
}

function madeByServer(kind: string, suffix: string): string | undefined {
  if (kind === 'secret') return `outrigger-certificates${suffix}`;
  return kind === 'lease' ? `outrigger-leader${suffix}` : undefined;
}

function isOfInstallation({ metadata }: KubernetesObject, instance: string, name: string | undefined): boolean {
  const labels = metadata.labels ?? {};
  const labelled =
    labels['app.kubernetes.io/name'] === 'outrigger' && labels['app.kubernetes.io/instance'] === instance;
  return labelled || metadata.name === name;
}
