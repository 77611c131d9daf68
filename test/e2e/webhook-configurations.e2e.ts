import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient, type KubernetesObject } from '../../src/cluster/client.ts';
import { loadCredentials } from '../../src/cluster/credentials.ts';
import type { Lease } from '../../src/cluster/leader.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { startReplicas, type Replica } from './support/replica.ts';

interface Webhook {
  name: string;
  clientConfig: { caBundle?: string };
  failurePolicy: string;
}
interface Configuration extends KubernetesObject {
  metadata: KubernetesObject['metadata'] & {
    managedFields: { manager: string; operation: string; fieldsV1: unknown }[];
  };
  webhooks: Webhook[];
}

const namespace = 'istio-system';
let controlPlane: ControlPlane;
/** Asks faster than kubectl starts. */
let client: ApiClient;
let replicas: Replica[] = [];

beforeAll(async () => {
  controlPlane = await startControlPlane();
  client = new ApiClient(await loadCredentials(controlPlane.kubeconfig, {}));
  await controlPlane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
});
afterAll(async () => {
  client.close();
  await controlPlane.stop();
});
beforeEach(async () => {
  await controlPlane.apply(mutating('injector', ['rev.namespace', 'namespace']), validating('validator'));
});
afterEach(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  replicas = [];
  for (const kind of ['mutatingwebhookconfiguration', 'validatingwebhookconfiguration']) {
    await controlPlane.kubectl('delete', kind, '--all');
  }
});

const entry = (name: string, service = 'outrigger', failurePolicy = 'Ignore'): object => ({
  name,
  clientConfig: { service: { namespace, name: service, path: '/x' } },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  failurePolicy,
  // Of a resource that nothing makes: nobody needs to answer.
  rules: [{ apiGroups: ['example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['widgets'] }],
});

function mutating(
  name: string,
  prefixes: string[],
  labels: object = { 'istio.io/rev': 'default' },
  service?: string,
): object {
  const webhooks = prefixes.map((prefix) => entry(`${prefix}.sidecar-injector.istio.io`, service));
  return { ...head('MutatingWebhookConfiguration', name, labels), webhooks };
}

function validating(name: string, labels: object = { 'istio.io/rev': 'default' }): object {
  return { ...head('ValidatingWebhookConfiguration', name, labels), webhooks: [entry('rev.validation.istio.io')] };
}

const head = (kind: string, name: string, labels: object): object => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind,
  metadata: { name, labels },
});

const get = (type: 'mutating' | 'validating', name: string): Promise<Configuration> => {
  const resource = `${type}webhookconfigurations`;
  return client.get<Configuration>({ group: 'admissionregistration.k8s.io', version: 'v1', resource }, name);
};

async function bundleOfSecret(): Promise<string> {
  const resource = { group: '', version: 'v1', resource: 'secrets', namespace };
  const { data } = await client.get<KubernetesObject & { data: Record<string, string> }>(
    resource,
    'outrigger-certificates',
  );
  return data['ca.crt'] ?? '';
}

const bundles = async (type: 'mutating' | 'validating', name: string): Promise<(string | undefined)[]> =>
  (await get(type, name)).webhooks.map(({ clientConfig }) => clientConfig.caBundle);

/** Waits until every entry has the bundle of the Secret; the answer is how long that took. */
async function healed(type: 'mutating' | 'validating', name: string): Promise<number> {
  const start = performance.now();
  await controlPlane.waitFor(`${name} to be healed`, async () => {
    const right = await bundleOfSecret();
    return (await bundles(type, name)).every((bundle) => bundle === right);
  });
  return performance.now() - start;
}

/** Who holds the lease, if anybody does. */
async function leaseHolder(): Promise<string | undefined> {
  const resource = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', namespace };
  return (await client.get<Lease>(resource, 'outrigger-leader')).spec?.holderIdentity;
}

function overwrite(name: string, value: string, manager: string): Promise<unknown> {
  const patch = [{ op: 'replace', path: '/webhooks/0/clientConfig/caBundle', value }];
  const flags = ['--type=json', `--field-manager=${manager}`, '-p', JSON.stringify(patch)];
  return controlPlane.kubectl('patch', 'mutatingwebhookconfiguration', name, ...flags);
}

/** Every field that a manager owns, as a path. */
function paths(fields: unknown, at = ''): string[] {
  const entries = Object.entries(fields as object);
  return entries.length === 0 ? [at] : entries.flatMap(([key, value]) => paths(value, `${at}/${key}`));
}

describe('caBundle', () => {
  it('is set in every entry of ours, and our field manager owns nothing else', async () => {
    replicas = await startReplicas(controlPlane, 3);
    await healed('mutating', 'injector');
    await healed('validating', 'validator');
    for (const { metadata, webhooks } of [await get('mutating', 'injector'), await get('validating', 'validator')]) {
      const ours = metadata.managedFields.filter(({ manager = '' }) => manager.startsWith('outrigger'));
      expect(ours.map(({ manager }) => manager)).toEqual(['outrigger']);
      expect(paths(ours[0]?.fieldsV1).toSorted()).toEqual(
        webhooks.map(({ name }) => `/f:webhooks/k:{"name":"${name}"}/f:clientConfig/f:caBundle`).toSorted(),
      );
      expect(webhooks.every(({ failurePolicy }) => failurePolicy === 'Ignore')).toBe(true);
    }
    const said = (): string[] =>
      replicas.flatMap(({ log }) => log.map(({ msg }) => msg)).filter((text) => text.includes('could be Fail'));
    // Log lines are written in the background.
    await controlPlane.waitFor('the log', () => Promise.resolve(said().length >= 2));
    expect(said()).toHaveLength(2);
  });

  it('is set where it belongs alone: other revisions, other entries and other services keep theirs', async () => {
    const rev = { 'istio.io/rev': 'default', 'istio.io/tag': 'prod' };
    await controlPlane.apply(
      mutating('tag', ['rev.object'], rev),
      mutating('canary', ['rev.object'], { 'istio.io/rev': 'canary' }),
      mutating('unlabelled', ['rev.object'], {}),
      mutating('istiod', ['rev.object'], { 'istio.io/rev': 'default' }, 'istiod'),
      {
        ...head('MutatingWebhookConfiguration', 'other', { 'istio.io/rev': 'default' }),
        webhooks: [entry('a.example.com')],
      },
    );
    replicas = await startReplicas(controlPlane, 1);
    await healed('mutating', 'tag');
    await healed('mutating', 'injector');
    for (const name of ['canary', 'unlabelled', 'istiod', 'other']) {
      expect(await bundles('mutating', name)).toEqual([undefined]);
    }
    await controlPlane.waitFor('the metric', async () => {
      const metric = 'webhook_patch_failures_total{name="canary",reason="wrong_revision"}';
      return (await replicas[0]?.metric(metric)) === 1;
    });
    await controlPlane.waitFor('the other metric', async () => {
      const metric = 'webhook_patch_failures_total{name="other",reason="webhook_entry_not_found"}';
      return (await replicas[0]?.metric(metric)) === 1;
    });
    expect(await replicas[0]?.metric('webhook_patch_attempts_total{name="sidecar-injector.istio.io"}')).toBe(2);
    expect(await replicas[0]?.metric('galley_validation_config_updates')).toBe(1);
  });

  it('does not keep another manager from removing an entry by server-side apply', async () => {
    replicas = await startReplicas(controlPlane, 1);
    await healed('mutating', 'injector');
    await controlPlane.apply(mutating('injector', ['rev.namespace']));
    expect((await get('mutating', 'injector')).webhooks.map(({ name }) => name)).toEqual([
      'rev.namespace.sidecar-injector.istio.io',
    ]);
    await controlPlane.apply(mutating('injector', ['rev.namespace', 'object']));
    await healed('mutating', 'injector');
  });

  it('is healed at once when somebody overwrites it, who is named', async () => {
    replicas = await startReplicas(controlPlane, 3);
    await healed('mutating', 'injector');
    await overwrite('injector', Buffer.from('x').toString('base64'), 'argocd');
    const time = await healed('mutating', 'injector');
    process.stderr.write(`caBundle overwritten: healed after ${(time / 1000).toFixed(1)} s\n`);
    // Within two seconds on a quiet machine; without a watch it would take minutes.
    expect(time).toBeLessThan(20_000);
    const warnings = () => replicas.flatMap(({ log }) => log.filter(({ msg }) => msg.includes('overwrote')));
    await controlPlane.waitFor('the log', () => Promise.resolve(warnings().length > 0));
    expect(warnings().map(({ manager }) => manager)).toEqual(['argocd']);
    expect(warnings()[0]?.msg).toContain('"argocd" overwrote caBundle of MutatingWebhookConfiguration injector');
  });

  it('is not fought for: who overwrites it again and again is left longer and longer', async () => {
    replicas = await startReplicas(controlPlane, 1);
    await healed('mutating', 'injector');
    const [replica] = replicas;
    const attempts = 'webhook_patch_attempts_total{name="sidecar-injector.istio.io"}';
    const before = (await replica?.metric(attempts)) ?? 0;
    const wrong = Buffer.from('x').toString('base64');
    /** Milliseconds from before each overwrite to when it was seen to be set again. */
    const waits: number[] = [];
    while (waits.length < 5) {
      const begin = performance.now();
      await overwrite('injector', wrong, 'argocd');
      await healed('mutating', 'injector');
      waits.push(performance.now() - begin);
    }
    process.stderr.write(`caBundle overwritten again and again: healed after ${waits.map(Math.round).join(', ')} ms\n`);
    // At once twice, then after 1, 2 and 4 s, each once.
    for (const [index, least] of [0, 0, 1_000, 2_000, 4_000].entries()) {
      expect(waits[index], waits.join()).toBeGreaterThanOrEqual(least * 0.9);
    }
    expect(((await replica?.metric(attempts)) ?? 0) - before).toBe(5);
    const warning = /"argocd" overwrote caBundle .* 4 times: it is set again in 2 s; leave caBundle out/;
    await controlPlane.waitFor('the log', () => Promise.resolve(warning.test(replica?.text() ?? '')));
  });

  it('is healed by another replica when the leader is killed', async () => {
    replicas = await startReplicas(controlPlane, 3);
    await healed('mutating', 'injector');
    const leading = await Promise.all(replicas.map((replica) => replica.leads()));
    expect(leading.filter((leads) => leads)).toHaveLength(1);
    await replicas[leading.indexOf(true)]?.stop('SIGKILL');
    await overwrite('injector', Buffer.from('x').toString('base64'), 'argocd');
    const time = await healed('mutating', 'injector');
    process.stderr.write(`leader killed: healed after ${(time / 1000).toFixed(1)} s\n`);
    // The lease runs out after 10 s.
    expect(time).toBeLessThan(60_000);
  });

  it('is healed sooner when the leader ends in order, for it gives its lease back', async () => {
    replicas = await startReplicas(controlPlane, 2);
    await healed('mutating', 'injector');
    const leading = await Promise.all(replicas.map((replica) => replica.leads()));
    const before = await leaseHolder();
    await replicas[leading.indexOf(true)]?.stop();
    // Either nobody holds it now or already the other one: nobody waits until it has run out.
    expect(await leaseHolder()).not.toBe(before);
    await overwrite('injector', Buffer.from('x').toString('base64'), 'argocd');
    expect(await healed('mutating', 'injector')).toBeLessThan(60_000);
  });

  it("is left alone where Istio's variables say so", async () => {
    replicas = await startReplicas(controlPlane, 1, [], { INJECTION_WEBHOOK_CONFIG_NAME: '' });
    await healed('validating', 'validator');
    expect(await bundles('mutating', 'injector')).toEqual([undefined, undefined]);
  });
});

describe('failurePolicy', () => {
  const isFail = async (): Promise<boolean> =>
    (await get('validating', 'validator')).webhooks[0]?.failurePolicy === 'Fail';

  it('becomes Fail with --manage-failure-policy where there are no custom resources, as in Istio', async () => {
    replicas = await startReplicas(controlPlane, 1, ['--manage-failure-policy']);
    await healed('validating', 'validator');
    await controlPlane.waitFor('Fail', isFail);
    await controlPlane.waitFor('the log', () =>
      Promise.resolve(replicas[0]?.text().includes('custom resources of Istio are not installed') === true),
    );
    const { metadata, webhooks } = await get('validating', 'validator');
    const owned = metadata.managedFields
      .filter(({ manager = '' }) => manager.startsWith('outrigger'))
      .map(({ manager, fieldsV1 }) => [manager, paths(fieldsV1)]);
    const at = `/f:webhooks/k:{"name":"${webhooks[0]?.name ?? ''}"}`;
    expect(owned.toSorted()).toEqual([
      ['outrigger', [`${at}/f:clientConfig/f:caBundle`]],
      ['outrigger-failure-policy', [`${at}/f:failurePolicy`]],
    ]);
    const injector = await get('mutating', 'injector');
    expect(injector.webhooks.map(({ failurePolicy }) => failurePolicy)).toEqual(['Ignore', 'Ignore']);
  });

  it('becomes Fail only when the API server is seen to refuse what we refuse', async () => {
    await controlPlane.apply(gatewayDefinition);
    await controlPlane.waitFor(
      'the custom resource',
      async () => (await controlPlane.kubectl('get', 'gateways')).code === 0,
    );
    replicas = await startReplicas(controlPlane, 1, ['--manage-failure-policy']);
    const [replica] = replicas;
    await controlPlane.waitFor('the probe', () =>
      Promise.resolve(replica?.text().includes('dummy invalid config not rejected') === true),
    );
    expect(await isFail()).toBe(false);
    const webhook = entry('rev.validation.istio.io') as { clientConfig: { service: object }; rules: object[] };
    const service = { ...webhook.clientConfig.service, path: '/validate', port: replica?.port };
    const rules = [
      {
        ...webhook.rules[0],
        apiGroups: ['networking.istio.io'],
        resources: ['*'],
        operations: ['CREATE', 'UPDATE'],
        apiVersions: ['*'],
      },
    ];
    await controlPlane.apply(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'outrigger', namespace },
        spec: { type: 'ExternalName', externalName: 'localhost' },
      },
      { ...validating('validator'), webhooks: [{ ...webhook, clientConfig: { service }, rules }] },
    );
    await controlPlane.waitFor('Fail', isFail);
  });
});

const gatewayDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gateways.networking.istio.io' },
  spec: {
    group: 'networking.istio.io',
    scope: 'Namespaced',
    names: { kind: 'Gateway', plural: 'gateways' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
