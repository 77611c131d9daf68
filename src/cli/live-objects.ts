/** Objects of a running cluster for `explain`: the workloads that are asked for, and what decides about their pods. */
import {
  compileConfiguration,
  controlPlaneEnvironment,
  controlPlanes,
  indexClusterObjects,
  readFeatures,
  type ClusterObjects,
  type Configuration,
  type Variables,
} from '../configuration/index.ts';
import { ApiClient, ApiError, isNotFound, type KubernetesObject, type Resource } from '../cluster/client.ts';
import { textsOf, type ConfigMapSource, type ConfigurationTexts } from '../cluster/configuration-texts.ts';
import { loadCredentials } from '../cluster/credentials.ts';
import { configMaps, keepConfigMap, namespaces, nodes, proxyConfigs, revisioned } from '../cluster/watched-objects.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../server/built-in-configuration.ts';
import type { Terminal } from '../server/terminal.ts';
import { listAll } from './examination/objects.ts';
import type { Reference } from './references.ts';

/** Where the cluster is, and what of it counts. */
export interface LiveFlags {
  readonly kubeconfig?: string;
  /** Of the objects. */
  readonly namespace: string;
  /** Of the ConfigMaps. */
  readonly istioNamespace: string;
  readonly revision: string;
  readonly clusterId: string;
}

/** Objects that were asked for, and the configuration that decides about them. */
export interface LiveObjects {
  readonly objects: readonly unknown[];
  readonly configuration: Configuration;
}

/**
 * Reads from the API server.
 * @throws {ApiError} for an object that is not there or may not be read; what only adds to an explanation is left out with a note
 */
export async function readLive(
  references: readonly Reference[],
  flags: LiveFlags,
  { variables, stderr }: Terminal,
): Promise<LiveObjects> {
  const client = new ApiClient(await loadCredentials(flags.kubeconfig, variables));
  try {
    const objects = await Promise.all(references.map((reference) => readOne(client, reference, flags.namespace)));
    const [texts, { cluster }] = await Promise.all([
      readTexts(client, flags, variables['SHARED_MESH_CONFIG'] ?? ''),
      readSurroundings(client, stderr),
    ]);
    const { revision, clusterId } = flags;
    const { features } = readFeatures(variables);
    return { objects, configuration: compileConfiguration({ ...texts, revision, clusterId, cluster, features }) };
  } finally {
    client.close();
  }
}

/** What of a cluster decides about its pods. */
export interface LiveSurroundings {
  readonly objects: readonly object[];
  readonly cluster: ClusterObjects;
}

/** Reads namespaces, nodes, ProxyConfigs and webhook configurations, as far as that is allowed; the rest is noted. */
export async function readSurroundings(client: ApiClient, stderr: Terminal['stderr']): Promise<LiveSurroundings> {
  const lists = await Promise.all(surroundings.map((resource) => readIfAllowed(client, resource, stderr)));
  const objects = lists.flatMap((list) => list ?? []);
  // A cluster without webhook configurations sends nothing; one whose configurations may not be read is taken for the usual.
  const webhooks = lists.at(-1) === undefined ? undefined : [];
  return { objects, cluster: { ...(webhooks && { webhooks }), ...indexClusterObjects(objects) } };
}

/** The environment of the control plane, whose Deployment is in the namespace of the ConfigMaps; unknown where it may not be read. */
export async function readControlPlane(
  client: ApiClient,
  { istioNamespace, revision }: Pick<LiveFlags, 'istioNamespace' | 'revision'>,
  stderr: Terminal['stderr'],
): Promise<Variables | undefined> {
  const deployments: Resource = { group: 'apps', version: 'v1', resource: 'deployments', namespace: istioNamespace };
  const found = (await readIfAllowed(client, deployments, stderr)) ?? [];
  const [deployment] = controlPlanes.flatMap((base) =>
    found.filter(({ metadata }) => metadata.name === revisioned(base, revision)),
  );
  return deployment && controlPlaneEnvironment({ ...deployment });
}

const webhookConfigurations: Resource = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  resource: 'mutatingwebhookconfigurations',
};

const surroundings = [namespaces, nodes, proxyConfigs, webhookConfigurations];

const kindsOfLists: Readonly<Record<string, readonly [kind: string, apiVersion: string]>> = {
  namespaces: ['Namespace', 'v1'],
  nodes: ['Node', 'v1'],
  proxyconfigs: ['ProxyConfig', 'networking.istio.io/v1beta1'],
  deployments: ['Deployment', 'apps/v1'],
  mutatingwebhookconfigurations: ['MutatingWebhookConfiguration', 'admissionregistration.k8s.io/v1'],
};

/** Objects in lists do not say their kind. */
async function readIfAllowed(
  client: ApiClient,
  resource: Resource,
  stderr: Terminal['stderr'],
): Promise<KubernetesObject[] | undefined> {
  const [kind, apiVersion] = kindsOfLists[resource.resource] ?? [];
  try {
    return (await listAll(client, resource)).map((object) => ({ ...object, kind, apiVersion }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    stderr.write(`Note: done without the ${resource.resource} of the cluster: ${error.message}\n`);
    return undefined;
  }
}

async function readOne(client: ApiClient, reference: Reference, namespace: string): Promise<unknown> {
  const { kind, apiVersion, resource, name } = reference;
  return { ...(await client.get<KubernetesObject>({ ...resource, namespace }, name)), kind, apiVersion };
}

/** The texts of the ConfigMaps that `serve` takes, in the same order. */
export async function readTexts(
  client: ApiClient,
  flags: Pick<LiveFlags, 'istioNamespace' | 'revision'>,
  shared: string,
): Promise<ConfigurationTexts> {
  const { istioNamespace, revision } = flags;
  const read = async (name: string): Promise<ConfigMapSource> => {
    const source = { name: `${istioNamespace}/${name}` };
    try {
      return { ...source, texts: keepConfigMap(await client.get(configMaps(istioNamespace), name)) };
    } catch (error) {
      if (isNotFound(error)) return { ...source, texts: undefined };
      throw error;
    }
  };
  const [injector, own, mesh, sharedMesh] = await Promise.all([
    read(revisioned('istio-sidecar-injector', revision)),
    read(revisioned('outrigger', revision)),
    read(revisioned('istio', revision)),
    shared === '' ? undefined : read(shared),
  ]);
  const builtIn = { config: builtInConfig(), values: builtInValues(), mesh: [builtInMesh()] };
  return textsOf({ injector, own, mesh, shared: sharedMesh }, builtIn, undefined);
}
