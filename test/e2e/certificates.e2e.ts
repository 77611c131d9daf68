import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type KubernetesObject } from '../../src/cluster/client.ts';
import { loadCredentials } from '../../src/cluster/credentials.ts';
import { AuditLog } from './support/audit-log.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { Balancer, startReplicas, type Replica } from './support/replica.ts';

const namespace = 'istio-system';
const host = `outrigger.${namespace}.svc`;
const folder = mkdtempSync(join(tmpdir(), 'outrigger-certificates-'));
const auditLog = new AuditLog(folder, [
  {
    level: 'Metadata',
    verbs: ['create', 'update', 'patch', 'delete'],
    resources: [{ group: '', resources: ['secrets'] }, { group: 'admissionregistration.k8s.io' }],
  },
]);
const balancer = new Balancer();
let controlPlane: ControlPlane;
let client: ApiClient;
let replicas: Replica[] = [];

beforeAll(async () => {
  controlPlane = await startControlPlane(auditLog.flags);
  client = new ApiClient(await loadCredentials(controlPlane.kubeconfig, {}));
  await balancer.start();
  await controlPlane.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'outrigger', namespace },
      spec: { type: 'ExternalName', externalName: 'localhost' },
    },
    webhook('MutatingWebhookConfiguration', 'namespace.sidecar-injector.istio.io', '/inject', {
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
    }),
    webhook('ValidatingWebhookConfiguration', 'rev.validation.istio.io', '/validate', {
      rules: [
        { apiGroups: ['networking.istio.io'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: ['*'] },
      ],
    }),
  );
  await controlPlane.waitForServiceAccount('shop');
});
afterEach(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  replicas = [];
});
afterAll(async () => {
  client.close();
  balancer.stop();
  await controlPlane.stop();
  rmSync(folder, { recursive: true, force: true });
});

function webhook(kind: string, name: string, path: string, more: object): object {
  const service = { namespace, name: 'outrigger', path, port: balancer.port };
  const fixed = { sideEffects: 'None', admissionReviewVersions: ['v1'], failurePolicy: 'Fail' };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'outrigger', labels: { 'istio.io/rev': 'default' } },
    webhooks: [{ name, clientConfig: { service }, ...fixed, ...more }],
  };
}

async function start(count: number, ...flags: string[]): Promise<void> {
  replicas = await startReplicas(controlPlane, count, flags);
  balancer.ports = replicas.map(({ port }) => port);
}

/** The certificate that a replica shows to the API server; rejects when that would not accept it. */
function shake(replica: Replica, ca: string): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: replica.port, ca, servername: host }, () => {
      resolve(new X509Certificate(socket.getPeerCertificate().raw));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

async function liveBundle(): Promise<string> {
  const resource = { group: 'admissionregistration.k8s.io', version: 'v1', resource: 'mutatingwebhookconfigurations' };
  const { webhooks } = await client.get<KubernetesObject & { webhooks: { clientConfig: { caBundle?: string } }[] }>(
    resource,
    'outrigger',
  );
  return Buffer.from(webhooks[0]?.clientConfig.caBundle ?? '', 'base64').toString();
}

interface Pod extends KubernetesObject {
  spec: { containers: { name: string; image?: string }[]; initContainers?: { name: string }[] };
}

async function createPod(): Promise<Pod> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { containers: [{ name: 'app', image: 'app' }] },
  };
  const resource = { group: '', version: 'v1', resource: 'pods', namespace: 'shop' };
  return client.create<Pod>(resource, pod, { dryRun: true });
}

const isInjected = ({ spec }: Pod): boolean =>
  [...spec.containers, ...(spec.initContainers ?? [])].some(({ name }) => name === 'istio-proxy');

/** Waits until a pod can be created. */
const working = (): Promise<void> => controlPlane.waitFor('injection', async () => isInjected(await createPod()));

interface Load {
  calls: number;
  readonly failures: string[];
  readonly serials: Set<string>;
  readonly stop: () => Promise<void>;
}

/** Creates pods all the time, and shakes hands with every replica as the API server would. */
function startLoad(shakes = true): Load {
  let running = true;
  const load = { calls: 0, failures: [] as string[], serials: new Set<string>() };
  const loop = async (work: () => Promise<void>): Promise<void> => {
    // A test that failed does not stop its load: where every call fails at once, it ends by itself.
    while (running && load.failures.length < 100) {
      await work().catch((error: unknown) => load.failures.push(`${new Date().toISOString()} ${String(error)}`));
      load.calls += 1;
    }
  };
  const pods = async (): Promise<void> => {
    if (!isInjected(await createPod())) throw new Error('a pod without sidecar');
  };
  const handshakes = async (): Promise<void> => {
    const ca = await liveBundle();
    for (const replica of replicas) load.serials.add((await shake(replica, ca)).serialNumber);
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const loops = [loop(pods), loop(pods), ...(shakes ? [loop(handshakes)] : [])];
  return Object.assign(load, {
    stop: async () => {
      running = false;
      await Promise.all(loops);
    },
  });
}

/** Writes of ours that the API server was asked for since a moment, by resource. */
function writesSince(time: Date): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { requestURI, objectRef } of auditLog.events(time)) {
    if (!requestURI.includes('fieldManager=outrigger') || objectRef === undefined) continue;
    counts[objectRef.resource] = (counts[objectRef.resource] ?? 0) + 1;
  }
  return counts;
}

const secretTexts = async (name = 'outrigger-certificates'): Promise<Record<string, string>> => {
  const { data } = await controlPlane.get<{ data: Record<string, string> }>('secret', name, '-n', namespace);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
};

describe('certificates of our own', () => {
  /** How many times longer than on the machine for which the lifetimes below are meant three replicas take to start. */
  let slowness = 1;

  it('are made once by three replicas that start at once', async () => {
    const begin = new Date();
    await start(3);
    await working();
    slowness = (Date.now() - begin.getTime()) / 5_000;
    expect(writesSince(begin)['secrets']).toBeLessThanOrEqual(3);
    const texts = await secretTexts();
    const leaf = new X509Certificate(texts['tls.crt'] ?? '');
    const shown = await Promise.all(replicas.map((replica) => shake(replica, texts['ca.crt'] ?? '')));
    expect(new Set(shown.map(({ serialNumber }) => serialNumber))).toEqual(new Set([leaf.serialNumber]));
    const expiry = 'outrigger_serving_certificate_expiry_timestamp_seconds';
    expect(await replicas[0]?.metric(expiry)).toBe(new Date(leaf.validTo).getTime() / 1000);
  });

  it('are the same after all replicas were started anew', async () => {
    const before = await secretTexts();
    await start(2);
    await working();
    expect(await secretTexts()).toEqual(before);
  });

  it('are put back when the Secret is deleted, and nobody notices', async () => {
    await start(3);
    await working();
    const before = await secretTexts();
    const load = startLoad();
    await controlPlane.kubectl('delete', 'secret', 'outrigger-certificates', '-n', namespace);
    await controlPlane.waitFor('the Secret', async () => (await secretTexts())['tls.key'] === before['tls.key']);
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(await secretTexts()).toEqual(before);
  });

  it('are rotated 20 times under load: no call fails, and each takes no more writes than replicas and one', async () => {
    await controlPlane.kubectl('delete', 'secret', 'outrigger-certificates', '-n', namespace);
    // Six seconds, of which two are there to renew, or more where the machine is slow.
    const lifetime = Math.min(Math.ceil(6 * Math.max(1, slowness)), 24);
    await start(3, '--certificate-lifetime', `${lifetime}s`, '--ca-lifetime', `${2 * lifetime}s`);
    await working();
    const begin = new Date();
    const load = startLoad();
    await controlPlane.waitFor('20 rotations', () => Promise.resolve(load.serials.size >= 20), 560_000);
    await load.stop();
    const writes = writesSince(begin);
    const all = Object.values(writes).reduce((sum, count) => sum + count, 0);
    process.stderr.write(
      `${load.serials.size} certificates shown, ${load.calls} calls, ${load.failures.length} failed, writes ${JSON.stringify(writes)}\n`,
    );
    expect(load.failures).toEqual([]);
    expect(load.calls).toBeGreaterThan(100);
    expect(all / load.serials.size).toBeLessThanOrEqual(4);
  });
});

describe('replicas that go', () => {
  it('fail no call when they end in order, and few when they are killed', async () => {
    await start(3);
    await working();
    const load = startLoad(false);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const [first, second, third] = replicas as [Replica, Replica, Replica];
    balancer.ports = [second.port, third.port];
    // As preStop of the manifests waits: connections that were on their way arrive.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await first.stop();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(load.failures).toEqual([]);
    const killed = second.stop('SIGKILL');
    balancer.ports = [third.port];
    await killed;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await load.stop();
    process.stderr.write(`a replica killed under load: ${load.failures.length} of ${load.calls} calls failed\n`);
    // Those in flight, and those sent before the API server knows that the connection is cut.
    expect(load.failures.length).toBeLessThanOrEqual(8);
  });
});

describe('certificates of somebody else', () => {
  function issue(name: string, ca: string): void {
    const run = (...args: string[]): unknown => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    run(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${ca}.key`,
      '-out',
      `${ca}.crt`,
      '-subj',
      `/CN=${ca}`,
      '-days',
      '9',
    );
    run(
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      '/CN=x',
    );
    writeFileSync(join(folder, 'names'), `subjectAltName=DNS:${host}`);
    run(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.crt`,
      '-CA',
      `${ca}.crt`,
      '-CAkey',
      `${ca}.key`,
      '-CAcreateserial',
      '-days',
      '5',
      '-extfile',
      'names',
    );
  }
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const secret = (cert: string, key: string, ca: string): object => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'given', namespace },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': text(cert), 'tls.key': text(key), 'ca.crt': text(ca) },
  });
  const showsEverywhere = async (cert: string): Promise<boolean> => {
    const bundle = await liveBundle();
    const shown = await Promise.all(replicas.map((replica) => shake(replica, bundle)));
    return shown.every(({ serialNumber }) => serialNumber === new X509Certificate(text(cert)).serialNumber);
  };

  it('are taken from a Secret, and a new CA in it fails no call', async () => {
    issue('one', 'ca-one');
    issue('two', 'ca-two');
    await controlPlane.apply(secret('one.crt', 'one.key', 'ca-one.crt'));
    await start(3, '--certificates', 'secret', '--certificates-secret', 'given');
    await working();
    expect(await liveBundle()).toBe(text('ca-one.crt'));
    const load = startLoad();
    await controlPlane.apply(secret('two.crt', 'two.key', 'ca-two.crt'));
    await controlPlane.waitFor('the new certificate', () => showsEverywhere('two.crt'));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(await liveBundle()).toBe(text('ca-one.crt') + text('ca-two.crt'));
  });

  it('stay as they are when the Secret becomes unusable, and the log says why', async () => {
    await controlPlane.apply(secret('two.crt', 'two.key', 'ca-two.crt'));
    await start(1, '--certificates', 'secret', '--certificates-secret', 'given');
    await working();
    await controlPlane.apply(secret('two.crt', 'one.key', 'ca-two.crt'));
    const message =
      'the private key tls.key of Secret istio-system/given does not belong to the certificate tls.crt of Secret istio-system/given';
    await controlPlane.waitFor('the message', () => Promise.resolve(replicas[0]?.text().includes(message) === true));
    expect(await showsEverywhere('two.crt')).toBe(true);
    await working();
  });

  it('are taken from files, and again when these change', async () => {
    const copy = (from: string): void => {
      for (const end of ['crt', 'key']) writeFileSync(join(folder, `serving.${end}`), text(`${from}.${end}`));
      writeFileSync(join(folder, 'serving-ca.crt'), text(`ca-${from}.crt`));
    };
    copy('one');
    const files = [
      '--tls-cert-file',
      'serving.crt',
      '--tls-private-key-file',
      'serving.key',
      '--ca-cert-file',
      'serving-ca.crt',
    ];
    await start(1, ...files.map((value) => (value.startsWith('--') ? value : join(folder, value))));
    await working();
    copy('two');
    await controlPlane.waitFor('the new certificate', () => showsEverywhere('two.crt'));
    await working();
  });
});
