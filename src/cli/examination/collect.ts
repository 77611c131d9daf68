/** Everything that the doctor's rules look at, read from a cluster. */
import { ApiError, type ApiClient, type KubernetesObject } from '../../cluster/client.ts';
import {
  isOurs,
  neededPermissions,
  type Facts,
  type Installation,
  type Permission,
  type ServedFacts,
  type ServiceReference,
  type WebhookConfiguration,
} from '../../doctor/index.ts';
import { recordsIn } from '../../yaml/index.ts';
import { fieldsOf, listAll, readConfigurations, readNamespaces } from './objects.ts';
import { examineServed, readService, type Address, type ExaminedService } from './services.ts';

/** Facts, and why the permissions of the server are unknown if they are. */
export interface Collected {
  readonly facts: Facts;
  readonly permissionsUnknown?: string;
}

/** @param connectTo where our service can be called from here; otherwise it is looked up */
export async function collectFacts(
  client: ApiClient,
  installation: Installation,
  connectTo: Address | undefined,
): Promise<Collected> {
  const [configurations, namespaces] = await Promise.all([readConfigurations(client), readNamespaces(client)]);
  const services = await Promise.all(referencesOf(configurations, installation).map((one) => readService(client, one)));
  const served = await readServed(configurations, services, installation, connectTo);
  const { permissions, unknown } = await readPermissions(client, installation, configurations);
  const facts = { now: new Date(), installation, configurations, namespaces, services, served, permissions };
  return { facts, permissionsUnknown: unknown };
}

function referencesOf(configurations: readonly WebhookConfiguration[], installation: Installation): ServiceReference[] {
  const own = { namespace: installation.namespace, name: installation.serviceName, port: 443 };
  const called = configurations
    // Those of others are looked at only where they could be Istio's.
    .filter(({ labels }) => Object.hasOwn(labels, 'istio.io/rev'))
    .flatMap(({ webhooks }) => webhooks.flatMap(({ service }) => (service === undefined ? [] : [service])));
  return [...new Map([own, ...called].map((one) => [`${one.namespace}/${one.name}`, one])).values()];
}

/** Each pair of port and caBundle of ours once. */
async function readServed(
  configurations: readonly WebhookConfiguration[],
  services: readonly ExaminedService[],
  installation: Installation,
  connectTo: Address | undefined,
): Promise<ServedFacts[]> {
  const own = services.find(
    ({ name, namespace }) => name === installation.serviceName && namespace === installation.namespace,
  );
  const pairs = new Map<string, { service: ServiceReference; caBundle: string }>();
  for (const webhook of configurations.flatMap(({ webhooks }) => webhooks)) {
    const { service, caBundle } = webhook;
    if (service === undefined || caBundle === '' || !isOurs(webhook, installation)) continue;
    pairs.set(`${service.port} ${caBundle}`, { service, caBundle });
  }
  return Promise.all(
    [...pairs.values()].map(({ service, caBundle }): Promise<ServedFacts> | ServedFacts => {
      const address = connectTo ?? (own?.address === undefined ? undefined : { ...own.address, port: service.port });
      if (address === undefined) return { service, caBundle, unreachable: 'the service has no address' };
      return examineServed(service, caBundle, address);
    }),
  );
}

/** Asks for the service account of the server what it may do. */
async function readPermissions(
  client: ApiClient,
  installation: Installation,
  configurations: readonly WebhookConfiguration[],
): Promise<{ permissions: Facts['permissions']; unknown?: string }> {
  const { namespace, serviceName } = installation;
  const subject = `system:serviceaccount:${namespace}:${serviceName}`;
  const namesOf = (kind: WebhookConfiguration['kind']): string[] =>
    configurations
      .filter((one) => one.kind === kind && one.webhooks.some((webhook) => isOurs(webhook, installation)))
      .map(({ name }) => name);
  const needed = neededPermissions(installation, {
    ...(await readSettings(client, installation)),
    mutating: namesOf('MutatingWebhookConfiguration'),
    validating: namesOf('ValidatingWebhookConfiguration'),
  });
  try {
    const allowed = await Promise.all(needed.map((permission) => isAllowed(client, subject, permission)));
    return { permissions: { subject, missing: needed.filter((_permission, index) => !allowed[index]) } };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { permissions: { subject, missing: [] }, unknown: error.message };
  }
}

/** How the server was started, by its Deployment; the defaults where there is none. */
async function readSettings(client: ApiClient, { namespace, serviceName, revision }: Installation) {
  const deployments = await listAll(
    client,
    { group: 'apps', version: 'v1', resource: 'deployments', namespace },
    { fieldSelector: `metadata.name=${serviceName}` },
  );
  const template = fieldsOf(fieldsOf(fieldsOf(fieldsOf(deployments[0])['spec'])['template'])['spec']);
  const [container = {}] = recordsIn(template['containers']);
  const args = Array.isArray(container['args']) ? container['args'].map(String) : [];
  const argument = (name: string): string | undefined =>
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const native = recordsIn(container['env']).find(({ name }) => name === 'ENABLE_NATIVE_SIDECARS')?.['value'];
  const suffix = revision === '' || revision === 'default' ? '' : `-${revision}`;
  return {
    nodes: native === undefined || native === 'auto',
    selfSigned: (argument('certificates') ?? 'self-signed') === 'self-signed',
    secret: argument('certificates-secret') ?? `outrigger-certificates${suffix}`,
  };
}

/** A SubjectAccessReview; a subject that is ourselves needs no permission to ask for. */
async function isAllowed(client: ApiClient, user: string, permission: Permission): Promise<boolean> {
  const { group, resource, verb, name, namespace } = permission;
  const resourceAttributes = { group, resource, verb, name, namespace, version: '*' };
  const groups = [
    'system:serviceaccounts',
    `system:serviceaccounts:${user.split(':')[2] ?? ''}`,
    'system:authenticated',
  ];
  const review = (kind: string, spec: object) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind,
    metadata: { name: '' },
    spec,
  });
  const at = (plural: string) => ({ group: 'authorization.k8s.io', version: 'v1', resource: plural });
  let answer: KubernetesObject;
  try {
    answer = await client.create<KubernetesObject>(
      at('subjectaccessreviews'),
      review('SubjectAccessReview', { user, groups, resourceAttributes }),
    );
  } catch (error) {
    const self = await selfName(client).catch(() => undefined);
    if (self !== user) throw error;
    answer = await client.create<KubernetesObject>(
      at('selfsubjectaccessreviews'),
      review('SelfSubjectAccessReview', { resourceAttributes }),
    );
  }
  return fieldsOf(fieldsOf(answer)['status'])['allowed'] === true;
}

/** The name that the API server knows us by. */
async function selfName(client: ApiClient): Promise<unknown> {
  const answer = await client.create<KubernetesObject>(
    { group: 'authentication.k8s.io', version: 'v1', resource: 'selfsubjectreviews' },
    { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: { name: '' } },
  );
  return fieldsOf(fieldsOf(fieldsOf(answer)['status'])['userInfo'])['username'];
}
