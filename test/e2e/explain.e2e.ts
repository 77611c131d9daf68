/** What the API server and `explain` say of a decision in a real cluster. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/explanation/index.ts';
import { launch, run, type Process } from '../cli/support.ts';
import { freePort } from '../support/free-port.ts';
import { AuditLog } from './support/audit-log.ts';
import { makeCertificate } from './support/certificate.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { injectionWebhook } from './support/injection-webhook.ts';

const folder = mkdtempSync(join(tmpdir(), 'outrigger-explain-'));
const auditLog = new AuditLog(folder, [{ level: 'Metadata' }]);
const secret = 'hunter2-hunter2';
let cluster: ControlPlane;
let outrigger: Process;

beforeAll(async () => {
  cluster = await startControlPlane(auditLog.flags);
  const certificate = makeCertificate(folder, ['outrigger']);
  const port = await freePort();
  await cluster.apply(
    namespace('istio-system'),
    namespace('shop', { 'istio-injection': 'enabled' }),
    namespace('plain'),
  );
  await cluster.waitForServiceAccount('shop');
  const tls = ['--tls-cert-file', certificate.certFile, '--tls-private-key-file', certificate.keyFile];
  const ports = ['--address', '127.0.0.1', '--port', String(port), '--monitoring-port', '0'];
  outrigger = launch(['serve', '--kubeconfig', cluster.kubeconfig, ...ports, ...tls], {
    INJECTION_WEBHOOK_CONFIG_NAME: '',
    VALIDATION_WEBHOOK_CONFIG_NAME: '',
  });
  await outrigger.firstLine;
  await cluster.apply(...injectionWebhook(certificate.pem.toString('base64'), port));
  await cluster.waitFor('the webhook', async () => {
    await cluster.kubectl('run', 'p', '-n', 'shop', '--image=app:1', `--env=PASSWORD=${secret}`, '--dry-run=server');
    return decision() !== undefined;
  });
  await cluster.apply(deployment('shop'), deployment('plain'));
});
afterAll(async () => {
  outrigger.child.kill('SIGTERM');
  await outrigger.exited;
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

const entry = 'namespace.sidecar-injector.istio.io';

/** The first line of the audit log that says what was decided. */
const decision = (): string | undefined => auditLog.lines().find((line) => line.includes(`"${entry}/reason"`));

describe('a decision in a cluster', () => {
  it('is in the audit log of the API server, without secrets', () => {
    const line = decision();
    expect((JSON.parse(line ?? '{}') as { annotations: unknown }).annotations).toMatchObject({
      [`${entry}/reason`]: 'policy-enabled',
      [`${entry}/revision`]: 'default',
      [`${entry}/configuration-generation`]: '1',
      [`${entry}/templates`]: 'sidecar',
    });
    expect(line).not.toContain(secret);
  });

  it.each([
    ['shop', 'injected', 'policy-enabled'],
    ['plain', 'not-called', 'webhook-not-called'],
  ])('is explained for a live Deployment in %s', async (name, verdict, reason) => {
    const args = ['explain', 'deploy/web', '-n', name, '--kubeconfig', cluster.kubeconfig, '-o', 'json'];
    const { code, stdout, stderr } = await run(args);
    expect([code, stderr]).toEqual([0, '']);
    const [explanation] = JSON.parse(stdout) as Explanation[];
    expect(explanation).toMatchObject({
      subject: { kind: 'Deployment', namespace: name },
      verdict,
      reason,
      certain: true,
    });
  });

  it('is that of the pods that the Deployment makes', async () => {
    const pods = async (name: string): Promise<readonly { spec: { initContainers?: unknown[] } }[]> =>
      (await cluster.get<{ items: { spec: { initContainers?: unknown[] } }[] }>('pods', '-n', name, '-l', 'app=web'))
        .items;
    await cluster.waitFor('pods', async () => (await pods('shop')).length > 0 && (await pods('plain')).length > 0);
    expect((await pods('shop'))[0]?.spec.initContainers).toHaveLength(2);
    expect((await pods('plain'))[0]?.spec.initContainers).toBeUndefined();
  });

  it('says what is not there', async () => {
    const { code, stderr } = await run(['explain', 'deploy/none', '-n', 'shop', '--kubeconfig', cluster.kubeconfig]);
    expect(code).toBe(1);
    expect(stderr).toContain('deployments.apps "none" not found');
  });

  it('is not explained over HTTP unless asked for', async () => {
    const { monitoring } = await outrigger.firstLine;
    expect((await fetch(`${monitoring}/explain`, { method: 'POST', body: '{}' })).status).toBe(404);
  });
});

function namespace(name: string, labels: Record<string, string> = {}) {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

function deployment(name: string) {
  const labels = { app: 'web' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
    },
  };
}
