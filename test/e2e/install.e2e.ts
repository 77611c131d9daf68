/** What users install, through Helm and through kustomize, on a real API server; the injector itself runs as a process beside it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/shared.ts';
import { launch, type Process } from '../cli/support.ts';
import { buildHelm } from './support/build.ts';
import { makeCertificate, type TestCertificate } from './support/certificate.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import {
  reachableAt,
  renderChart,
  renderKustomization,
  withCaBundle,
  type ManifestObject,
} from './support/manifests.ts';

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

  it('merge values and mesh configuration over the built-in ones', async () => {
    const configuration = { values: { global: { hub: 'example.com/istio' } }, mesh: { trustDomain: 'example.org' } };
    const objects = await renderChart({ configuration });
    const { data } = objects.find(({ kind }) => kind === 'ConfigMap') as unknown as { data: Record<string, string> };
    expect(data['values']).toMatch(/hub: example\.com\/istio/);
    expect(data['values']).toMatch(/tag: 1\.30\.3/);
    expect(data['mesh']).toMatch(/trustDomain: example\.org/);
  });
});

const installations = [
  ['the Helm chart', () => renderChart()],
  ['kustomize', () => renderKustomization()],
] as const;

describe.each(installations)('an installation from %s', (_name, render) => {
  let cluster: ControlPlane;
  let outrigger: Process;
  let certificate: TestCertificate;
  let objects: ManifestObject[];
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-install-'));

  beforeAll(async () => {
    cluster = await startControlPlane();
    certificate = makeCertificate(folder, ['outrigger']);
    const tls = ['--tls-cert-file', certificate.certFile, '--tls-private-key-file', certificate.keyFile];
    outrigger = launch(['serve', '--standalone', '--port', '0', '--monitoring-port', '0', ...tls]);
    const port = Number(new URL((await outrigger.firstLine).https).port);
    objects = withCaBundle(reachableAt(await render(), port), certificate.pem);
    const names = ['istio-system', 'shop', 'plain'];
    await cluster.apply(
      ...names.map((name) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels: name === 'shop' ? { 'istio-injection': 'enabled' } : {} },
      })),
    );
    await cluster.apply(...objects);
    await cluster.waitFor('the webhook', async () => {
      await cluster.kubectl('get', 'serviceaccount', 'default', '-n', 'shop');
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

  it('is taken by the API server without a warning', async () => {
    const file = join(repositoryRoot, 'manifests/kustomize');
    const { stderr, code } = await cluster.kubectl(
      'apply',
      '--dry-run=server',
      '--server-side',
      '--force-conflicts',
      '-k',
      file,
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toBe('');
  });

  it('lets its own pods be made, under the restricted pod security standard', async () => {
    await cluster.kubectl('label', 'namespace', 'istio-system', 'pod-security.kubernetes.io/enforce=restricted');
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
});

function containersOf({ spec }: Pod): string[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
    .map(({ name }) => name)
    .filter((name) => name !== 'istio-init');
}
