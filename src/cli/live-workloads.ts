/** Workloads and pods of a running cluster, page by page. Only ever gets and lists. */
import { ApiClient, ApiError, isNotFound, type KubernetesObject, type Resource } from '../cluster/client.ts';
import { loadCredentials } from '../cluster/credentials.ts';
import type { Terminal } from '../server/terminal.ts';
import type { JsonRecord } from '../yaml/index.ts';
import { readSurroundings } from './live-objects.ts';
import type { SourceFlags, WorkloadSource } from './workload-source.ts';

type Kind = readonly [kind: string, group: string, version: string, resource: string];

const controllers: readonly Kind[] = [
  ['Deployment', 'apps', 'v1', 'deployments'],
  ['StatefulSet', 'apps', 'v1', 'statefulsets'],
  ['DaemonSet', 'apps', 'v1', 'daemonsets'],
  ['ReplicaSet', 'apps', 'v1', 'replicasets'],
  ['ReplicationController', '', 'v1', 'replicationcontrollers'],
  ['CronJob', 'batch', 'v1', 'cronjobs'],
  ['Job', 'batch', 'v1', 'jobs'],
];
const pods: Kind = ['Pod', '', 'v1', 'pods'];
const budgets: Kind = ['PodDisruptionBudget', 'policy', 'v1', 'poddisruptionbudgets'];

const known = [...controllers, budgets, pods];

/** What is read when nothing is chosen: workloads before pods, since a pod whose workload is known need not be read. */
const usual = [...controllers, pods].map(([kind]) => kind);

/** Objects of a page. */
const pageSize = 250;

/** @throws {ApiError} when pods may not be listed; other kinds that may not be read are noted and left out */
export async function openCluster(
  { kubeconfig }: SourceFlags,
  { variables, stderr }: Terminal,
): Promise<WorkloadSource> {
  const client = new ApiClient(await loadCredentials(kubeconfig, variables));
  let read = 0;
  let rest = 0;
  async function* objectsOf([kind, group, version, resource]: Kind): AsyncGenerator<JsonRecord> {
    const apiVersion = group === '' ? version : `${group}/${version}`;
    try {
      for await (const page of pagesOf(client, { group, version, resource })) {
        rest = (page.metadata as { remainingItemCount?: number }).remainingItemCount ?? 0;
        for (const item of page.items) {
          read++;
          yield { ...item, kind, apiVersion };
        }
      }
    } catch (error) {
      if (!(error instanceof ApiError) || kind === 'Pod') throw error;
      stderr.write(`Note: without the ${resource} of the cluster: ${error.message}\n`);
    }
  }
  return {
    surroundings: (await readSurroundings(client, stderr)).objects,
    async *objects(kinds = usual) {
      for (const kind of known) if (kinds.includes(kind[0])) yield* objectsOf(kind);
    },
    part: () => (read + rest === 0 ? undefined : read / (read + rest)),
    close: () => {
      client.close();
    },
  };
}

async function* pagesOf(client: ApiClient, resource: Resource) {
  let token: string | undefined;
  do {
    try {
      const page = await client.list<KubernetesObject>(resource, { limit: pageSize, continue: token });
      yield page;
      token = page.metadata.continue;
    } catch (error) {
      // A cluster that does not know the resource has none.
      if (isNotFound(error)) return;
      throw error;
    }
  } while (token !== undefined && token !== '');
}
