import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderExplanation } from '../../src/cli/explain-report.ts';
import type { Explanation } from '../../src/explanation/index.ts';
import { run } from './support.ts';

const deployment = (annotations = '{}'): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  template:
    metadata: { annotations: ${annotations} }
    spec: { containers: [{ name: app, image: app, env: [{ name: PASSWORD, value: hunter2-hunter2 }] }] }
`;
const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n';
const read = (stdout: string): Explanation[] => JSON.parse(stdout) as Explanation[];

describe('outrigger explain', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'outrigger-explain-'));
    writeFileSync(join(folder, 'web.yaml'), deployment());
    writeFileSync(join(folder, 'shop.yaml'), namespace);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('says the verdict first, then why, the change, and what is injected', async () => {
    const { code, stdout, stderr } = await run(['explain', '-f', '-', '--namespace-labels', ''], deployment());
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')[0]).toBe('Deployment shop/web: NOT INJECTED (webhook-not-called, revision default)');
    expect(stdout).toContain('    >- webhook  ');
    expect(stdout).toContain(
      '  To get it injected\n    label the pod template sidecar.istio.io/inject=true (spec.template.metadata.labels)\n',
    );
    expect(stdout).not.toContain('hunter2');
  });

  it('lists containers, resources, volumes and names of variables of an injection', async () => {
    const { stdout } = await run([
      'explain',
      join(folder, 'web.yaml'),
      '--namespace-labels',
      'istio-injection=enabled',
    ]);
    expect(stdout.split('\n')[0]).toBe('Deployment shop/web: INJECTED (policy-enabled, revision default)');
    expect(stdout).toMatch(/native sidecar istio-proxy: \S+\n\s+requests: cpu 100m, memory 128Mi\n/);
    expect(stdout).toMatch(/env: .*ISTIO_META_WORKLOAD_NAME/);
    expect(stdout).toMatch(/volumes: .*istio-token/);
    expect(stdout).not.toContain('not known');
  });

  it('takes namespaces from the files and from --objects, and says when none is known', async () => {
    const text = async (...args: string[]): Promise<string> => (await run(['explain', ...args])).stdout;
    expect(await text(folder)).not.toContain('is not known');
    expect(await text(join(folder, 'web.yaml'), '--objects', join(folder, 'shop.yaml'))).not.toContain('is not known');
    expect(await text(join(folder, 'web.yaml'))).toContain('is not known: give --namespace-labels or --objects');
  });

  it('writes JSON, one explanation a pod, lists opened', async () => {
    const pod = '{"kind":"Pod","metadata":{"name":"one"},"spec":{"hostNetwork":true}}';
    const { code, stdout } = await run(
      ['explain', '-f', '-', '-o', 'json', '-n', 'shop'],
      `{"kind":"List","items":[${pod},{"kind":"Service"},${pod}]}`,
    );
    expect(code).toBe(0);
    expect(read(stdout).map(({ subject, reason }) => [subject.namespace, reason])).toEqual([
      ['shop', 'host-network'],
      ['shop', 'host-network'],
    ]);
  });

  it('ends with 1 where a pod would be refused', async () => {
    const bad = deployment('{ sidecar.istio.io/proxyCPU: banana }');
    const { code, stdout, stderr } = await run(['explain', '-f', '-'], bad);
    expect([code, stderr]).toEqual([1, 'Error: 1 of 1 would be refused\n']);
    expect(stdout).toContain('Deployment shop/web: REFUSED (invalid-annotations, revision default)');
    expect(stdout).toContain("invalid value 'banana' for annotation 'sidecar.istio.io/proxyCPU'");
    expect(stdout).toContain(
      '  To get it through\n    remove the annotation sidecar.istio.io/proxyCPU from the pod template',
    );
  });

  it('ends with 1 for a template that is no pod, with the reason', async () => {
    const { code, stdout } = await run(['explain', '-f', '-'], deployment('{ a: true }').replace('{ a: true }', '[1]'));
    expect(code).toBe(1);
    expect(stdout).toContain('Deployment shop/web: REFUSED (pod-undecodable');
  });

  it.each([
    [['explain'], 2, 'filename not specified'],
    [['explain', '-f', '-', '--namespace-labels', 'a'], 2, 'Labels are written as name=value'],
    [['explain', '-f', '-', '-o', 'xml'], 2, 'Allowed choices are text, json'],
    [['explain', '-f', '-'], 1, 'there is no pod and no workload to explain'],
    [['explain', '-f', '/nowhere.yaml'], 1, '/nowhere.yaml'],
    [['explain', 'deploy/web', 'more.yaml'], 2, 'give files or objects of the cluster, not both'],
    [['explain', 'deploy/web', '--kubeconfig', '/nowhere'], 1, '/nowhere'],
    [['explain', 'service/web'], 1, 'service/web'],
  ])('refuses %j', async (args, code, message) => {
    const result = await run(args, 'kind: Service\n');
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(message);
  });

  it('colours the verdict where colours are wanted', async () => {
    const { stdout } = await run(['explain', '-f', '-', '-o', 'json'], deployment());
    const [explanation] = read(stdout);
    const render = (isColored: boolean): string =>
      explanation === undefined ? '' : renderExplanation(explanation, pc.createColors(isColored));
    expect(render(true)).toContain('\u001b[32mINJECTED');
    expect(render(false)).not.toContain('\u001b');
  });
});
