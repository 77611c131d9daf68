import { createServer, type AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';
import { startClusterServer, type ClusterServerOptions } from '../../src/server/start-cluster.ts';
import type { RunningServer } from '../../src/server/start.ts';
import { freePort } from '../support/free-port.ts';
import { ScriptedApiServer, until } from '../cluster/support/scripted-api-server.ts';
import { scratchFolder, testCertificate } from './support/certificate.ts';
import { callHttps } from './support/client.ts';
import { podReview, recorder, sampleReview } from './support/fixtures.ts';

const json = { 'content-type': 'application/json' };

let api: ScriptedApiServer;
let running: RunningServer | undefined;
const stopping: AbortController[] = [];
beforeEach(async () => {
  api = await ScriptedApiServer.start();
});
afterEach(async () => {
  for (const controller of stopping.splice(0)) controller.abort();
  await running?.stop();
  running = undefined;
  await api.stop();
});

async function optionsFor(change: Partial<ClusterServerOptions> = {}): Promise<ClusterServerOptions> {
  const { folder } = await testCertificate();
  const kubeconfig = join(scratchFolder(), 'kubeconfig');
  const ca = String((await api.credentials.forRequest()).ca);
  const cluster = {
    server: api.credentials.server.href,
    'certificate-authority-data': Buffer.from(ca).toString('base64'),
  };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'k', cluster }],
      users: [{ name: 'u', user: { token: 'secret' } }],
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      'current-context': 'c',
    }),
  );
  return {
    address: '127.0.0.1',
    port: 0,
    monitoringPort: 0,
    kubeconfig,
    namespace: 'istio-system',
    revision: 'default',
    clusterId: 'Kubernetes',
    serviceName: 'outrigger',
    certificates: { kind: 'files', files: { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') } },
    manageFailurePolicy: false,
    times: { firstRetry: 20, longestRetry: 50 },
    ...change,
  };
}

/** Nobody but us is looked after. */
const variables = { INJECTION_WEBHOOK_CONFIG_NAME: '', VALIDATION_WEBHOOK_CONFIG_NAME: '' };

async function begin(change: Partial<ClusterServerOptions> = {}) {
  const log = recorder();
  const controller = new AbortController();
  stopping.push(controller);
  const started = startClusterServer(await optionsFor(change), variables, await createLogger(log), controller.signal);
  return { started: started.then((server) => (running = server)), log, stop: () => controller.abort() };
}

describe('a server in a cluster', () => {
  it('injects and validates with what the API server says', async () => {
    const server = await (await begin()).started;
    const { body } = await callHttps(server?.https ?? '', { headers: json, body: sampleReview });
    expect(body).toContain('"patchType":"JSONPatch"');
    const review = {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: '1',
        operation: 'CREATE',
        kind: { group: 'networking.istio.io', version: 'v1', kind: 'Gateway' },
        object: { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'g' }, spec: {} },
      },
    };
    const validated = await callHttps(server?.https ?? '', {
      path: '/validate',
      headers: json,
      body: JSON.stringify(review),
    });
    expect(validated.body).toContain('"allowed":false');
  });

  it('answers on the monitoring port, and is not ready, while the cluster is not known', async () => {
    api.override = () => ({ status: 503, body: '' });
    const monitoringPort = await freePort();
    const { started, log } = await begin({ monitoringPort });
    await until('it waits', () => log.text().includes('waiting for the cluster'));
    const ask = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${monitoringPort}${path}`);
    expect((await ask('/healthz')).status).toBe(200);
    const ready = await ask('/readyz');
    expect([ready.status, await ready.text()]).toEqual([503, 'waiting for the cluster']);
    const verbose = await (await ask('/readyz?verbose')).text();
    expect(verbose).toMatch(
      /^\[-\]server waiting for the cluster\n\[-\]configuration not there yet\n\[-\]watch configmap/,
    );
    api.override = () => undefined;
    const server = await started;
    expect(server?.monitoring).toBe(`http://127.0.0.1:${monitoringPort}`);
    expect((await ask('/readyz')).status).toBe(200);
    expect(await (await ask('/readyz?verbose')).text()).toMatch(/^\[\+\]watch namespaces synced/m);
    expect(await (await ask('/metrics')).text()).toContain('outrigger_cluster_synced{resource="namespaces"} 1');
  });

  it('ends while it waits, when it is told to', async () => {
    api.override = () => 'hang';
    const { started, log, stop } = await begin();
    await until('it waits', () => log.text().includes('waiting for the cluster'));
    stop();
    expect(await started).toBeUndefined();
  });

  it('closes everything when a port cannot be had', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    await expect((await begin({ port })).started).rejects.toThrow(/port is already in use/);
    await until('no watch is left', () => api.openWatches === 0);
    await new Promise((resolve) => taken.close(resolve));
  });

  it('serves on while the API server is away, and ends in order', async () => {
    const server = await (await begin()).started;
    await api.stop();
    expect((await callHttps(server?.https ?? '', { headers: json, body: podReview() })).body).toContain(
      '"allowed":true',
    );
    await server?.stop();
    running = undefined;
    await expect(fetch(server?.monitoring ?? '')).rejects.toThrow();
    await api.listen();
  });
});
