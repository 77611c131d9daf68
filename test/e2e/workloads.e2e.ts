/** Warnings at apply time, as kubectl shows them: the webhook configuration of docs/workloads.md against a real API server. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repositoryRoot } from '../support/shared.ts';
import { launch, type Process } from '../cli/support.ts';
import { workloadOf } from '../workloads/support.ts';
import { makeCertificate, type TestCertificate } from './support/certificate.ts';
import { startControlPlane, type ControlPlane, type KubectlResult } from './support/control-plane.ts';
import { reachableAt, withCaBundle, type ManifestObject } from './support/manifests.ts';

const namespaces = [
  { name: 'shop', labels: { 'istio-injection': 'enabled' } },
  { name: 'plain', labels: {} },
].map((metadata) => ({ apiVersion: 'v1', kind: 'Namespace', metadata }));

const inject = 'sidecar.istio.io/inject';

describe('kubectl apply', () => {
  let cluster: ControlPlane;
  let outrigger: Process;
  let certificate: TestCertificate;
  let port: number;
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-workloads-'));

  /** The configuration of the documents, pointed at our process. */
  async function install(path = '/workloads'): Promise<void> {
    const text = readFileSync(join(repositoryRoot, 'docs/workloads.md'), 'utf8');
    const configuration = parse((/```yaml\n([^]*?)```/.exec(text)?.[1] ?? '').replace('/workloads', path)) as object;
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'outrigger', namespace: 'istio-system' } };
    const objects = [configuration, service] as ManifestObject[];
    await cluster.apply(...withCaBundle(reachableAt(objects, port), certificate.pem));
  }

  async function apply(object: object, ...flags: string[]): Promise<KubectlResult & { warnings: string[] }> {
    const file = join(folder, 'object.json');
    writeFileSync(file, JSON.stringify(object));
    const result = await cluster.kubectl('apply', '-f', file, ...flags);
    const warnings = result.stderr.split('\n').filter((line) => line.startsWith('Warning: '));
    return { ...result, warnings: warnings.map((line) => line.slice('Warning: '.length)) };
  }

  beforeAll(async () => {
    cluster = await startControlPlane();
    certificate = makeCertificate(folder, ['outrigger']);
    const tls = ['--tls-cert-file', certificate.certFile, '--tls-private-key-file', certificate.keyFile];
    const objects = join(folder, 'objects.json');
    writeFileSync(objects, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: namespaces }));
    const ports = ['--port', '0', '--monitoring-port', '0'];
    outrigger = launch(['serve', '--standalone', '--objects', objects, ...ports, ...tls], {
      ENABLE_NATIVE_SIDECARS: 'false',
    });
    port = Number(new URL((await outrigger.firstLine).https).port);
    const system = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } };
    await cluster.apply(...namespaces, system);
    await install();
    await cluster.waitFor('the webhook', async () => {
      return (await apply(deployment({ namespace: 'shop' }), '--dry-run=server')).warnings.length > 0;
    });
  });
  afterAll(async () => {
    outrigger.child.kill('SIGTERM');
    await outrigger.exited;
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells what pods of a Deployment will get, also in a dry run', async () => {
    const { code, stdout, warnings } = await apply(deployment({ namespace: 'shop' }), '--dry-run=server');
    expect(code).toBe(0);
    expect(stdout).toContain('deployment.apps/web created (server dry run)');
    expect(warnings).toEqual([
      'pods will get sidecar istio-proxy and init container istio-init (template sidecar, revision default)',
    ]);
  });

  it('tells that the label is in the wrong place', async () => {
    const { warnings } = await apply(
      deployment({ namespace: 'plain', labels: { [inject]: 'true' } }),
      '--dry-run=server',
    );
    expect(warnings).toEqual([
      'pods will NOT be injected: the label sidecar.istio.io/inject is on the Deployment, not on the pod template',
    ]);
  });

  it('tells that injection will fail, while the object passes', async () => {
    const annotations = { 'sidecar.istio.io/proxyCPU': 'banana' };
    const { code, warnings } = await apply(deployment({ namespace: 'shop' }, annotations), '--dry-run=server');
    expect(code).toBe(0);
    expect(warnings).toEqual([
      "injection will FAIL: annotation sidecar.istio.io/proxyCPU: 'banana' is not accepted (wants: quantity)",
    ]);
  });

  it.each(['StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob', 'PodTemplate'])(
    'tells of a %s',
    async (kind) => {
      const { code, stderr, warnings } = await apply(ofKind(kind), '--dry-run=server');
      expect(code, stderr).toBe(0);
      expect(warnings[0]).toContain('pods will get sidecar istio-proxy');
      expect(warnings.some((line) => line.includes('will not finish'))).toBe(kind.endsWith('Job'));
    },
  );

  it('tells again only when the pod template has changed', async () => {
    const object = deployment({ namespace: 'shop' });
    expect((await apply(object)).warnings).toHaveLength(1);
    expect((await apply({ ...object, spec: { ...object.spec, replicas: 2 } })).warnings).toEqual([]);
    expect((await apply(deployment({ namespace: 'shop' }, { note: 'new' }))).warnings).toHaveLength(1);
    expect((await cluster.kubectl('scale', 'deployment/web', '-n', 'shop', '--replicas=3')).stderr).toBe('');
  });

  it('tells nothing of workloads that are fine in quiet mode', async () => {
    await install('/workloads/quiet');
    await cluster.waitFor('the quiet webhook', async () => {
      return (await apply(ofKind('DaemonSet'), '--dry-run=server')).warnings.length === 0;
    });
    const { warnings } = await apply(ofKind('Job'), '--dry-run=server');
    expect(warnings).toEqual([
      'the Job will not finish: the sidecar is not native; annotation sidecar.istio.io/nativeSidecar: "true" helps',
    ]);
  });

  it('goes on without the webhook', async () => {
    outrigger.child.kill('SIGTERM');
    await outrigger.exited;
    const { code, warnings } = await apply(ofKind('StatefulSet'), '--dry-run=server');
    expect({ code, warnings }).toEqual({ code: 0, warnings: [] });
  });
});

const matchLabels = { app: 'web' };

function deployment(metadata: object, annotations: object = {}) {
  const template = {
    metadata: { labels: matchLabels, annotations },
    spec: { containers: [{ name: 'web', image: 'a' }] },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', ...metadata },
    spec: { replicas: 1, selector: { matchLabels }, template },
  };
}

/** A workload of a kind with what the API server wants of it. */
function ofKind(kind: string): object {
  const job = kind.endsWith('Job');
  const spec = { containers: [{ name: 'web', image: 'a' }], ...(job && { restartPolicy: 'Never' }) };
  const workload = workloadOf(kind, { metadata: { labels: matchLabels }, spec }, { name: `one-${kind.toLowerCase()}` });
  if (job || kind === 'PodTemplate') return workload;
  const selector = kind === 'ReplicationController' ? matchLabels : { matchLabels };
  return {
    ...workload,
    spec: { ...(workload['spec'] as object), selector, serviceName: kind === 'StatefulSet' ? 'web' : undefined },
  };
}
