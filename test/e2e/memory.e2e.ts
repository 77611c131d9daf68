/**
 * Memory of a server in a cluster that is never quiet: 1,000 namespaces that change all the time, and 5,000 pods that come again and again.
 *
 * `OUTRIGGER_MEMORY_MINUTES=10 npm run test:memory` is the whole study, with a line for each minute; by default it takes half a minute.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type KubernetesObject, type Resource } from '../../src/cluster/client.ts';
import { loadCredentials } from '../../src/cluster/credentials.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { startReplicas, type Replica } from './support/replica.ts';

const minutes = Number(process.env['OUTRIGGER_MEMORY_MINUTES'] ?? '0.5');
const isWhole = minutes >= 5;
const counts = isWhole ? { namespaces: 1_000, pods: 5_000 } : { namespaces: 200, pods: 1_000 };

/** Changes of namespaces, and pods, a second. */
const rates = { namespaces: 10, pods: 40 };

/** The limit of the manifests. */
const limit = 512 * 2 ** 20;

/** What is left after the garbage was collected may grow by this much between the beginning and the end. */
const growth = { share: 1.1, bytes: 8 * 2 ** 20 };

const systemNamespace = 'istio-system';
const namespaces: Resource = { group: '', version: 'v1', resource: 'namespaces' };
const pods = (namespace: string): Resource => ({ group: '', version: 'v1', resource: 'pods', namespace });

interface Sample {
  readonly rss: number;
  readonly heap: number;
}

describe('the memory of a server in a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-memory-'));
  let cluster: ControlPlane;
  let client: ApiClient;
  let replica: Replica;

  beforeAll(async () => {
    cluster = await startControlPlane();
    client = new ApiClient(await loadCredentials(cluster.kubeconfig, {}));
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: systemNamespace } });
    await inParallel(counts.namespaces, async (index) => {
      await client.create(namespaces, {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: nameOf(index),
          labels: { 'istio-injection': 'enabled' },
          annotations: { note: 'x'.repeat(500) },
        },
      } as KubernetesObject);
    });
    const flags = ['--last-good-file', join(folder, 'last-good.json')];
    [replica] = (await startReplicas(cluster, 1, flags, { POD_NAMESPACE: systemNamespace })) as [Replica];
    await cluster.apply(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'outrigger', namespace: systemNamespace },
        spec: { type: 'ExternalName', externalName: 'localhost' },
      },
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'MutatingWebhookConfiguration',
        metadata: { name: 'outrigger', labels: { 'istio.io/rev': 'default' } },
        webhooks: [
          {
            name: 'namespace.sidecar-injector.istio.io',
            clientConfig: {
              service: { namespace: systemNamespace, name: 'outrigger', path: '/inject', port: replica.port },
            },
            rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
            namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
            failurePolicy: 'Fail',
          },
        ],
      },
    );
    await cluster.waitFor('injection', async () => isInjected(await createPod(0)));
  });
  afterAll(async () => {
    client.close();
    await replica.stop();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const nameOf = (index: number): string => `team-${String(index % counts.namespaces)}`;

  /** A pod of one of many workloads, as its controller would create it. */
  function createPod(index: number): Promise<KubernetesObject> {
    const name = `web-${String(index % counts.pods)}`;
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { app: name } },
      spec: {
        serviceAccountName: 'default',
        automountServiceAccountToken: false,
        containers: [{ name: 'web', image: `example.com/web:${String(index)}`, env: [{ name: 'INDEX', value: name }] }],
      },
    };
    return client.create(pods(nameOf(index)), pod as KubernetesObject, { dryRun: true });
  }

  const isInjected = (pod: KubernetesObject): boolean => JSON.stringify(pod).includes('"istio-proxy"');

  const changeNamespace = (index: number): Promise<unknown> =>
    client.patch(namespaces, nameOf(index * 7), [
      { op: 'add', path: '/metadata/annotations/note', value: `${String(index)} ${'y'.repeat(500)}` },
      { op: 'add', path: '/metadata/labels/generation', value: String(index) },
    ]);

  async function sample(): Promise<Sample> {
    return {
      rss: await replica.metric('process_resident_memory_bytes'),
      heap: await replica.metric('nodejs_heap_size_used_bytes'),
    };
  }

  it(
    'does not grow',
    async () => {
      const failures: string[] = [];
      const done = { pods: 0, namespaces: 0 };
      const end = Date.now() + minutes * 60_000;
      const repeat = async (kind: keyof typeof done, work: (index: number) => Promise<unknown>): Promise<void> => {
        const pace = 1000 / rates[kind];
        for (let next = Date.now(); Date.now() < end; next = Math.max(next + pace, Date.now() - 1000)) {
          await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - Date.now())));
          const index = done[kind]++;
          await work(index).catch((error: unknown) => failures.push(String(error)));
        }
      };
      const rows: { readonly lowest: number; readonly rss: number; readonly peak: number }[] = [];
      const window = isWhole ? 60_000 : (minutes * 60_000) / 6;
      const watch = async (): Promise<void> => {
        let samples: Sample[] = [];
        for (let next = Date.now() + window; Date.now() < end + 500;) {
          samples.push(await sample());
          if (Date.now() >= next) {
            const rss = samples.map((one) => one.rss);
            const row = {
              lowest: Math.min(...samples.map(({ heap }) => heap)),
              rss: rss.at(-1) ?? 0,
              peak: Math.max(...rss),
            };
            rows.push(row);
            if (isWhole) report(rows.length, row, done);
            samples = [];
            next += window;
          }
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
      };
      const load = [
        repeat('namespaces', changeNamespace),
        repeat('pods', async (index) => expectInjected(await createPod(index))),
      ];
      await Promise.all([...load, watch()]);
      expect(failures).toEqual([]);
      expect(done.pods).toBeGreaterThan(minutes * 60 * rates.pods * 0.05);
      expect(Math.max(...rows.map(({ peak }) => peak))).toBeLessThan(limit);
      if (!isWhole) return;
      // The first minute compiles and fills caches.
      const begin = Math.min(...rows.slice(1, 4).map(({ lowest }) => lowest));
      const last = Math.min(...rows.slice(-3).map(({ lowest }) => lowest));
      expect(last).toBeLessThan(begin * growth.share + growth.bytes);
    },
    (minutes + 5) * 60_000,
  );

  function expectInjected(pod: KubernetesObject): void {
    if (!isInjected(pod)) throw new Error('a pod without sidecar');
  }
});

function report(
  minute: number,
  row: { lowest: number; rss: number; peak: number },
  done: { pods: number; namespaces: number },
): void {
  const mb = (bytes: number): string => (bytes / 2 ** 20).toFixed(0).padStart(4);
  process.stderr.write(
    `minute ${String(minute).padStart(2)}: RSS ${mb(row.rss)} MB, peak ${mb(row.peak)} MB, heap at least ${mb(row.lowest)} MB; ` +
      `${String(done.pods)} pods, ${String(done.namespaces)} changes of namespaces\n`,
  );
}

async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
