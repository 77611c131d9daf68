import { afterEach, describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/explanation/index.ts';
import { createLogger } from '../../src/server/logger.ts';
import { startServer, type RunningServer, type ServerOptions } from '../../src/server/start.ts';
import { callHttps } from './support/client.ts';
import { configurationFolder, podReview, recorder, serverOptions } from './support/fixtures.ts';

const running: RunningServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

/** A server on the small configuration, and functions to talk to it. */
async function start(change: Partial<ServerOptions> = {}) {
  const log = recorder();
  const options = { ...(await serverOptions(configurationFolder())), ...change };
  const server = await startServer(options, {}, await createLogger(log));
  running.push(server);
  const explain = async (body: string, query = ''): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${server.monitoring}/explain${query}`, { method: 'POST', body });
    return { status: response.status, body: await response.json() };
  };
  const inject = async (body: string): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await callHttps(server.https, { path: '/inject', headers, body });
    return (JSON.parse(answer.body) as { response: Record<string, unknown> }).response;
  };
  const metrics = async (): Promise<string> => (await fetch(`${server.monitoring}/metrics`)).text();
  return { explain, inject, metrics, log };
}

const secret = 'hunter2-hunter2';

const deployment = (labels: object = {}): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  template:
    metadata: { labels: ${JSON.stringify(labels)} }
    spec: { containers: [{ name: app, image: app, env: [{ name: PASSWORD, value: ${secret} }] }] }
`;

describe('POST /explain', () => {
  it('explains workloads in YAML, several documents', async () => {
    const { explain } = await start();
    const { status, body } = await explain(`${deployment()}---\n${deployment({ 'sidecar.istio.io/inject': 'false' })}`);
    expect(status).toBe(200);
    const [first, second] = body as Explanation[];
    expect(first?.subject).toEqual({ kind: 'Deployment', name: 'web', namespace: 'shop', template: 'spec.template' });
    expect([first?.revision, second?.verdict]).toEqual(['test', 'not-called']);
  });

  it('explains an AdmissionReview as one that was sent', async () => {
    const { explain } = await start();
    const { body } = await explain(podReview());
    expect(body).toMatchObject([{ verdict: 'injected', certain: true, reason: 'policy-enabled' }]);
  });

  it.each([
    ['istio.io/rev%3Dtest', 'injected'],
    ['team%3Da', 'not-called'],
  ])('takes the labels of the namespace from the query: %s', async (labels, verdict) => {
    const { explain } = await start();
    const { body } = await explain(deployment(), `?namespaceLabels=${labels}`);
    expect(body).toMatchObject([{ verdict, certain: true }]);
  });

  it.each([
    ['a: [', 400, '', 'the body is neither JSON nor YAML'],
    ['{', 400, '', 'the body is neither JSON nor YAML'],
    ['a: 1\n---\n'.repeat(101), 413, '', 'more than 100 objects'],
    [JSON.stringify({ kind: 'List', items: Array(101).fill({ kind: 'Pod' }) }), 413, '', 'more than 100 objects'],
    [
      JSON.stringify({
        kind: 'List',
        items: Array(2).fill({ kind: 'PodList', items: Array(51).fill({ kind: 'Pod' }) }),
      }),
      413,
      '',
      'more than 100 objects',
    ],
    [deployment(), 400, '?namespaceLabels=a', 'namespaceLabels are written as name=value,name=value'],
  ])('refuses what it does not understand, and quotes nothing of it', async (text, status, query, error) => {
    const { explain } = await start();
    expect(await explain(text, query)).toEqual({ status, body: { error } });
  });

  it('is not there when it is switched off', async () => {
    const { metrics } = await start({ explain: false });
    expect(await metrics()).not.toBe('');
    const monitoring = running[0]?.monitoring ?? '';
    expect((await fetch(`${monitoring}/explain`, { method: 'POST', body: deployment() })).status).toBe(404);
  });
});

describe('what the API server and the admin see of an injection', () => {
  it("is Istio's answer unless audit annotations are on", async () => {
    const { inject } = await start();
    expect(Object.keys(await inject(podReview()))).toEqual(['uid', 'allowed', 'patch', 'patchType']);
    expect(Object.keys(await inject(podReview({}, { hostNetwork: true })))).toEqual(['uid', 'allowed']);
  });

  it('is reason, templates, revision and configuration in audit annotations', async () => {
    const { inject } = await start({ auditAnnotations: true });
    expect((await inject(podReview()))['auditAnnotations']).toEqual({
      reason: 'policy-enabled',
      revision: 'test',
      'configuration-generation': '1',
      templates: 'sidecar',
    });
    const skipped = await inject(podReview({}, { hostNetwork: true }));
    expect(skipped).toMatchObject({ allowed: true, auditAnnotations: { reason: 'host-network' } });
    const denied = await inject(podReview({ annotations: { 'sidecar.istio.io/proxyCPU': 'banana' } }));
    expect(denied).toMatchObject({ allowed: false, auditAnnotations: { reason: 'invalid-annotations' } });
  });

  it('is counted by outcome, reason, template and revision, however many templates pods name', async () => {
    const { inject, metrics } = await start();
    const templates = { 'inject.istio.io/templates': 'sidecar,sidecar' };
    for (const metadata of [{}, {}, { annotations: templates }]) await inject(podReview(metadata));
    const text = await metrics();
    const labels = (template: string): string =>
      `outrigger_injection_decisions_total{outcome="injected",reason="policy-enabled",template="${template}",revision="test"}`;
    expect(text).toContain(`${labels('sidecar')} 2`);
    expect(text).toContain(`${labels('several')} 1`);
    expect(text).toMatch(/outrigger_injection_duration_seconds_bucket\{le="0.0005",outcome="injected"\} \d/);
    expect(text).toContain('outrigger_injection_duration_seconds_count{outcome="injected"} 3');
  });

  it('never holds a value of an environment variable', async () => {
    const { inject, explain, metrics, log } = await start({ auditAnnotations: true });
    const env = [{ name: 'PASSWORD', value: secret }];
    const spec = { containers: [{ name: 'app', image: 'app', env }] };
    const response = await inject(podReview({ annotations: { 'sidecar.istio.io/inject': 'maybe' } }, spec));
    const { body } = await explain(podReview({}, spec));
    for (const text of [
      JSON.stringify(response['auditAnnotations']),
      JSON.stringify(body),
      await metrics(),
      log.text(),
    ])
      expect(text).not.toContain(secret);
    expect(JSON.stringify(body)).toContain('"verdict":"injected"');
  });
});
