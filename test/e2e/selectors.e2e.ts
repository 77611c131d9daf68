/**
 * The selector matrix of Istio's chart (injection-behaviour §2.2) through the webhook configurations of our chart and a real API server.
 * Which webhook was called is read from the API server's audit log.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type KubernetesObject, type Resource } from '../../src/cluster/client.ts';
import { loadCredentials } from '../../src/cluster/credentials.ts';
import { launch, type Process } from '../cli/support.ts';
import { makeCertificate, type TestCertificate } from './support/certificate.ts';
import { AuditLog } from './support/audit-log.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { reachableAt, renderChart, withCaBundle } from './support/manifests.ts';

type Labels = Readonly<Record<string, string>>;

/** Rows: labels of the namespace. */
const namespaces: Readonly<Record<string, Labels>> = {
  plain: {},
  enabled: { 'istio-injection': 'enabled' },
  disabled: { 'istio-injection': 'disabled' },
  odd: { 'istio-injection': 'yes' },
  'rev-default': { 'istio.io/rev': 'default' },
  'rev-other': { 'istio.io/rev': 'other' },
  'rev-canary': { 'istio.io/rev': 'canary' },
  'rev-prod': { 'istio.io/rev': 'prod' },
  'enabled-rev-other': { 'istio-injection': 'enabled', 'istio.io/rev': 'other' },
  'enabled-rev-canary': { 'istio-injection': 'enabled', 'istio.io/rev': 'canary' },
  'disabled-rev-default': { 'istio-injection': 'disabled', 'istio.io/rev': 'default' },
  'disabled-rev-canary': { 'istio-injection': 'disabled', 'istio.io/rev': 'canary' },
};

/** Columns: labels of the pod. */
const pods: Readonly<Record<string, Labels>> = {
  none: {},
  'inject-true': { 'sidecar.istio.io/inject': 'true' },
  'inject-false': { 'sidecar.istio.io/inject': 'false' },
  'inject-empty': { 'sidecar.istio.io/inject': '' },
  'rev-other': { 'istio.io/rev': 'other' },
  'rev-default': { 'istio.io/rev': 'default' },
  'rev-canary': { 'istio.io/rev': 'canary' },
  'rev-prod': { 'istio.io/rev': 'prod' },
  'true-rev-default': { 'sidecar.istio.io/inject': 'true', 'istio.io/rev': 'default' },
  'true-rev-canary': { 'sidecar.istio.io/inject': 'true', 'istio.io/rev': 'canary' },
  'false-rev-default': { 'sidecar.istio.io/inject': 'false', 'istio.io/rev': 'default' },
  'false-rev-canary': { 'sidecar.istio.io/inject': 'false', 'istio.io/rev': 'canary' },
};

type Row = Readonly<Record<string, string>>;
/** The same entry for every pod but those that refuse. */
const everyPod = (entry: string): Row =>
  Object.fromEntries(Object.keys(pods).flatMap((pod) => (pod.includes('false') ? [] : [[pod, entry]])));

/** For each configuration: namespace → pod → the entry that fires; what is missing fires none. */
const unnamed: Readonly<Record<string, Row>> = {
  plain: { 'inject-true': 'object', 'rev-default': 'rev.object', 'true-rev-default': 'rev.object' },
  enabled: everyPod('namespace'),
  'rev-default': everyPod('rev.namespace'),
  'enabled-rev-other': everyPod('namespace'),
  'enabled-rev-canary': everyPod('namespace'),
};
const canary: Readonly<Record<string, Row>> = {
  plain: { 'rev-canary': 'rev.object', 'true-rev-canary': 'rev.object' },
  'rev-canary': everyPod('rev.namespace'),
};
const prod: Readonly<Record<string, Row>> = {
  plain: { 'rev-prod': 'rev.object' },
  'rev-prod': everyPod('rev.namespace'),
};
const withAuto = { ...unnamed, plain: { ...unnamed['plain'], none: 'auto' } };

/** What is installed, and the table of each configuration. */
const installations = [
  {
    name: 'the unnamed revision, a revision canary and its tag prod',
    values: [{ revision: 'default' }, { revision: 'canary', tags: ['prod'] }],
    tables: {
      'outrigger-sidecar-injector': unnamed,
      'outrigger-sidecar-injector-canary': canary,
      'outrigger-revision-tag-prod': prod,
    },
  },
  {
    name: 'enableNamespacesByDefault',
    values: [{ sidecarInjectorWebhook: { enableNamespacesByDefault: true } }],
    tables: { 'outrigger-sidecar-injector': withAuto },
  },
  {
    name: 'a revision canary with the tag default',
    values: [{ revision: 'canary', tags: ['default'] }],
    tables: { 'outrigger-sidecar-injector-canary': canary, 'outrigger-revision-tag-default': unnamed },
  },
];

describe('the selector matrix', () => {
  let cluster: ControlPlane;
  let client: ApiClient;
  let outrigger: Process;
  let certificate: TestCertificate;
  let port: number;
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-selectors-'));
  const auditLog = new AuditLog(folder, [
    { level: 'Metadata', verbs: ['create'], resources: [{ group: '', resources: ['pods'] }] },
  ]);

  beforeAll(async () => {
    cluster = await startControlPlane(auditLog.flags);
    client = new ApiClient(await loadCredentials(cluster.kubeconfig, {}));
    certificate = makeCertificate(folder, ['outrigger', 'outrigger-canary']);
    const tls = ['--tls-cert-file', certificate.certFile, '--tls-private-key-file', certificate.keyFile];
    outrigger = launch(['serve', '--standalone', '--port', '0', '--monitoring-port', '0', ...tls]);
    port = Number(new URL((await outrigger.firstLine).https).port);
    const named = Object.entries(namespaces).map(([name, labels]) => ({ name, labels }));
    await cluster.apply(
      ...[...named, { name: 'istio-system', labels: {} }].map((metadata) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata,
      })),
    );
    for (const { name } of named) {
      await cluster.waitForServiceAccount(name);
    }
  });
  afterAll(async () => {
    outrigger.child.kill('SIGTERM');
    await outrigger.exited;
    client.close();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Creates a pod (dry run), and names the webhooks that were called, in order. */
  async function webhooksOf(namespace: string, labels: Labels): Promise<{ fired: string[]; containers: string[] }> {
    const resource: Resource = { group: '', version: 'v1', resource: 'pods', namespace };
    const name = `pod-${Math.random().toString(36).slice(2)}`;
    const created = await client.create<KubernetesObject>(
      resource,
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace, labels: { ...labels, 'test-pod': name } },
        spec: { containers: [{ name: 'app', image: 'app:1' }] },
      } as KubernetesObject,
      { dryRun: true, fieldManager: name },
    );
    const { spec } = created as unknown as {
      spec: Record<'initContainers' | 'containers', { name: string }[] | undefined>;
    };
    const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map((container) => container.name);
    const call = auditLog.events().findLast(({ requestURI }) => requestURI.includes(`fieldManager=${name}`));
    const { annotations = {} } = call ?? {};
    const fired = Object.entries(annotations)
      .filter(([key]) => key.startsWith('mutation.webhook.admission.k8s.io/'))
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([, value]) => JSON.parse(value) as { configuration: string; webhook: string })
      .map(({ configuration, webhook }) => `${configuration}/${webhook.replace('.sidecar-injector.istio.io', '')}`);
    return { fired, containers };
  }

  async function uninstall(): Promise<void> {
    await cluster.kubectl('delete', 'mutatingwebhookconfigurations,validatingwebhookconfigurations', '--all');
    // What the next installation fires must not be taken for what this one did.
    await cluster.waitFor('no webhook', async () => {
      const answers = await Promise.all(['enabled', 'rev-canary', 'rev-prod'].map((name) => webhooksOf(name, {})));
      return answers.every(({ fired }) => fired.length === 0);
    });
  }

  describe.each(installations)('of $name', ({ values, tables }) => {
    beforeAll(async () => {
      await uninstall();
      for (const value of values) {
        const objects = withCaBundle(reachableAt(await renderChart(value), port), certificate.pem);
        await cluster.apply(...objects.filter(({ kind }) => kind === 'Service' || kind.startsWith('Mutating')));
      }
      // The API server takes changed configurations over a moment later.
      await cluster.waitFor('the webhooks', async () => {
        const probes = Object.keys(tables).map((name) =>
          name.endsWith('canary') ? 'rev-canary' : name.endsWith('prod') ? 'rev-prod' : 'enabled',
        );
        const answers = await Promise.all(probes.map((namespace) => webhooksOf(namespace, {})));
        return (
          answers.every(({ fired }) => fired.length === 1) && (await webhooksOf('rev-other', {})).fired.length === 0
        );
      });
    });

    const cells = Object.entries(namespaces).flatMap(([namespace]) =>
      Object.entries(pods).map(([pod, labels]) => {
        const expected = Object.entries(tables).flatMap(([configuration, table]) => {
          const entry = (table as Readonly<Record<string, Row>>)[namespace]?.[pod];
          return entry === undefined ? [] : [`${configuration}/${entry}`];
        });
        return { namespace, pod, labels, expected, shown: expected.join(' and ') || 'none' };
      }),
    );
    it.each(cells)('namespace $namespace, pod $pod: $shown', async ({ namespace, labels, expected }) => {
      const { fired, containers } = await webhooksOf(namespace, labels);
      expect(fired.sort()).toEqual(expected.sort());
      expect(containers.includes('istio-proxy')).toBe(expected.length > 0);
    });

    it.each([
      ['kube-system', {}],
      ['kube-system', { 'sidecar.istio.io/inject': 'true' }],
      ['kube-system', { 'istio.io/rev': 'default' }],
      ['istio-system', { 'sidecar.istio.io/inject': 'true' }],
    ])('never sends pods of %s, labels %o', async (namespace, labels: Labels) => {
      expect((await webhooksOf(namespace, labels)).fired).toEqual([]);
    });
  });
});
