import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';
import { startServer, type RunningServer } from '../../src/server/start.ts';
import { reviewOf, workloadOf } from '../workloads/support.ts';
import { callHttps, type Answer } from './support/client.ts';
import { configurationFolder, recorder, serverOptions } from './support/fixtures.ts';

const running: RunningServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function start() {
  const log = recorder();
  const server = await startServer(await serverOptions(configurationFolder()), {}, await createLogger(log));
  running.push(server);
  const post = (body: string, path = '/workloads?timeout=3s'): Promise<Answer> =>
    callHttps(server.https, { path, headers: { 'content-type': 'application/json' }, body });
  const metrics = async (): Promise<string> => (await fetch(`${server.monitoring}/metrics`)).text();
  return { log, post, metrics };
}

const template = {
  metadata: { labels: { 'istio.io/rev': 'test' }, annotations: { 'sidecar.istio.io/proxyCPU': 'planted-secret' } },
  spec: { containers: [{ name: 'app', env: [{ name: 'TOKEN', value: 'planted-secret' }] }] },
};

describe('/workloads', () => {
  it('answers over TLS with warnings', async () => {
    const { post } = await start();
    const { status, body } = await post(reviewOf(workloadOf('Deployment', template)));
    expect(status).toBe(200);
    expect((JSON.parse(body) as { response: unknown }).response).toEqual({
      uid: 'u1',
      allowed: true,
      warnings: [
        "injection will FAIL: annotation sidecar.istio.io/proxyCPU: 'planted-secret' is not accepted (wants: quantity)",
      ],
    });
  });

  it('counts verdicts and logs ids, but no values', async () => {
    const { post, metrics, log } = await start();
    await post(reviewOf(workloadOf('Deployment', template)));
    await post(reviewOf(workloadOf('Deployment', { spec: { containers: [] } })), '/workloads/quiet');
    await post('{');
    await post('');
    const text = await metrics();
    expect(text).toContain('outrigger_workload_reviews_total{verdict="denied"} 1');
    expect(text).toContain('outrigger_workload_reviews_total{verdict="not-called"} 1');
    expect(text).toContain('outrigger_workload_reviews_total{verdict="error"} 2');
    expect(text).toContain('outrigger_workload_review_seconds_count 3');
    const lines = log.lines().filter(({ msg }) => msg === 'Workload looked at');
    expect(lines[0]).toMatchObject({
      workload: 'Deployment/shop/web',
      operation: 'CREATE',
      verdict: 'denied',
      reason: 'invalid-annotations',
      warnings: ['annotation-invalid'],
    });
    expect(lines[1]).toMatchObject({ path: '/workloads/quiet', verdict: 'not-called', warnings: [] });
    expect(log.text() + text).not.toContain('planted-secret');
  });

  it('does not count as a request for injection', async () => {
    const { post, metrics } = await start();
    await post(reviewOf(workloadOf('Job', template)));
    expect(await metrics()).toMatch(/^sidecar_injection_requests_total 0$/m);
  });
});
