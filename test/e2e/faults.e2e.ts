/** Replicas that are killed while pods are made, and a start that the API server does not answer: how many calls fail, and for how long. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type KubernetesObject } from '../../src/cluster/client.ts';
import { loadCredentials } from '../../src/cluster/credentials.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { Balancer, startReplicas, type Replica } from './support/replica.ts';

const namespace = 'istio-system';
const balancer = new Balancer();
const folder = mkdtempSync(join(tmpdir(), 'outrigger-faults-'));
let cluster: ControlPlane;
let client: ApiClient;
let replicas: Replica[] = [];

const webhooks = { group: 'admissionregistration.k8s.io', version: 'v1', resource: 'mutatingwebhookconfigurations' };

interface Pod extends KubernetesObject {
  spec: { containers: { name: string }[]; initContainers?: { name: string }[] };
}

interface Configuration extends KubernetesObject {
  webhooks: { clientConfig: { caBundle?: string } }[];
}

beforeAll(async () => {
  cluster = await startControlPlane();
  client = new ApiClient(await loadCredentials(cluster.kubeconfig, {}));
  await balancer.start();
  const external = { type: 'ExternalName', externalName: 'localhost' };
  const service = { namespace, name: 'outrigger', path: '/inject', port: balancer.port };
  await cluster.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'outrigger', namespace }, spec: external },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'outrigger', labels: { 'istio.io/rev': 'default' } },
      webhooks: [
        {
          name: 'namespace.sidecar-injector.istio.io',
          clientConfig: { service },
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          failurePolicy: 'Fail',
          namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        },
      ],
    },
  );
  await cluster.waitForServiceAccount('shop');
});
afterEach(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  replicas = [];
});
afterAll(async () => {
  client.close();
  balancer.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(count: number, ...flags: string[]): Promise<void> {
  replicas = await startReplicas(cluster, count, flags);
  balancer.ports = replicas.map(({ port }) => port);
}

/** Whether a pod that is made as a dry run is right. */
async function makePod(): Promise<boolean> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { containers: [{ name: 'app', image: 'app' }] },
  };
  const resource = { group: '', version: 'v1', resource: 'pods', namespace: 'shop' };
  const { spec } = await client.create<Pod>(resource, pod, { dryRun: true });
  return [...spec.containers, ...(spec.initContainers ?? [])].some(({ name }) => name === 'istio-proxy');
}

const working = (): Promise<void> => cluster.waitFor('injection', makePod);

/** Makes pods all the time, in three loops. */
function startLoad() {
  let running = true;
  /** `failed`: when the calls that failed began. */
  const load = { made: 0, wrong: 0, failed: [] as number[] };
  const loop = async (): Promise<void> => {
    while (running) {
      const begin = performance.now();
      const isRight = await makePod().catch(() => undefined);
      if (isRight === undefined) load.failed.push(begin);
      else load.made += 1;
      if (isRight === false) load.wrong += 1;
    }
  };
  const loops = [loop(), loop(), loop()];
  const stop = async (): Promise<void> => {
    running = false;
    await Promise.all(loops);
  };
  return Object.assign(load, { stop });
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How long Kubernetes takes at most to see that a replica is not ready with the chart's probes. */
const detection = 4_000;

/** Kills a replica under load, and takes it out of the Service as late as the probes would. */
async function killUnderLoad(what: string, victim: Replica, meanwhile: () => Promise<void>) {
  const load = startLoad();
  await pause(500);
  const killed = performance.now();
  await victim.stop('SIGKILL');
  const elsewhere = meanwhile();
  await pause(detection);
  balancer.ports = balancer.ports.filter((port) => port !== victim.port);
  const removed = performance.now();
  await elsewhere;
  await pause(1_000);
  await load.stop();
  const last = Math.max(killed, ...load.failed);
  process.stderr.write(
    `${what} killed: ${load.failed.length} of ${load.made + load.failed.length} pod creations failed, the last ${((last - killed) / 1000).toFixed(1)} s after it; ${load.wrong} wrong pods\n`,
  );
  expect(load.wrong).toBe(0);
  expect(load.made).toBeGreaterThan(20);
  // Only connections to what is gone fail.
  expect(load.failed.filter((time) => time > removed)).toEqual([]);
  expect(load.failed.length).toBeLessThan(load.made);
}

describe('under load', () => {
  it('a replica that is killed costs no more than the connections to it, and makes no wrong pod', async () => {
    await start(3);
    await working();
    const leading = await Promise.all(replicas.map((replica) => replica.leads()));
    const victim = replicas[leading.indexOf(false)] as Replica;
    await killUnderLoad('a replica', victim, () => Promise.resolve());
  });

  it('a leader that is killed is followed by another, who heals the caBundle', async () => {
    await start(3);
    await working();
    await cluster.waitFor('a leader', async () =>
      (await Promise.all(replicas.map((replica) => replica.leads()))).includes(true),
    );
    const leading = await Promise.all(replicas.map((replica) => replica.leads()));
    const victim = replicas[leading.indexOf(true)] as Replica;
    const others = replicas.filter((replica) => replica !== victim);
    await killUnderLoad('the leader', victim, async () => {
      const begin = performance.now();
      await cluster.waitFor('another leader', async () =>
        (await Promise.all(others.map((replica) => replica.leads()))).includes(true),
      );
      process.stderr.write(`another replica leads after ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);
    });
    const wrong = Buffer.from('x').toString('base64');
    const patch = [{ op: 'replace', path: '/webhooks/0/clientConfig/caBundle', value: wrong }];
    const healing = performance.now();
    const { stderr } = await cluster.kubectl(
      'patch',
      webhooks.resource,
      'outrigger',
      '--type=json',
      '-p',
      JSON.stringify(patch),
    );
    await cluster.waitFor('the caBundle', async () => {
      const { webhooks: entries } = await client.get<Configuration>(webhooks, 'outrigger');
      return entries.every(({ clientConfig }) => clientConfig.caBundle !== wrong);
    });
    expect(stderr).toBe('');
    await cluster.waitFor('the warning', () =>
      Promise.resolve(others.some((replica) => replica.text().includes('overwrote caBundle'))),
    );
    process.stderr.write(`the caBundle was healed after ${((performance.now() - healing) / 1000).toFixed(1)} s\n`);
    await working();
  });
});

describe('a restart while the API server is away', () => {
  it('shows the certificate that was kept', async () => {
    const lastGoodFile = join(folder, 'last-good.json');
    await start(1, '--last-good-file', lastGoodFile);
    await working();
    const certificate = `${lastGoodFile}.certificate`;
    await cluster.waitFor('the file', () =>
      Promise.resolve(((statSync(certificate, { throwIfNoEntry: false })?.mode ?? 0) & 0o777) === 0o600),
    );
    await replicas[0]?.stop();
    await cluster.stopApiServer();
    const begin = performance.now();
    await start(1, '--last-good-file', lastGoodFile);
    process.stderr.write(`serving without API server after ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);
    // Log lines are written in the background, so they may come after the line that tells of the ports.
    await cluster.waitFor('the log to name the kept certificate', () =>
      Promise.resolve(replicas[0]?.text().includes('taking the serving certificate that was kept') ?? false),
    );
    await cluster.startApiServer();
    // The API server trusts it: the caBundle is still that of before.
    await working();
  });
});
