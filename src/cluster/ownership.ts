/**
 * Ties the webhook configurations of our manifests to our namespace, so that deleting the namespace takes them along: left behind, they
 * would refuse pods for a server that is gone.
 *
 * The owner must be cluster-scoped, and its uid is known only at run time; hence the leader does it, and not the manifests.
 */
import type { Logger } from '../server/logger.ts';
import { isRecord } from '../yaml/index.ts';
import { ApiError, type ApiClient, type KubernetesObject } from './client.ts';
import { webhookKinds, type WebhookKind } from './webhooks/configuration.ts';

export interface OwnershipOptions {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly serviceName: string;
  readonly kinds: readonly WebhookKind[];
  readonly leads: () => boolean;
  readonly log: Logger;
}

export interface Ownership {
  /** The leader may have changed. */
  readonly changed: () => void;
  readonly stop: () => void;
}

/** How often the leader looks for configurations that came later, in milliseconds. */
const interval = 60_000;

/** How long to wait where somebody else, perhaps we with the caBundle, changed a configuration meanwhile, in milliseconds. */
const soon = 1_000;

/** Not the manager of the caBundle, which owns that field alone. */
const fieldManager = 'outrigger-owner';

/** HTTP status for a JSON patch whose `test` fails. */
const failedTest = 422;

export function startOwnership(options: OwnershipOptions): Ownership {
  let lastError = '';
  let running = Promise.resolve();
  let again: NodeJS.Timeout | undefined;
  const timer = setInterval(look, interval);
  function look(): void {
    clearTimeout(again);
    running = running.then(async () => {
      if (!options.leads()) return;
      try {
        if (!(await tieToNamespace(options))) again = setTimeout(look, soon);
        lastError = '';
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (message !== lastError) {
          options.log.warn(
            `webhook configurations will outlive their namespace, they cannot be tied to it: ${message}`,
          );
        }
        lastError = message;
      }
    });
  }
  return {
    changed: look,
    stop: () => {
      clearInterval(timer);
      clearTimeout(again);
    },
  };
}

/** Whether all of them are tied now. */
async function tieToNamespace({ client, namespace, serviceName, kinds }: OwnershipOptions): Promise<boolean> {
  const owner = await ownerReference(client, namespace);
  const labelSelector = `app.kubernetes.io/name=outrigger,app.kubernetes.io/instance=${serviceName}`;
  let complete = true;
  for (const kind of kinds) {
    const { resource } = webhookKinds[kind];
    const { items } = await client.list<KubernetesObject>(resource, { labelSelector });
    for (const { metadata, ...rest } of items) {
      const { name, resourceVersion, ownerReferences = [] } = metadata;
      const leadsHere = servicesOf(rest).some((service) => service['namespace'] === namespace);
      const isTied = ownerReferences.some((reference) => isRecord(reference) && reference['uid'] === owner.uid);
      if (!leadsHere || isTied) continue;
      const patch = [
        { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
        { op: 'add', path: '/metadata/ownerReferences', value: [...ownerReferences, owner] },
      ] as const;
      try {
        await client.patch(resource, name, patch, { fieldManager });
      } catch (error) {
        if (!(error instanceof ApiError && error.status === failedTest)) throw error;
        complete = false;
      }
    }
  }
  return complete;
}

async function ownerReference(client: ApiClient, namespace: string) {
  // By a list, since the permission to list namespaces is there for the caches.
  const { items } = await client.list<KubernetesObject>(
    { group: '', version: 'v1', resource: 'namespaces' },
    { fieldSelector: `metadata.name=${namespace}`, metadataOnly: true },
  );
  const uid = items[0]?.metadata.uid;
  if (uid === undefined) throw new Error(`namespace ${namespace} not found`);
  return { apiVersion: 'v1', kind: 'Namespace', name: namespace, uid };
}

/** The services that the entries of a configuration lead to. */
function servicesOf(configuration: object): Record<string, unknown>[] {
  const { webhooks } = configuration as { webhooks?: unknown };
  return (Array.isArray(webhooks) ? webhooks : []).flatMap((webhook: unknown) => {
    const client = isRecord(webhook) ? webhook['clientConfig'] : undefined;
    const service = isRecord(client) ? client['service'] : undefined;
    return isRecord(service) ? [service] : [];
  });
}
