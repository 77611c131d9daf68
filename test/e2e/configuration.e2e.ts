/** The configuration in a real cluster: what changes in the API server changes what is injected, and what fails there does not. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { launch, type Process } from '../cli/support.ts';
import { callHttps } from '../server/support/client.ts';
import { podReview } from '../server/support/fixtures.ts';
import { makeCertificate, type TestCertificate } from './support/certificate.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { startTcpProxy, type TcpProxy } from './support/tcp-proxy.ts';

interface Pod {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly initContainers?: readonly { readonly name: string }[] };
}

const folder = mkdtempSync(join(tmpdir(), 'outrigger-configuration-'));
const lastGoodFile = join(folder, 'last-good.json');
let cluster: ControlPlane;
let proxy: TcpProxy;
let certificate: TestCertificate;
let port: number;
let outrigger: Process & { https: string; monitoring: string };

/** A ConfigMap whose template shows what it sees. */
function injectorMap(text: string) {
  const template = [
    'metadata:',
    '  annotations:',
    `    seen: "${text} {{ .MeshConfig.TrustDomain }} native={{ .NativeSidecars }} uid={{ .ProxyUID }}`,
    '      concurrency={{ .ProxyConfig.Concurrency.GetValue }}"',
  ];
  const lines = template.map((line) => `    ${line}\n`).join('');
  const config = `policy: enabled\ndefaultTemplates: [t]\ntemplates:\n  t: |\n${lines}`;
  return configMap('istio-sidecar-injector', { config, values: '{}' });
}

function configMap(name: string, data: Record<string, string>) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'istio-system' }, data };
}

/** What the template shows in a pod that kubectl creates. */
async function seen(namespace = 'shop'): Promise<string> {
  const { metadata } = await createPod(namespace);
  return metadata.annotations?.['seen'] ?? '';
}

async function createPod(namespace = 'shop'): Promise<Pod> {
  const create = ['run', 'p', '-n', namespace, '--image=app:1', '--dry-run=server', '-o', 'json'];
  const { code, stdout, stderr } = await cluster.kubectl(...create);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Pod;
}

async function waitUntilSeen(text: string | RegExp): Promise<void> {
  let last = '';
  try {
    await cluster.waitFor('it', async () => (last = await seen()).search(text) !== -1);
  } catch {
    throw new Error(`pods never showed ${String(text)}, but ${last}`);
  }
}

async function readiness(monitoring = outrigger.monitoring): Promise<string> {
  return (await fetch(`${monitoring}/readyz?verbose`)).text();
}

/** Starts the server as a process, with the API server behind the proxy. */
async function serve(...flags: string[]): Promise<Process & { https: string; monitoring: string }> {
  const process = launchServer('--last-good-file', lastGoodFile, ...flags);
  return { ...process, ...(await process.firstLine) };
}

function launchServer(...flags: string[]): Process {
  const tls = ['--tls-cert-file', certificate.certFile, '--tls-private-key-file', certificate.keyFile];
  const kubeconfig = ['--kubeconfig', join(folder, 'kubeconfig')];
  const ports = ['--address', '127.0.0.1', '--port', String(port), '--monitoring-port', '0'];
  return launch(['serve', ...kubeconfig, ...ports, ...tls, ...flags], {
    PLATFORM: 'openshift',
    INJECTION_WEBHOOK_CONFIG_NAME: '',
    VALIDATION_WEBHOOK_CONFIG_NAME: '',
  });
}

async function stop(process: Process): Promise<number> {
  process.child.kill('SIGTERM');
  return (await process.exited).code;
}

beforeAll(async () => {
  cluster = await startControlPlane();
  proxy = await startTcpProxy(Number(new URL(cluster.url).port));
  const kubeconfig = readFileSync(cluster.kubeconfig, 'utf8');
  writeFileSync(join(folder, 'kubeconfig'), kubeconfig.replace(cluster.url, `https://127.0.0.1:${proxy.port}`));
  certificate = makeCertificate(folder, ['outrigger']);
  port = await freePort();
  const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await cluster.apply(namespace('istio-system'), namespace('shop'));
  await cluster.waitForServiceAccount('shop');
  outrigger = await serve();
  await cluster.apply(...webhooks(certificate.pem.toString('base64')));
  await cluster.waitFor('the webhook', async () => (await createPod()).metadata.annotations !== undefined);
});
afterAll(async () => {
  await stop(outrigger);
  await proxy.close();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The Service by which the API server reaches this machine, and both webhook configurations. */
function webhooks(caBundle: string): unknown[] {
  const service = { name: 'outrigger', namespace: 'istio-system', port };
  const entry = (name: string, path: string, rule: object) => ({
    name,
    clientConfig: { service: { ...service, path }, caBundle },
    rules: [{ operations: ['CREATE', 'UPDATE'], ...rule }],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
    failurePolicy: 'Fail',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 5,
  });
  const pods = { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };
  const istio = { apiGroups: ['networking.istio.io'], apiVersions: ['*'], resources: ['*'] };
  const configuration = (kind: string, webhook: object) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'test' },
    webhooks: [webhook],
  });
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'outrigger', namespace: 'istio-system' },
      spec: { type: 'ExternalName', externalName: 'localhost' },
    },
    configuration('MutatingWebhookConfiguration', entry('inject.example.com', '/inject', pods)),
    configuration('ValidatingWebhookConfiguration', entry('validate.example.com', '/validate', istio)),
  ];
}

describe('the configuration in a cluster', () => {
  it('is built in while there is no ConfigMap', async () => {
    const { spec } = await createPod();
    // There are no nodes, hence none that is too old for a native sidecar.
    expect(spec.initContainers?.map(({ name }) => name)).toEqual(['istio-init', 'istio-proxy']);
    expect(await readiness()).toMatch(/^\[\+\]configuration generation 1 .*templates\/config\.yaml/m);
  });

  it('follows the ConfigMaps', async () => {
    await cluster.apply(injectorMap('one'));
    await waitUntilSeen('one cluster.local native=true uid=1337 concurrency=0');
    await cluster.apply(configMap('istio', { mesh: 'trustDomain: example.org' }));
    await waitUntilSeen('one example.org');
  });

  it('stays when a ConfigMap is broken, and says where', async () => {
    await cluster.apply(
      configMap('istio-sidecar-injector', { config: 'policy: enabled\ntemplates: {]\n', values: '{}' }),
    );
    await cluster.waitFor('the refusal', async () => (await readiness()).includes('refused'));
    expect(await readiness()).toMatch(
      /^\[-\]configuration change refused at \S+: configmap istio-system\/istio-sidecar-injector key config:2(:\d+)?: /m,
    );
    expect(await (await fetch(`${outrigger.monitoring}/metrics`)).text()).toMatch(
      /^outrigger_configuration_last_load_failed 1$/m,
    );
    expect(await seen()).toContain('one example.org');
    await cluster.kubectl('delete', 'configmap', 'istio-sidecar-injector', '-n', 'istio-system');
    await cluster.waitFor('the refusal', async () => (await readiness()).includes('no ConfigMap found'));
    expect(await seen()).toContain('one example.org');
    await cluster.apply(injectorMap('two'));
    await waitUntilSeen('two example.org');
    expect(await readiness()).not.toContain('refused');
  });

  it('knows nodes, namespaces and ProxyConfigs', async () => {
    expect(await readiness()).toMatch(/^\[\+\]watch proxyconfigs\.networking\.istio\.io not in this cluster/m);
    await cluster.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'old' } });
    const status = JSON.stringify({ status: { nodeInfo: { kubeletVersion: 'v1.32.1' } } });
    await cluster.kubectl('patch', 'node', 'old', '--subresource=status', '--type=merge', '-p', status);
    await waitUntilSeen('native=false');
    await cluster.kubectl('delete', 'node', 'old');
    await waitUntilSeen('native=true');

    await cluster.kubectl('annotate', 'namespace', 'shop', 'openshift.io/sa.scc.uid-range=1000/10');
    await waitUntilSeen('uid=1009');

    await cluster.apply(proxyConfigCrd);
    await cluster.waitFor('the CRD', async () => (await cluster.kubectl('get', 'proxyconfigs', '-A')).code === 0);
    await cluster.apply(proxyConfig({ concurrency: 3 }));
    await waitUntilSeen('concurrency=3');
    expect(await readiness()).toMatch(/^\[\+\]configuration generation 4 /m);
  });

  it('has validation on the same port', async () => {
    const refused = await cluster.apply(proxyConfig({ concurrency: 'many' })).catch((error: unknown) => String(error));
    expect(refused).toContain('admission webhook "validate.example.com" denied the request');
  });
});

describe('a configuration in a cluster', () => {
  it('is up to date again after each cut of the watches', async () => {
    for (let i = 0; i < 5; i += 1) {
      proxy.cut();
      await cluster.apply(injectorMap(`cut${i}`));
      await waitUntilSeen(`cut${i}`);
    }
  });

  it('survives a restart of the API server', async () => {
    await cluster.stopApiServer();
    const answer = await callHttps(outrigger.https, {
      headers: { 'content-type': 'application/json' },
      body: podReview(),
    });
    expect(answer.body).toContain('"patchType":"JSONPatch"');
    const isKnown = async (): Promise<boolean> => /, failing: [\s\S]*readyz check passed/.test(await readiness());
    await cluster.waitFor('it to be known', isKnown);
    await cluster.startApiServer();
    await waitUntilSeen('cut4');
    await cluster.apply(injectorMap('back'));
    await waitUntilSeen('back');
  });

  it('is there after a restart without API server, from the last good state', async () => {
    expect(await stop(outrigger)).toBe(0);
    expect(statSync(lastGoodFile).mode & 0o777).toBe(0o600);
    proxy.freeze(true);
    outrigger = await serve();
    expect(await readiness()).toMatch(/^\[\+\]last good state of \S+ is in use$/m);
    await waitUntilSeen('back example.org native=true uid=1009 concurrency=3');
    proxy.freeze(false);
    proxy.cut();
    await cluster.apply(injectorMap('later'));
    await waitUntilSeen('later');
    expect(await readiness()).not.toContain('last good');
  });

  it('is waited for where there is no last good state, until the process is told to end', async () => {
    await stop(outrigger);
    proxy.freeze(true);
    const waiting = launchServer();
    const logged = new Promise<string>((resolve) => {
      let text = '';
      waiting.child.stderr.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('waiting for the cluster')) resolve(text);
      });
    });
    await logged;
    expect(await stop(waiting)).toBe(0);
    proxy.freeze(false);
    outrigger = await serve();
    await waitUntilSeen('later');
  });
});

function proxyConfig(spec: object) {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'ProxyConfig',
    metadata: { name: 'p', namespace: 'shop' },
    spec,
  };
}

const proxyConfigCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'proxyconfigs.networking.istio.io' },
  spec: {
    group: 'networking.istio.io',
    scope: 'Namespaced',
    names: { kind: 'ProxyConfig', plural: 'proxyconfigs', singular: 'proxyconfig', listKind: 'ProxyConfigList' },
    versions: [
      {
        name: 'v1beta1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        },
      },
    ],
  },
};
