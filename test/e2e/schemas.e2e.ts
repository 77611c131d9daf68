/** The manifests against the schemas of a real API server (kubeconform, strict), and against its own strict validation. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildKubeconform } from './support/build.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { renderChart, renderKustomization, type ManifestObject } from './support/manifests.ts';
import { schemaLocation, writeSchemas } from './support/schemas.ts';

/** Everything that the chart can render. */
const everything = {
  revision: 'canary',
  tags: ['prod', 'default'],
  image: { digest: `sha256:${'0'.repeat(64)}`, pullSecrets: ['registry'] },
  configuration: { values: { global: { hub: 'example.com' } }, mesh: { trustDomain: 'example.org' } },
  sidecarInjectorWebhook: { enableNamespacesByDefault: true, annotations: { a: 'b' } },
  validationWebhook: { annotations: { a: 'b' } },
  workloadsWebhook: { enabled: true, quiet: true, annotations: { a: 'b' } },
  guard: { mode: 'deny', annotations: { a: 'b' } },
  certificates: { mode: 'secret', secretName: 'own' },
  manageFailurePolicy: true,
  extraWebhookConfigurations: { mutating: ['istio-sidecar-injector'], validating: ['istiod-default-validator'] },
  env: { ENABLE_NATIVE_SIDECARS: 'true' },
  extraArgs: ['--explain'],
  podAnnotations: { a: 'b' },
  podLabels: { c: 'd' },
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }],
  priorityClassName: 'system-cluster-critical',
  service: { annotations: { a: 'b' } },
  networkPolicy: { monitoringFrom: [{ namespaceSelector: { matchLabels: { a: 'b' } } }] },
  serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
};

const variants: Readonly<Record<string, () => Promise<ManifestObject[]>>> = {
  'the Helm chart': () => renderChart(),
  'the Helm chart with everything': () => renderChart(everything),
  kustomize: () => renderKustomization(),
};

/** Not part of Kubernetes: the definition is that of the Prometheus operator. */
const foreign = 'ServiceMonitor';

interface Result {
  readonly kind: string;
  readonly name: string;
  readonly status: string;
  readonly msg: string;
}

describe('the manifests', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-schemas-'));
  let cluster: ControlPlane;
  let kubeconform = '';
  const rendered = new Map<string, readonly ManifestObject[]>();

  beforeAll(async () => {
    kubeconform = await buildKubeconform();
    cluster = await startControlPlane();
    for (const [name, render] of Object.entries(variants)) rendered.set(name, await render());
    const apiVersions = [...rendered.values()].flat().map(({ apiVersion }) => apiVersion);
    await writeSchemas(cluster, apiVersions, join(folder, 'schemas'));
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What kubeconform says of each document. */
  function check(text: string): readonly Result[] {
    const file = join(folder, 'manifests.yaml');
    writeFileSync(file, text);
    const args = ['-strict', '-verbose', '-output', 'json', '-skip', foreign];
    try {
      const output = execFileSync(
        kubeconform,
        [...args, '-schema-location', schemaLocation(join(folder, 'schemas')), file],
        {
          encoding: 'utf8',
        },
      );
      return (JSON.parse(output) as { resources: Result[] }).resources;
    } catch (error) {
      const { stdout } = error as { stdout?: string };
      if (stdout === undefined || stdout === '') throw error;
      return (JSON.parse(stdout) as { resources: Result[] }).resources;
    }
  }

  const asText = (objects: readonly unknown[]): string =>
    objects.map((object) => JSON.stringify(object)).join('\n---\n');

  it.each(Object.keys(variants))('of %s have the form that kubeconform asks for, all of them', (name) => {
    const objects = rendered.get(name) ?? [];
    const results = check(asText(objects));
    expect(results.filter(({ status }) => status !== 'statusValid' && status !== 'statusSkipped')).toEqual([]);
    expect(results).toHaveLength(objects.length);
    const skipped = results.filter(({ status }) => status === 'statusSkipped').map(({ kind }) => kind);
    expect(skipped).toEqual(objects.filter(({ kind }) => kind === foreign).map(({ kind }) => kind));
    const kinds = new Set(results.map(({ kind }) => kind));
    for (const kind of [
      'MutatingWebhookConfiguration',
      'ValidatingWebhookConfiguration',
      'Deployment',
      'NetworkPolicy',
    ]) {
      expect(kinds).toContain(kind);
    }
  });

  it.each(Object.keys(variants))('of %s are taken by the API server, which validates strictly', async (name) => {
    const objects = (rendered.get(name) ?? []).filter(({ kind }) => kind !== foreign);
    const namespaces = new Set(objects.map(({ metadata }) => metadata.namespace ?? 'default'));
    for (const namespace of namespaces) {
      await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    }
    const file = join(folder, 'list.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    const dryRun = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--force-conflicts'];
    const { code, stderr } = await cluster.kubectl(...dryRun, '-f', file);
    expect([code, stderr]).toEqual([0, '']);
  });

  describe('with a mistake are refused', () => {
    const objectOf = (kind: string): ManifestObject => {
      const object = rendered.get('the Helm chart')?.find((one) => one.kind === kind);
      if (object === undefined) throw new Error(`the chart has no ${kind}`);
      return structuredClone(object);
    };

    it.each<readonly [what: string, kind: string, change: (object: never) => void, message: RegExp]>([
      [
        'an unknown field of a container',
        'Deployment',
        (object: { spec: { template: { spec: { containers: Record<string, unknown>[] } } } }) => {
          object.spec.template.spec.containers[0] = {
            ...object.spec.template.spec.containers[0],
            imagePolicy: 'Always',
          };
        },
        /additional properties 'imagePolicy' not allowed/,
      ],
      [
        'text where a number must be',
        'Deployment',
        (object: { spec: Record<string, unknown> }) => {
          object.spec['replicas'] = '3';
        },
        /got string, want integer/,
      ],
      [
        'a webhook without side effects',
        'MutatingWebhookConfiguration',
        (object: { webhooks: Record<string, unknown>[] }) => {
          delete object.webhooks[0]?.['sideEffects'];
        },
        /missing property 'sideEffects'/,
      ],
      [
        'an unknown field of a webhook',
        'ValidatingWebhookConfiguration',
        (object: { webhooks: Record<string, unknown>[] }) => {
          object.webhooks[0] = { ...object.webhooks[0], timeout: 3 };
        },
        /additional properties 'timeout' not allowed/,
      ],
    ])('%s', (_what, kind, change, message) => {
      const object = objectOf(kind);
      change(object as never);
      const [result] = check(asText([object]));
      expect(result).toMatchObject({ status: 'statusInvalid', msg: expect.stringMatching(message) as string });
    });

    it('a key that occurs twice', () => {
      const [result] = check(
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: b }\ndata: { c: d }\n',
      );
      expect(result).toMatchObject({
        status: 'statusError',
        msg: expect.stringMatching(/already set in map/) as string,
      });
    });
  });
});
