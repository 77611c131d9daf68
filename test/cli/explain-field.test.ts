import { describe, expect, it } from 'vitest';
import type { ObjectField } from '../../src/workloads/explain-field.ts';
import { run } from './support.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  template:
    metadata: { annotations: { sidecar.istio.io/proxyCPU: 150m } }
    spec: { containers: [{ name: app, image: app, env: [{ name: PASSWORD, value: hunter2-hunter2 }] }] }
`;
const field = 'spec.initContainers[istio-proxy].resources.requests.cpu';

describe('outrigger explain --field', () => {
  it('tells the line of the template and what it read', async () => {
    const { code, stdout, stderr } = await run(['explain', '-f', '-', '--field', field], deployment);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^Deployment shop\/web\n {2}spec\.initContainers\[istio-proxy\]\.resources\.requests\.cpu\n/,
    );
    expect(stdout).toMatch(/template {4}sidecar:\d+:\d+ \(called from line \d+\)\n/);
    expect(stdout).toContain('value from  annotation sidecar.istio.io/proxyCPU\n');
    expect(stdout).not.toContain('hunter2');
  });

  it('answers with JSON, for each item of a list and for reviews', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'n' },
      spec: { containers: [{ name: 'a' }] },
    };
    const review = {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: { uid: 'u', namespace: 'n', object: pod },
    };
    const list = { apiVersion: 'v1', kind: 'List', items: [pod, review, { kind: 'Service' }] };
    const { code, stdout } = await run(
      ['explain', '-f', '-', '--field', 'metadata.annotations[istio.io/rev]', '-o', 'json'],
      JSON.stringify(list),
    );
    expect(code).toBe(0);
    const answers = JSON.parse(stdout) as ObjectField[];
    expect(answers.map(({ subject, answer }) => [subject.kind, subject.name, answer.found])).toEqual([
      ['Pod', 'p', true],
      ['Pod', 'p', true],
    ]);
  });

  it.each([
    { what: 'has no such field', input: deployment, text: 'the injected pod has no field spec.nothing' },
    {
      what: 'is not injected',
      input: deployment.replace('{ sidecar.istio.io/proxyCPU: 150m }', '{ sidecar.istio.io/inject: "false" }'),
      text: 'the pod is not injected',
    },
    { what: 'is no pod', input: 'apiVersion: v1\nkind: Pod\nspec: { containers: 7 }\n', text: 'cannot unmarshal' },
  ])('fails for what $what', async ({ input, text }) => {
    const { code, stdout } = await run(['explain', '-f', '-', '--field', 'spec.nothing'], input);
    expect([code, stdout]).toEqual([1, expect.stringContaining(text)]);
  });
});
