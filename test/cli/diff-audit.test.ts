import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { podOfWorkload } from '../../src/workloads/index.ts';
import { compileConfigurationSet, readFeatures } from '../../src/configuration/index.ts';
import { outcomeOf, sideOf } from '../../src/comparison/index.ts';
import { readConfigurationSet } from '../../src/cli/configuration-set.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../../src/server/built-in-configuration.ts';
import { livePod } from '../support/live-pods.ts';
import { run } from './support.ts';

const secret = 'hunter2-hunter2';
const folder = mkdtempSync(join(tmpdir(), 'outrigger-diff-'));
const at = (...path: string[]): string => join(folder, ...path);
const deployment = (name: string): Record<string, unknown> => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    replicas: 3,
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'app', image: 'app:1', env: [{ name: 'PASSWORD', value: secret }] }] },
    },
  },
});
const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } },
};
const newValues = (): string => builtInValues().text.replace(/hub: \S+/, 'hub: new.example/istio');
const configMaps = (): string =>
  [
    { name: 'istio-sidecar-injector', data: { config: builtInConfig().text, values: newValues() } },
    { name: 'istio', data: { mesh: builtInMesh().text } },
  ]
    .map(({ name, data }) =>
      stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'istio-system' }, data }),
    )
    .join('---\n');

const controlPlane = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'istiod', namespace: 'istio-system' },
  spec: {
    template: {
      spec: { containers: [{ name: 'discovery', env: [{ name: 'ENABLE_NATIVE_SIDECARS', value: 'false' }] }] },
    },
  },
};

beforeAll(async () => {
  for (const name of ['workloads', 'new', 'chart/templates', 'empty'])
    mkdirSync(at(...name.split('/')), { recursive: true });
  writeFileSync(
    at('workloads', 'all.yaml'),
    [deployment('web'), deployment('cart'), namespace].map((object) => stringify(object)).join('---\n'),
  );
  writeFileSync(at('new', 'values.yaml'), newValues());
  writeFileSync(at('new', 'config.yaml'), builtInConfig().text);
  writeFileSync(at('chart', 'templates', 'maps.yaml'), configMaps());
  writeFileSync(at('plane.yaml'), `${configMaps()}---\n${stringify(controlPlane)}`);
  writeFileSync(at('broken.yaml'), configMaps().replace('{{', '{{ nofunc }}{{'));
  const set = await readConfigurationSet(
    'built-in',
    { istioNamespace: 'istio-system', objects: [], clusterId: 'Kubernetes' },
    {} as never,
  );
  const side = sideOf(compileConfigurationSet(set, { clusterId: 'Kubernetes', features: readFeatures({}).features }), {
    isSent: true,
  });
  const items = [namespace, ...['web', 'cart'].flatMap((name) => cluster(name, side)), budget];
  writeFileSync(at('dump.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 4));
  writeFileSync(at('dump.yaml'), stringify({ apiVersion: 'v1', items, kind: 'List' }));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { selector: { matchLabels: { app: 'cart' } }, minAvailable: 1 },
  status: { disruptionsAllowed: 0 },
};

/** A Deployment, its ReplicaSet and a pod of it, as a cluster has them. */
function cluster(name: string, side: ReturnType<typeof sideOf>): unknown[] {
  const workload = {
    ...deployment(name),
    spec: { ...(deployment(name)['spec'] as object), strategy: { type: 'Recreate' } },
  };
  const made = podOfWorkload(workload);
  const outcome = made && outcomeOf(side, made.pod);
  if (made === undefined || outcome?.kind !== 'injected') throw new Error('not injected');
  const replicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-xxxxxxxxxx`,
      namespace: 'shop',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid: 'u', controller: true }],
    },
    spec: { template: { metadata: made.pod.metadata, spec: made.pod.spec } },
  };
  return [workload, replicaSet, { apiVersion: 'v1', kind: 'Pod', ...livePod(outcome.pod) }];
}

describe('outrigger diff', () => {
  const diff = (...args: string[]): ReturnType<typeof run> =>
    run(['diff', '--from', 'built-in', '--workloads', at('workloads'), ...args]);

  it('finds nothing between a configuration and itself', async () => {
    const { code, stdout, stderr } = await diff('--to', 'built-in');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/unchanged +2 +the same before and after\nall +2\n$/);
  });

  it.each([
    ['a folder of texts', 'new'],
    ['a rendered chart', 'chart'],
  ])('groups what %s changes', async (_title, to) => {
    const { code, stdout, stderr } = await diff('--to', at(to));
    expect([code, stderr]).toEqual([1, 'Error: 2 of 2 pods change\n']);
    expect(stdout).toContain('1. 2 pods injected differently');
    expect(stdout).toMatch(/~ spec\.initContainers\[istio-proxy\]\.image: ".*" → "new\.example\/istio\/proxyv2:.*"/);
    expect(stdout).toContain('Deployment shop/web, Deployment shop/cart');
    expect(stdout).not.toContain(secret);
  });

  it('tells lines of templates and sources with --detail', async () => {
    const { stdout } = await diff('--to', at('new'), '--detail');
    expect(stdout).toMatch(
      / {3}spec\.initContainers\[istio-proxy\]\.image\n {3}- .*\n {3}- {3}← sidecar:\d+ .*\(from values global\.hub/,
    );
  });

  it('writes JSON', async () => {
    const { stdout } = await diff('--to', at('new'), '-o', 'json', '--detail');
    const report = JSON.parse(stdout) as {
      results: object;
      groups: { count: number; changes: { path: string; toSource?: object }[] }[];
    };
    expect(report.results).toMatchObject({ changed: 2, unchanged: 0 });
    expect(report.groups[0]?.changes[0]).toHaveProperty('toSource');
    expect(stdout).not.toContain(secret);
  });

  it('gives each side its own control plane', async () => {
    const { code, stdout } = await diff('--to', 'built-in', '--to-env', 'ENABLE_NATIVE_SIDECARS=false');
    expect(code).toBe(1);
    expect(stdout).toContain('- spec.initContainers[istio-proxy]');
    expect(stdout).toContain('The control planes differ in ENABLE_NATIVE_SIDECARS: not set before, "false" after.');
    expect((await diff('--to', at('plane.yaml'))).stdout).toContain('ENABLE_NATIVE_SIDECARS: not set before, "false"');
    const same = ['--to-env', 'ENABLE_NATIVE_SIDECARS=false', '--from-env', 'ENABLE_NATIVE_SIDECARS=false'];
    expect((await diff('--to', 'built-in', ...same)).code).toBe(0);
    expect(await diff('--to', 'built-in', '--to-env', 'native')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('NAME=VALUE') as string,
    });
  });

  it('takes workloads from stdin', async () => {
    const { stdout } = await run(
      ['diff', '--from', 'built-in', '--to', at('new'), '--workloads', '-', '--objects', at('workloads')],
      stringify(deployment('x')),
    );
    expect(stdout).toContain('Deployment shop/x');
  });

  it.each<[string, string[], number, RegExp]>([
    [
      'a configuration that does not compile, with the place',
      ['--to', at('broken.yaml')],
      1,
      /^Error: .*broken\.yaml:\d+: configmap .*"nofunc" not defined/,
    ],
    ['a folder without configuration', ['--to', at('empty')], 1, /there is no ConfigMap istio-sidecar-injector/],
    ['a set that is not there', ['--to', at('none.yaml')], 1, /none\.yaml: no such file/],
    ['a forgotten --to', [], 2, /required option '--to <set>'/],
  ])('refuses %s', async (_title, args, code, message) => {
    const outcome = await diff(...args);
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringMatching(message)]);
  });

  it('says that it looked at nothing, and that stdin is one', async () => {
    expect(
      (await run(['diff', '--from', 'built-in', '--to', 'built-in', '--workloads', at('empty')])).stderr,
    ).toContain('there is no pod and no workload');
    expect((await run(['diff', '--from', '-', '--to', 'built-in', '--workloads', '-'])).code).toBe(2);
  });

  it('names the place in a file of several documents, and what to do', async () => {
    writeFileSync(at('several.yaml'), `${stringify(namespace)}---\nkind: Pod\nmetadata:\n  labels: {a\n`);
    const lines = stringify(namespace).split('\n').length - 1;
    const { code, stderr } = await run([
      'diff',
      '--from',
      'built-in',
      '--to',
      'built-in',
      '--workloads',
      at('several.yaml'),
    ]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`several.yaml:${lines + 5}:1: did not find expected`)]);
    expect(stderr).toContain('Close the map with "}"');
  });

  it('notes what it does not know', async () => {
    const { stdout } = await run(
      ['diff', '--from', 'built-in', '--to', 'built-in', '--workloads', '-'],
      stringify(deployment('x')),
    );
    expect(stdout).toContain('The labels of the namespace shop are not known');
  });
});

describe('outrigger audit', () => {
  const audit = (...args: string[]): ReturnType<typeof run> => run(['audit', '--pods', at('dump.json'), ...args]);

  it.each(['dump.json', 'dump.yaml'])('finds nothing where nothing changed: %s', async (file) => {
    const { code, stdout, stderr } = await run(['audit', '-c', 'built-in', '--pods', at(file)]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/current +2 +injected as today\nall +2\n$/);
  });

  it('lists stale pods with the reason, by workload', async () => {
    const { code, stdout, stderr } = await audit('-c', at('new'), '--detail');
    expect([code, stderr]).toEqual([1, 'Error: 2 of 2 pods are not as they would be made today\n']);
    expect(stdout).toContain("1. 2 pods stale: injected differently from what today's configuration makes");
    expect(stdout).toMatch(/\+ new\.example\/istio\/proxyv2:.*\n {3}\+ {3}← sidecar:\d+ .*values global\.hub/);
    expect(stdout).toContain('Deployment shop/web 1 pod: web-xxxxxxxxxx-x7k2p');
    expect(stdout).not.toContain(secret);
  });

  it('plans restarts that budgets allow, as a script in which all else is a comment', async () => {
    const { stdout } = await audit('-c', at('new'), '--plan');
    const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines).toEqual([
      'kubectl rollout restart deployment/web -n shop',
      'kubectl rollout status deployment/web -n shop --timeout=15m',
    ]);
    expect(stdout).toContain(
      '#   Deployment shop/cart: its restart makes 1 pod unavailable, and PodDisruptionBudget shop/cart allows 0 now',
    );
  });

  it('writes JSON, of the namespaces and fields asked for', async () => {
    const { stdout } = await audit('-c', at('new'), '-o', 'json', '--plan');
    expect(JSON.parse(stdout)).toMatchObject({
      pods: 2,
      verdicts: { stale: 2 },
      plan: { waves: [[{ name: 'web' }]], blocked: [{ name: 'cart' }] },
    });
    expect((await audit('-c', at('new'), '--ignore', 'spec.initContainers')).code).toBe(0);
    expect((await audit('-c', at('new'), '-n', 'other')).stderr).toContain('there is no pod to look at');
  });

  it("takes variables of today's control plane", async () => {
    expect((await audit('-c', 'built-in', '--env', 'ENABLE_NATIVE_SIDECARS=false')).code).toBe(1);
  });

  it('takes no wave without restarts', async () => {
    expect((await audit('-c', at('new'), '--plan', '--wave-size', '0')).code).toBe(2);
  });
});
