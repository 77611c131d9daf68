/** What users install, through Helm and through kustomize, on a real API server; the injector itself runs as a process beside it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/shared.ts';
import { launch, type Process } from '../cli/support.ts';
import { buildHelm } from './support/build.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { renderChart, renderKustomization, type ManifestObject, type WebhookEntry } from './support/manifests.ts';
import { containerArgs, reachProcess, succeed, webhookKinds } from './support/process.ts';

interface Pod {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<'initContainers' | 'containers', readonly { readonly name: string }[] | undefined>>;
}

/** Labels that only Helm's objects carry. */
const helmLabels = ['helm.sh/chart', 'app.kubernetes.io/managed-by'];

/** Objects by kind and name, without what differs by design between Helm and kustomize. */
function comparable(objects: readonly ManifestObject[]): Map<string, unknown> {
  return new Map(
    objects
      .filter(({ kind }) => kind !== 'Namespace')
      .map((object): [string, unknown] => {
        const { name, labels = {} } = object.metadata;
        const common = Object.entries(labels).filter(([key]) => !helmLabels.includes(key));
        return [
          `${object.kind}/${name}`,
          { ...object, metadata: { ...object.metadata, labels: Object.fromEntries(common) } },
        ];
      })
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}

describe('the manifests', () => {
  it('are the same objects from Helm and from kustomize', async () => {
    expect(comparable(await renderKustomization())).toEqual(comparable(await renderChart()));
  });

  it('have a kustomize base that is up to date', () => {
    expect(() =>
      execFileSync(process.execPath, [join(repositoryRoot, 'tools/manifests.ts'), '--check'], { stdio: 'pipe' }),
    ).not.toThrow();
  });

  it('pass helm lint', async () => {
    const helm = await buildHelm();
    const report = execFileSync(helm, ['lint', '--strict', join(repositoryRoot, 'manifests/chart')], {
      encoding: 'utf8',
    });
    expect(report).toContain('0 chart(s) failed');
  });

  it('refuse values that the schema does not know', async () => {
    await expect(renderChart({ sidecarInjectorWebhook: { failurePolicy: 'Maybe' } })).rejects.toThrow(
      /failurePolicy.*must be one of/s,
    );
  });

  it('have the webhook that warns of workloads where it is asked for', async () => {
    const objects = await renderChart({ workloadsWebhook: { enabled: true, quiet: true }, revision: 'canary' });
    const names = objects
      .filter(({ kind }) => kind === 'ValidatingWebhookConfiguration')
      .map(({ metadata }) => metadata.name);
    expect(names.sort()).toEqual(['outrigger-validator-canary', 'outrigger-workloads-canary']);
    const roles = JSON.stringify(objects.filter(({ kind }) => kind === 'ClusterRole'));
    expect(roles).toContain('"outrigger-workloads-canary"');
  });

  it('merge values and mesh configuration over the built-in ones', async () => {
    const configuration = { values: { global: { hub: 'example.com/istio' } }, mesh: { trustDomain: 'example.org' } };
    const objects = await renderChart({ configuration });
    const { data } = objects.find(({ kind }) => kind === 'ConfigMap') as unknown as { data: Record<string, string> };
    expect(data['values']).toMatch(/hub: example\.com\/istio/);
    expect(data['values']).toMatch(/tag: 1\.30\.3/);
    expect(data['mesh']).toMatch(/trustDomain: example\.org/);
  });
});

/** A way to install and to remove what was installed. */
interface Way {
  readonly render: () => Promise<ManifestObject[]>;
  readonly install: (cluster: ControlPlane) => Promise<void>;
  /** Installs what is there already, with a change. */
  readonly again: (cluster: ControlPlane) => Promise<void>;
  readonly remove: (cluster: ControlPlane) => Promise<void>;
}

const ways: Readonly<Record<string, Way>> = {
  'the Helm chart': {
    render: () => renderChart(),
    install: (cluster) => helm(cluster, 'install', 'outrigger', chart, '--create-namespace'),
    again: (cluster) =>
      helm(
        cluster,
        'upgrade',
        'outrigger',
        chart,
        '--set',
        'sidecarInjectorWebhook.timeoutSeconds=9,workloadsWebhook.enabled=true',
      ),
    remove: (cluster) => helm(cluster, 'uninstall', 'outrigger', '--wait'),
  },
  kustomize: {
    render: () => renderKustomization(),
    install: (cluster) => succeed(cluster, 'apply', '-k', join(repositoryRoot, 'manifests/kustomize')),
    again: async (cluster) => {
      // It warns of the service that leads elsewhere for the test.
      const { code, stderr } = await cluster.kubectl('apply', '-k', join(repositoryRoot, 'manifests/kustomize'));
      if (code !== 0) throw new Error(stderr);
    },
    remove: (cluster) => succeed(cluster, 'delete', 'namespace', 'istio-system'),
  },
};

const chart = join(repositoryRoot, 'manifests/chart');

async function helm(cluster: ControlPlane, ...args: readonly string[]): Promise<void> {
  execFileSync(await buildHelm(), [...args, '--namespace', 'istio-system', '--kubeconfig', cluster.kubeconfig], {
    stdio: 'pipe',
  });
}

describe.each(Object.entries(ways))('an installation from %s', (_name, way) => {
  let cluster: ControlPlane;
  let outrigger: Process;
  let objects: ManifestObject[];
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-install-'));

  beforeAll(async () => {
    cluster = await startControlPlane();
    objects = await way.render();
    await way.install(cluster);
    const kubeconfig = join(folder, 'kubeconfig');
    const { stdout: token } = await cluster.kubectl('create', 'token', 'outrigger', '-n', 'istio-system');
    writeFileSync(kubeconfig, cluster.kubeconfigFor(token.trim()));
    outrigger = launch(
      [
        ...containerArgs(objects).filter((arg) => !arg.startsWith('--last-good-file=')),
        ...['--last-good-file', join(folder, 'last-good.json'), '--kubeconfig', kubeconfig],
        ...['--address', '127.0.0.1', '--port', '0', '--monitoring-port', '0'],
      ],
      { POD_NAMESPACE: 'istio-system' },
    );
    await reachProcess(cluster, 'outrigger', Number(new URL((await outrigger.firstLine).https).port));
    const namespace = (name: string, labels: object) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    });
    await cluster.apply(namespace('shop', { 'istio-injection': 'enabled' }), namespace('plain', {}));
    await cluster.waitFor('the webhook', async () => {
      const { stdout } = await cluster.kubectl(
        'run',
        'probe',
        '--image=app',
        '-n',
        'shop',
        '--dry-run=server',
        '-o=json',
      );
      return containersOf(JSON.parse(stdout) as Pod).includes('istio-proxy');
    });
  });
  afterAll(async () => {
    outrigger.child.kill('SIGTERM');
    await outrigger.exited;
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes every object', async () => {
    for (const { kind, metadata } of objects) {
      const place = metadata.namespace === undefined ? [] : ['-n', metadata.namespace];
      expect((await cluster.kubectl('get', kind, metadata.name, ...place)).stderr).toBe('');
    }
  });

  it('lets its own pods be made, under the restricted pod security standard', async () => {
    await cluster.kubectl('label', 'namespace', 'istio-system', 'pod-security.kubernetes.io/enforce=restricted');
    const before = (await podsOf('istio-system')).map(({ metadata }) => metadata.name);
    await succeed(cluster, 'delete', 'pod', '-n', 'istio-system', ...before);
    await cluster.waitFor('three pods of ours', async () => (await podsOf('istio-system')).length === 3);
    for (const pod of await podsOf('istio-system')) expect(containersOf(pod)).toEqual(['outrigger']);
  });

  const container = { name: 'app', image: 'app:1' };
  const template = (app: string, labels: object = {}, spec: object = {}) => ({
    metadata: { labels: { app, ...labels } },
    spec: { containers: [container], ...spec },
  });
  const workloads = (namespace: string) => [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace },
      spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template('web') },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db', namespace },
      spec: { serviceName: 'db', selector: { matchLabels: { app: 'db' } }, template: template('db') },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'task', namespace },
      spec: { template: template('task', {}, { restartPolicy: 'Never' }) },
    },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare', namespace }, spec: { containers: [container] } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'opted-out', namespace },
      spec: {
        selector: { matchLabels: { app: 'opted-out' } },
        template: template('opted-out', { 'sidecar.istio.io/inject': 'false' }),
      },
    },
  ];

  async function podsOf(namespace: string): Promise<readonly Pod[]> {
    return (await cluster.get<{ items: Pod[] }>('pods', '-n', namespace)).items;
  }

  it('injects the pods of Deployment, StatefulSet and Job and a bare pod of a labelled namespace', async () => {
    await cluster.apply(...workloads('shop'));
    await cluster.waitFor('the pods', async () => (await podsOf('shop')).length === 6);
    const pods = await podsOf('shop');
    const injected = pods.filter((pod) => containersOf(pod).includes('istio-proxy'));
    expect(injected.map(({ metadata }) => metadata.name.split('-')[0]).sort()).toEqual([
      'bare',
      'db',
      'task',
      'web',
      'web',
    ]);
    for (const pod of injected) expect(pod.metadata.annotations).toHaveProperty(['sidecar.istio.io/status']);
    const [out] = pods.filter(({ metadata }) => metadata.name.startsWith('opted-out'));
    expect(containersOf(out as Pod)).toEqual(['app']);
  });

  it('injects nothing into a namespace that did not ask', async () => {
    await cluster.apply(...workloads('plain'));
    await cluster.waitFor('the pods', async () => (await podsOf('plain')).length === 6);
    for (const pod of await podsOf('plain')) expect(containersOf(pod)).toEqual(['app']);
  });

  it('shows with --dry-run=server what would be made', async () => {
    const dryRun = ['--image=app', '-n', 'shop', '--dry-run=server', '-o=json'];
    const { stdout } = await cluster.kubectl('run', 'dry', ...dryRun);
    expect(containersOf(JSON.parse(stdout) as Pod)).toContain('istio-proxy');
    const refused = await cluster.kubectl('run', 'dry', '--labels=sidecar.istio.io/inject=false', ...dryRun);
    expect(containersOf(JSON.parse(refused.stdout) as Pod)).toEqual(['dry']);
    expect((await cluster.kubectl('get', 'pod', 'dry', '-n', 'shop')).code).not.toBe(0);
  });

  it('has its webhook configurations tied to the namespace, by another field manager than that of the caBundle', async () => {
    const { items } = await cluster.get<{ items: Configuration[] }>(webhookKinds, '--show-managed-fields');
    expect(items.map(({ metadata }) => metadata.ownerReferences?.map(({ kind, name }) => `${kind}/${name}`))).toEqual([
      ['Namespace/istio-system'],
      ['Namespace/istio-system'],
    ]);
    for (const { metadata } of items) {
      const ours = metadata.managedFields.filter(({ manager }) => manager === 'outrigger');
      expect(JSON.stringify(ours.map(({ fieldsV1 }) => fieldsV1))).not.toContain('f:ownerReferences');
    }
  });

  it('keeps the caBundle when it is installed again', async () => {
    const before = await caBundles(cluster);
    expect(before.size).toBe(1);
    await way.again(cluster);
    // One that is new gets it, too.
    await cluster.waitFor('the same caBundle', async () => isDeepStrictEqual(await caBundles(cluster), before));
  });

  it('leaves no webhook configuration behind, and pods can be made', async () => {
    await way.remove(cluster);
    await cluster.waitFor('the configurations to go', async () => {
      return (await cluster.get<{ items: unknown[] }>(webhookKinds)).items.length === 0;
    });
    // Admission learns of it a moment later.
    const make = (...flags: string[]) => cluster.kubectl('run', 'after', '--image=app', '-n', 'shop', ...flags);
    await cluster.waitFor('pods', async () => (await make('--dry-run=server')).code === 0);
    expect((await make()).stderr).toBe('');
  });
});

/** The different caBundles of all entries. */
async function caBundles(cluster: ControlPlane): Promise<Set<string | undefined>> {
  const { items } = await cluster.get<{ items: { webhooks: WebhookEntry[] }[] }>(webhookKinds);
  return new Set(items.flatMap(({ webhooks }) => webhooks.map(({ clientConfig }) => clientConfig.caBundle)));
}

interface Configuration {
  readonly metadata: {
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
    readonly managedFields: readonly { readonly manager: string; readonly fieldsV1: unknown }[];
  };
}

function containersOf({ spec }: Pod): string[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
    .map(({ name }) => name)
    .filter((name) => name !== 'istio-init');
}
