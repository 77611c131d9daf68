/** Objects of the cluster, read as far as the doctor looks at them; parts of another form count as absent. */
import {
  isNotFound,
  type ApiClient,
  type KubernetesObject,
  type ListOptions,
  type Resource,
} from '../../cluster/client.ts';
import type { NamespaceFacts, ServiceReference, Webhook, WebhookConfiguration } from '../../doctor/index.ts';
import type { LabelSelector } from '../../kubernetes/index.ts';
import { isRecord, recordsIn, type JsonRecord } from '../../yaml/index.ts';

/** Objects of a page. */
const pageSize = 500;

/** All objects of a resource, page by page; none where the cluster does not know the resource. */
export async function listAll(
  client: ApiClient,
  resource: Resource,
  options: ListOptions = {},
): Promise<KubernetesObject[]> {
  const objects: KubernetesObject[] = [];
  let token: string | undefined;
  do {
    try {
      const page = await client.list<KubernetesObject>(resource, { ...options, limit: pageSize, continue: token });
      objects.push(...page.items);
      token = page.metadata.continue;
    } catch (error) {
      if (isNotFound(error)) return objects;
      throw error;
    }
  } while (token !== undefined && token !== '');
  return objects;
}

export async function readNamespaces(client: ApiClient): Promise<NamespaceFacts[]> {
  const objects = await listAll(client, { group: '', version: 'v1', resource: 'namespaces' }, { metadataOnly: true });
  return objects.map(({ metadata: { name, labels } }) => ({ name, labels: labels ?? {} }));
}

const kinds = {
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
} as const;

export async function readConfigurations(client: ApiClient): Promise<WebhookConfiguration[]> {
  const lists = await Promise.all(
    (Object.keys(kinds) as (keyof typeof kinds)[]).map(async (kind) => {
      const resource = { group: 'admissionregistration.k8s.io', version: 'v1', resource: kinds[kind] };
      return (await listAll(client, resource)).map((object) => configurationOf(kind, object));
    }),
  );
  return lists.flat();
}

function configurationOf(kind: WebhookConfiguration['kind'], object: KubernetesObject): WebhookConfiguration {
  const { name, labels } = object.metadata;
  return { kind, name, labels: labels ?? {}, webhooks: recordsIn(fieldsOf(object)['webhooks']).map(webhookOf) };
}

function webhookOf(webhook: JsonRecord): Webhook {
  const client = fieldsOf(webhook['clientConfig']);
  const { url, caBundle } = client;
  return {
    name: textOf(webhook['name']),
    service: client['service'] === undefined ? undefined : referenceOf(fieldsOf(client['service'])),
    url: typeof url === 'string' ? url : undefined,
    caBundle: textOf(caBundle),
    namespaceSelector: fieldsOf(webhook['namespaceSelector']) as LabelSelector,
    objectSelector: fieldsOf(webhook['objectSelector']) as LabelSelector,
    failurePolicy: webhook['failurePolicy'] === 'Ignore' ? 'Ignore' : 'Fail',
    timeoutSeconds: typeof webhook['timeoutSeconds'] === 'number' ? webhook['timeoutSeconds'] : 10,
    conditions: recordsIn(webhook['matchConditions']).map(({ expression }) => textOf(expression)),
  };
}

function referenceOf({ namespace, name, port }: JsonRecord): ServiceReference {
  return { namespace: textOf(namespace), name: textOf(name), port: typeof port === 'number' ? port : 443 };
}

export function fieldsOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
