/** The permissions of the manifests are those that are used: the API server's audit log against the roles, in both directions. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type KubernetesObject } from '../../src/cluster/client.ts';
import { loadCredentials } from '../../src/cluster/credentials.ts';
import { launch, type Process } from '../cli/support.ts';
import { AuditLog } from './support/audit-log.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { renderChart, type ManifestObject } from './support/manifests.ts';
import { containerArgs } from './support/process.ts';

const namespace = 'istio-system';
const account = `system:serviceaccount:${namespace}:outrigger`;
const folder = mkdtempSync(join(tmpdir(), 'outrigger-rbac-'));
const auditLog = new AuditLog(folder, [{ level: 'Metadata', users: [account] }]);

/** Everything the chart can be asked for that needs a permission, and certificates that must be renewed while we look. */
const values = {
  manageFailurePolicy: true,
  tags: ['prod'],
  workloadsWebhook: { enabled: true },
  guard: { mode: 'deny' },
  env: { SHARED_MESH_CONFIG: 'shared' },
  certificates: { certificateLifetime: '6s', caLifetime: '1h' },
  extraWebhookConfigurations: { mutating: ['extra'] },
};

/** Something that may be done: `name` where only to that object, `place` empty for the whole cluster. */
interface Permission {
  readonly group: string;
  readonly resource: string;
  readonly name: string;
  readonly verb: string;
  readonly place: string;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** What we asked the API server for, and its answer. */
interface Request extends Permission {
  readonly allowed: boolean;
}

/** `authorization.k8s.io/v1 SubjectAccessReview` */
interface AccessReview extends KubernetesObject {
  readonly spec: object;
  readonly status?: { readonly allowed: boolean };
}

let cluster: ControlPlane;
let client: ApiClient;
let kubeconfig: string;
let objects: ManifestObject[];
let outrigger: Process | undefined;

const isRole = ({ kind }: ManifestObject): boolean => kind === 'Role' || kind === 'ClusterRole';

/** The rules of a role, one permission each. */
function permissionsOf(role: ManifestObject): Permission[] {
  const place = role.kind === 'Role' ? namespace : '';
  return (role['rules'] as Rule[]).flatMap(({ apiGroups, resources, resourceNames = [''], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        resourceNames.flatMap((name) => verbs.map((verb) => ({ group, resource, name, verb, place }))),
      ),
    ),
  );
}

const ruleOf = ({ group, resource, name, verb }: Permission): Rule => ({
  apiGroups: [group],
  resources: [resource],
  ...(name === '' ? {} : { resourceNames: [name] }),
  verbs: [verb],
});

const textOf = ({ verb, resource, name, place }: Permission): string =>
  [verb, resource, name, place === '' ? '' : `in ${place}`].filter((part) => part !== '').join(' ');

const covers = (granted: Permission, asked: Permission): boolean =>
  granted.group === asked.group &&
  granted.resource === asked.resource &&
  granted.verb === asked.verb &&
  (granted.name === '' || granted.name === asked.name) &&
  (granted.place === '' || granted.place === asked.place);

/** What our account asked for since a moment. */
function requests(since?: Date): Request[] {
  return auditLog.events(since).flatMap(({ verb, objectRef, annotations }) => {
    if (objectRef === undefined) return [];
    const { apiGroup: group = '', resource, name = '', namespace: place = '' } = objectRef;
    const allowed = annotations?.['authorization.k8s.io/decision'] === 'allow';
    return [{ group, resource, name, verb, place, allowed }];
  });
}

beforeAll(async () => {
  cluster = await startControlPlane(auditLog.flags);
  client = new ApiClient(await loadCredentials(cluster.kubeconfig, {}));
  await cluster.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    definition('gateways', 'Gateway'),
    definition('proxyconfigs', 'ProxyConfig'),
    extraConfiguration,
  );
  objects = await renderChart(values);
  await cluster.apply(...objects);
  await cluster.waitFor('Gateways', async () => (await cluster.kubectl('get', 'gateways', '-A')).code === 0);
  // Nothing answers at the webhook yet, so that the probe of validation meets an object of its name.
  const metadata = { name: 'invalid-gateway', namespace };
  await cluster.apply({ apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata });
  const { stdout } = await cluster.kubectl('create', 'token', 'outrigger', '-n', namespace);
  kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfigFor(stdout.trim()));
});
afterEach(async () => {
  outrigger?.child.kill('SIGKILL');
  await outrigger?.exited;
  outrigger = undefined;
});
afterAll(async () => {
  client.close();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits until the API server, which learns of changed roles a moment later, goes by all permissions but one. */
async function inForce(all: readonly Permission[], without: Permission): Promise<void> {
  const sample = [without, ...all.filter((one) => one !== without)].slice(0, 3);
  const last = all[all.indexOf(without) - 1];
  await cluster.waitFor('the changed role', async () => {
    const answers = await Promise.all([...sample, ...(last ? [last] : [])].map((one) => mayWe(one)));
    return answers.every((allowed, index) => allowed === index > 0);
  });
}

async function mayWe({ group, resource, name, verb, place }: Permission): Promise<boolean> {
  const [plural, subresource] = resource.split('/');
  const resourceAttributes = { group, resource: plural, subresource, name, verb, namespace: place };
  const reviews = { group: 'authorization.k8s.io', version: 'v1', resource: 'subjectaccessreviews' };
  const review: AccessReview = { metadata: { name: '' }, spec: { user: account, resourceAttributes } };
  return (await client.create(reviews, review)).status?.allowed === true;
}

/** A first start in this cluster: there is no certificate, and nobody leads. */
async function startFirst(): Promise<void> {
  await cluster.kubectl('delete', 'secret', 'outrigger-certificates', '-n', namespace, '--ignore-not-found');
  await cluster.kubectl('delete', 'lease', 'outrigger-leader', '-n', namespace, '--ignore-not-found');
  outrigger = launch(
    [
      ...containerArgs(objects).filter((arg) => !arg.startsWith('--last-good-file=')),
      ...['--kubeconfig', kubeconfig, '--address', '127.0.0.1', '--port', '0', '--monitoring-port', '0'],
    ],
    { POD_NAMESPACE: namespace, SHARED_MESH_CONFIG: 'shared' },
  );
}

describe('the permissions of the chart', () => {
  it('are all used, and no other is asked for', async () => {
    const granted = objects.filter(isRole).flatMap(permissionsOf);
    await startFirst();
    const unused = (): string[] => {
      const used = requests().filter(({ allowed }) => allowed);
      return granted.filter((permission) => !used.some((request) => covers(permission, request))).map(textOf);
    };
    await cluster.waitFor('their use', () => Promise.resolve(unused().length === 0), 120_000).catch(() => undefined);
    expect(unused()).toEqual([]);
    expect(
      requests()
        .filter(({ allowed }) => !allowed)
        .map(textOf),
    ).toEqual([]);
  });

  it('are each missed when it is taken away', async () => {
    let taken = 0;
    for (const role of objects.filter(isRole)) {
      const all = permissionsOf(role);
      for (const permission of all) {
        // What is done to objects by name is done to each alike: one of them stands for all.
        if (permission.name !== '' && all.find((one) => covers({ ...one, name: '' }, permission)) !== permission)
          continue;
        await cluster.apply({ ...role, rules: all.filter((one) => one !== permission).map(ruleOf) });
        await inForce(all, permission);
        const begin = new Date();
        await startFirst();
        const refused = (): Request[] => requests(begin).filter(({ allowed }) => !allowed);
        await cluster.waitFor(`the loss of ${textOf(permission)}`, () => Promise.resolve(refused().length > 0));
        expect(refused().filter((request) => !covers(permission, request))).toEqual([]);
        outrigger?.child.kill('SIGKILL');
        await outrigger?.exited;
        taken += 1;
      }
      await cluster.apply(role);
    }
    process.stderr.write(`${taken} permissions taken away, each missed\n`);
    expect(taken).toBeGreaterThan(20);
  });
});

/** A resource of Istio's as far as permissions go. */
function definition(plural: string, kind: string): object {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.networking.istio.io` },
    spec: {
      group: 'networking.istio.io',
      scope: 'Namespaced',
      names: { kind, plural },
      versions: ['v1', 'v1beta1'].map((name) => ({ name, served: true, storage: name === 'v1', schema })),
    },
  };
}

/** A webhook configuration that the admin keeps, and has us care for. */
const extraConfiguration = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'extra', labels: { 'istio.io/rev': 'default' } },
  webhooks: [
    {
      name: 'extra.sidecar-injector.istio.io',
      clientConfig: { service: { namespace, name: 'outrigger', path: '/inject' } },
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      failurePolicy: 'Ignore',
      rules: [{ apiGroups: ['example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['widgets'] }],
    },
  ],
};
