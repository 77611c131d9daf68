import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../../src/cluster/client.ts';
import { startCluster, type ClusterOptions, type RunningCluster } from '../../src/cluster/start.ts';
import type { Injector } from '../../src/injection/index.ts';
import { createLogger } from '../../src/server/logger.ts';
import { scratchFolder } from '../server/support/certificate.ts';
import { recorder } from '../server/support/fixtures.ts';
import { ScriptedApiServer, until } from './support/scripted-api-server.ts';

const configMaps = '/api/v1/namespaces/istio-system/configmaps';
const namespaces = '/api/v1/namespaces';
const nodes = '/api/v1/nodes';
const proxyConfigs = '/apis/networking.istio.io/v1beta1/proxyconfigs';
const times = { firstRetry: 20, longestRetry: 100, missingRetry: 100, idle: 5_000, watch: 60_000, patience: 300 };

let server: ScriptedApiServer;
const running: RunningCluster[] = [];
beforeEach(async () => {
  server = await ScriptedApiServer.start();
});
afterEach(async () => {
  for (const cluster of running.splice(0)) await cluster.stop();
  await server.stop().catch(() => undefined);
});

async function start(change: Partial<ClusterOptions> = {}, variables: Record<string, string> = {}) {
  const log = recorder();
  const registry = new Registry();
  const told = { taken: 0, refused: [] as string[], recovered: 0 };
  const cluster = await startCluster(
    {
      namespace: 'istio-system',
      revision: 'default',
      clusterId: 'Kubernetes',
      serviceName: 'outrigger',
      times,
      ...change,
    },
    {
      client: new ApiClient(server.credentials),
      variables,
      logger: await createLogger(log),
      registry,
      events: {
        onTaken: () => (told.taken += 1),
        onRefused: (error) => told.refused.push((error as Error).message),
        onRecovered: () => (told.recovered += 1),
      },
    },
  );
  running.push(cluster);
  let isReady = false;
  void cluster.ready.then(() => (isReady = true));
  return { cluster, told, log, registry, isReady: () => isReady };
}

/** A template that shows what it sees. */
function injectorMap(text: string, name = 'istio-sidecar-injector') {
  const template = [
    'metadata:',
    '  annotations:',
    `    seen: "${text} {{ .Values.global.tag }} {{ .MeshConfig.TrustDomain }} native={{ .NativeSidecars }}`,
    '      uid={{ .ProxyUID }} concurrency={{ .ProxyConfig.Concurrency.GetValue }} revision={{ .Revision }}"',
  ];
  const config = `policy: enabled\ndefaultTemplates: [t]\ntemplates:\n  t: |\n${template.map((line) => `    ${line}\n`).join('')}`;
  return configMap(name, { config, values: '{"global":{"tag":"1.0"}}' });
}

function configMap(name: string, data: Record<string, string>) {
  return { metadata: { name, namespace: 'istio-system' }, data };
}

/** What the template saw for a pod. */
function seen(injector: Injector, namespace = 'shop'): string {
  const object = { metadata: { name: 'p', namespace }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const request = { uid: '1', operation: 'CREATE', namespace, object };
  const { review } = injector.inject({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
  const { response } = JSON.parse(JSON.stringify(review)) as { response: { patch: string } };
  const patch = Buffer.from(response.patch, 'base64').toString();
  return /"seen":"([^"]*)"/.exec(patch)?.[1] ?? patch;
}

describe('in a cluster, the configuration', () => {
  it('is built in until there is a ConfigMap, and then that of the ConfigMap', async () => {
    const { cluster, told } = await start();
    await cluster.ready;
    expect(cluster.state()).toMatchObject({
      generation: 1,
      files: ['templates/config.yaml', 'templates/values.yaml', 'templates/mesh.yaml'],
    });
    server.put(configMaps, injectorMap('one'));
    await until('it is taken', () => told.taken === 2);
    expect(cluster.state()).toMatchObject({
      generation: 2,
      files: [
        'configmap istio-system/istio-sidecar-injector key config',
        'configmap istio-system/istio-sidecar-injector key values',
      ],
    });
    expect(seen(cluster.snapshot())).toMatch(/^one 1\.0 cluster\.local/);
  });

  it('follows its ConfigMaps', async () => {
    server.put(configMaps, injectorMap('one'));
    server.put(configMaps, configMap('istio', { mesh: 'trustDomain: first' }));
    const { cluster, told } = await start();
    await cluster.ready;
    expect(seen(cluster.snapshot())).toMatch(/^one 1\.0 first/);
    server.put(configMaps, injectorMap('two'));
    server.put(configMaps, configMap('istio', { mesh: 'trustDomain: second' }));
    await until('both are taken', () => seen(cluster.snapshot()).startsWith('two 1.0 second'));
    // Together, unless the machine paused between the two.
    expect([2, 3]).toContain(told.taken);
    expect(told).toMatchObject({ refused: [], recovered: 0 });
  });

  it.each([
    ['canary', '-canary'],
    ['default', ''],
    ['', ''],
  ])('of revision %j is in the ConfigMaps with suffix %j', async (revision, suffix) => {
    server.put(configMaps, injectorMap('mine', `istio-sidecar-injector${suffix}`));
    server.put(configMaps, injectorMap('other', 'istio-sidecar-injector-other'));
    server.put(configMaps, configMap(`istio${suffix}`, { mesh: 'trustDomain: mine' }));
    const { cluster } = await start({ revision });
    await cluster.ready;
    expect(seen(cluster.snapshot())).toMatch(/^mine 1\.0 mine/);
  });

  it('has the shared mesh configuration below its own', async () => {
    server.put(configMaps, injectorMap('one'));
    server.put(configMaps, configMap('shared', { mesh: 'trustDomain: shared' }));
    const { cluster } = await start({}, { SHARED_MESH_CONFIG: 'shared' });
    await cluster.ready;
    expect(seen(cluster.snapshot())).toMatch(/^one 1\.0 shared/);
    server.put(configMaps, configMap('istio', { mesh: 'trustDomain: own' }));
    await until('it is taken', () => seen(cluster.snapshot()).startsWith('one 1.0 own'));
  });

  it('stays when a ConfigMap becomes bad, says where, and goes on when it is good again', async () => {
    server.put(configMaps, injectorMap('one'));
    const { cluster, told } = await start();
    await cluster.ready;
    server.put(configMaps, configMap('istio-sidecar-injector', { config: 'a: b\n  c: d\n', values: '{}' }));
    await until('it is refused', () => told.refused.length === 1);
    expect(told.refused[0]).toMatch(/^configmap istio-system\/istio-sidecar-injector key config:\d+(:\d+)?: /);
    expect(cluster.state()?.refused?.message).toBe(told.refused[0]);
    expect(seen(cluster.snapshot())).toMatch(/^one/);
    server.put(configMaps, injectorMap('one'));
    await until('it is recovered', () => told.recovered === 1);
    expect(cluster.state()?.refused).toBeUndefined();
    expect(told.taken).toBe(1);
  });

  it('is taken as a whole: a good mesh configuration waits for a good injector', async () => {
    server.put(configMaps, injectorMap('one'));
    const { cluster, told } = await start();
    await cluster.ready;
    server.put(configMaps, configMap('istio-sidecar-injector', { config: '{}' }));
    server.put(configMaps, configMap('istio', { mesh: 'trustDomain: new' }));
    await until('it is refused', () => told.refused.length === 1);
    expect(told.refused[0]).toBe(
      'configmap istio-system/istio-sidecar-injector: missing ConfigMap values key "values"',
    );
    expect(seen(cluster.snapshot())).toMatch(/^one 1\.0 cluster\.local/);
    server.put(configMaps, injectorMap('two'));
    await until('all is taken', () => seen(cluster.snapshot()).startsWith('two 1.0 new'));
  });

  it('stays when its ConfigMap is deleted', async () => {
    server.put(configMaps, injectorMap('one'));
    const { cluster, told } = await start();
    await cluster.ready;
    server.remove(configMaps, 'istio-sidecar-injector', 'istio-system');
    await until('it is refused', () => told.refused.length === 1);
    expect(told.refused[0]).toBe('configmap istio-system/istio-sidecar-injector: no ConfigMap found');
    expect(seen(cluster.snapshot())).toMatch(/^one/);
  });

  it('is waited for when the first one is bad', async () => {
    server.put(configMaps, configMap('istio-sidecar-injector', { config: '{}', values: '[' }));
    const { cluster, told, isReady } = await start();
    await until('it is refused', () => told.refused.length === 1);
    expect(isReady()).toBe(false);
    expect(cluster.state()).toBeUndefined();
    expect(() => cluster.snapshot()).toThrow();
    expect(cluster.describe().at(-1)).toMatch(/^\[-\]configuration refused: configmap istio-system\/.* key values:/);
    server.put(configMaps, injectorMap('one'));
    await cluster.ready;
  });
});

describe('in a cluster, its objects', () => {
  it('change what is injected without a new configuration', async () => {
    server.put(configMaps, injectorMap('one'));
    server.put(nodes, { metadata: { name: 'n' }, status: { nodeInfo: { kubeletVersion: 'v1.32.0' } } } as never);
    const { cluster, told } = await start({}, { PLATFORM: 'openshift' });
    await cluster.ready;
    const { configuration } = cluster.snapshot();
    expect(seen(cluster.snapshot())).toContain('native=false uid=1337 concurrency=0');

    server.put(nodes, { metadata: { name: 'n' }, status: { nodeInfo: { kubeletVersion: 'v1.33.0' } } } as never);
    const annotations = { 'openshift.io/sa.scc.uid-range': '1000/10' };
    server.put(namespaces, { metadata: { name: 'shop', annotations } } as never);
    server.put(proxyConfigs, { metadata: { name: 'p', namespace: 'shop' }, spec: { concurrency: 3 } } as never);
    await until('all is seen', () => seen(cluster.snapshot()).includes('native=true uid=1009 concurrency=3'));
    expect(seen(cluster.snapshot(), 'elsewhere')).toContain('uid=1337 concurrency=0');
    expect(cluster.snapshot().configuration.injection).toBe(configuration.injection);
    expect(told.taken).toBe(1);
  });

  it('are used also while a configuration is refused', async () => {
    server.put(configMaps, injectorMap('one'));
    const { cluster, told } = await start();
    await cluster.ready;
    server.put(configMaps, configMap('istio-sidecar-injector', {}));
    await until('it is refused', () => told.refused.length === 1);
    server.put(proxyConfigs, { metadata: { name: 'p', namespace: 'shop' }, spec: { concurrency: 3 } } as never);
    await until('it is seen', () => seen(cluster.snapshot()).includes('concurrency=3'));
  });

  it('do not include nodes where their versions do not matter', async () => {
    const { cluster } = await start({}, { ENABLE_NATIVE_SIDECARS: 'true' });
    await cluster.ready;
    expect(server.requests.some((url) => url.startsWith(nodes))).toBe(false);
    expect(cluster.describe().join('\n')).not.toContain('nodes');
  });

  it('may lack ProxyConfigs, whose CRD is not there', async () => {
    server.override = ({ path }) => (path === proxyConfigs ? { status: 404, body: '404 page not found' } : undefined);
    const { cluster } = await start();
    await cluster.ready;
    expect(cluster.describe().join('\n')).toMatch(
      /^\[\+\]watch proxyconfigs\.networking\.istio\.io not in this cluster/m,
    );
  });
});

describe('in a cluster, readiness', () => {
  it('comes with the last watch', async () => {
    server.override = ({ path }) =>
      path === nodes ? { status: 403, body: { code: 403, message: 'nodes is forbidden' } } : undefined;
    const { cluster, log, isReady } = await start();
    await until('the rest is there', () => cluster.describe().filter((line) => line.startsWith('[+]')).length === 5);
    await until('it has asked for nodes', () => cluster.describe().some((line) => line.includes('forbidden')));
    expect(isReady()).toBe(false);
    expect(cluster.describe()).toContain('[-]watch nodes not yet synced, failing: nodes is forbidden');
    server.override = () => undefined;
    await cluster.ready;
    await until('the log says so', () => log.text().includes('nodes can be read from the API server again'));
    const warnings = log.lines().filter(({ msg }) => String(msg).includes('forbidden'));
    expect(warnings).toMatchObject([
      { level: 'warn', msg: 'cannot read nodes from the API server: nodes is forbidden' },
    ]);
  });

  it('does not go when the API server goes', async () => {
    server.put(configMaps, injectorMap('one'));
    const { cluster } = await start();
    await cluster.ready;
    await server.stop();
    await until('it has noticed', () => cluster.describe().some((line) => line.includes('ECONNREFUSED')));
    expect(cluster.describe().every((line) => line.startsWith('[+]'))).toBe(true);
    expect(seen(cluster.snapshot())).toMatch(/^one/);
    await server.listen();
    server.put(configMaps, injectorMap('two'));
    await until('it is back', () => seen(cluster.snapshot()).startsWith('two'));
  });

  it('shows in the metrics', async () => {
    const { cluster, registry } = await start();
    await cluster.ready;
    const text = await registry.metrics();
    expect(text).toMatch(/^outrigger_cluster_synced\{resource="namespaces"\} 1$/m);
    expect(text).toMatch(
      /^outrigger_cluster_last_event_timestamp_seconds\{resource="configmap istio-system\/istio"\} 1\.?[\d.e+]+$/m,
    );
    expect(text).toMatch(/^outrigger_cluster_watch_failures_total\{resource="nodes"\} 0$/m);
    await until('all is watched', () => server.watches === 6);
    server.cutConnections();
    await until('all is watched again', () => server.watches === 6);
    expect(await registry.metrics()).toMatch(/^outrigger_cluster_watch_failures_total\{resource="nodes"\} [1-9]$/m);
  });
});

describe('in a cluster, the last good state', () => {
  let lastGoodFile: string;
  beforeEach(() => {
    lastGoodFile = join(scratchFolder(), 'state.json');
  });

  async function saveState(): Promise<void> {
    server.put(configMaps, injectorMap('one'));
    server.put(proxyConfigs, { metadata: { name: 'p', namespace: 'shop' }, spec: { concurrency: 3 } } as never);
    const { cluster } = await start({ lastGoodFile });
    await cluster.ready;
    await cluster.stop();
    running.splice(0);
  }

  it('is saved, for its owner only', async () => {
    await saveState();
    expect(statSync(lastGoodFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(lastGoodFile, 'utf8')).toContain('istio-system/istio-sidecar-injector');
  });

  it('serves after a start without API server, and gives way to what the API server says', async () => {
    await saveState();
    await server.stop();
    const { cluster, told, log } = await start({ lastGoodFile });
    await cluster.ready;
    expect(seen(cluster.snapshot())).toMatch(/^one .* concurrency=3/);
    expect(cluster.describe().at(-1)).toMatch(/^\[\+\]last good state of \d{4}-.* is in use$/);
    expect(log.text()).toContain('serving the last good state');
    await server.listen();
    server.put(configMaps, injectorMap('two'));
    await until('it is taken', () => seen(cluster.snapshot()).startsWith('two'));
    expect(cluster.describe().join()).not.toContain('last good');
    expect(told.taken).toBeGreaterThanOrEqual(2);
  });

  it('serves where the newest ConfigMap is bad, or gone', async () => {
    await saveState();
    server.put(configMaps, configMap('istio-sidecar-injector', {}));
    const patient = { lastGoodFile, times: { ...times, patience: 60_000 } };
    const bad = await start(patient);
    await bad.cluster.ready;
    expect(seen(bad.cluster.snapshot())).toMatch(/^one/);
    expect(bad.told.refused).toHaveLength(1);
    server.remove(configMaps, 'istio-sidecar-injector', 'istio-system');
    const gone = await start(patient);
    await gone.cluster.ready;
    expect(seen(gone.cluster.snapshot())).toMatch(/^one/);
  });

  it('is not saved while the newest is refused', async () => {
    await saveState();
    const before = (JSON.parse(readFileSync(lastGoodFile, 'utf8')) as { texts: unknown }).texts;
    server.put(configMaps, configMap('istio-sidecar-injector', {}));
    const { cluster } = await start({ lastGoodFile });
    await cluster.ready;
    await cluster.stop();
    expect((JSON.parse(readFileSync(lastGoodFile, 'utf8')) as { texts: unknown }).texts).toEqual(before);
  });

  it('is waited for in vain without a file: nothing is served that nobody configured', async () => {
    await server.stop();
    const { cluster, isReady } = await start({ lastGoodFile });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(isReady()).toBe(false);
    await server.listen();
    await cluster.ready;
  });

  it.each([
    ['damaged', '{', 'is not a state that was saved by this version'],
    [
      'no longer valid',
      JSON.stringify({
        version: 1,
        savedAt: '2024-01-02T03:04:05Z',
        revision: 'default',
        clusterId: 'Kubernetes',
        texts: { config: { file: 'f', text: '[' }, values: { file: 'f', text: '{}' }, mesh: [] },
        objects: [],
      }),
      'f:',
    ],
  ])('is left out when it is %s', async (_what, text, message) => {
    writeFileSync(lastGoodFile, text);
    server.put(configMaps, injectorMap('one'));
    const { cluster, log } = await start({ lastGoodFile });
    await cluster.ready;
    expect(log.text()).toContain('the last good state is not used: ');
    expect(log.text()).toContain(message);
    expect(seen(cluster.snapshot())).toMatch(/^one/);
  });
});
