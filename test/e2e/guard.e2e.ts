/** The guard on a real API server: what kubectl shows, overrides, and a storm of updates while pods are injected. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInConfig, builtInValues } from '../../src/server/built-in-configuration.ts';
import { callHttps } from '../server/support/client.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';
import { reachableAt, renderChart, type ManifestObject } from './support/manifests.ts';
import { containerArgs } from './support/process.ts';
import { startReplicas, type Replica } from './support/replica.ts';
import { ApiClient, ApiError } from '../../src/cluster/client.ts';
import { loadCredentials } from '../../src/cluster/credentials.ts';

const namespace = 'istio-system';
const annotation = 'outrigger.dev/guard-override';
let cluster: ControlPlane;
let replica: Replica;
let objects: ManifestObject[];

const goodConfig = builtInConfig().text;
const goodValues = builtInValues().text;

interface Change {
  readonly config?: string;
  readonly values?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The injector's ConfigMap. */
const injectorMap = ({ config = goodConfig, values = goodValues, annotations = {} }: Change = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio-sidecar-injector', namespace, annotations },
  data: { config, values },
});

const meshMap = (mesh: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio', namespace },
  data: { mesh },
});

/** What kubectl says of an object. */
async function apply(object: object, ...flags: string[]): Promise<{ code: number; stderr: string }> {
  const file = join(cluster.folder, 'change.json');
  writeFileSync(file, JSON.stringify(object));
  return cluster.kubectl('apply', '--server-side', '--force-conflicts', '-f', file, ...flags);
}

/** The built-in configuration with another text in a place of its templates. */
function withChange(from: string, to: string): string {
  expect(goodConfig).toContain(from);
  return goodConfig.replaceAll(from, to);
}

const image = (tag: string): string => goodValues.replace(/"?tag"?:.*/, `tag: ${tag}`);

beforeAll(async () => {
  cluster = await startControlPlane();
  await cluster.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } },
  );
  objects = await renderChart({
    guard: { mode: 'deny', timeoutSeconds: 30 },
    sidecarInjectorWebhook: { failurePolicy: 'Fail' },
  });
  await cluster.apply(...objects);
  await cluster.apply(injectorMap());
  [replica] = (await startReplicas(
    cluster,
    1,
    containerArgs(objects).filter((arg) => arg !== 'serve' && !arg.startsWith('--last-good-file')),
  )) as [Replica];
  await cluster.apply(
    ...reachableAt(
      objects.filter(({ kind }) => kind === 'Service' || kind.endsWith('WebhookConfiguration')),
      replica.port,
    ),
  );
  await cluster.waitFor('the guard', async () => {
    const { stderr } = await apply(injectorMap({ config: 'templates: 3' }), '--dry-run=server');
    return stderr.includes('would break injection');
  });
});
afterAll(async () => {
  await replica.stop();
  await cluster.stop();
  rmSync(cluster.folder, { recursive: true, force: true });
});

/** The injector's ConfigMap is as at first, and in use. */
async function restore(): Promise<void> {
  await cluster.apply(injectorMap({ annotations: {} }));
  await cluster.waitFor('the first configuration', async () => (await injectedTag()) === goodTag);
}

const goodTag = /tag: "?([^"\s]+)/.exec(goodValues)?.[1] ?? '';

const review = JSON.stringify({
  kind: 'AdmissionReview',
  apiVersion: 'admission.k8s.io/v1',
  request: {
    uid: 'u',
    namespace: 'shop',
    object: { metadata: { name: 'a', namespace: 'shop' }, spec: { containers: [{ name: 'app', image: 'a:1' }] } },
  },
});

async function inject(): Promise<string> {
  const { body } = await callHttps(replica.https, {
    headers: { 'content-type': 'application/json' },
    body: review,
  });
  const { response } = JSON.parse(body) as { response: { patch?: string; status?: { message: string } } };
  return Buffer.from(response.patch ?? '', 'base64').toString() || (response.status?.message ?? '');
}

const injectedTag = async (): Promise<string | undefined> => /proxyv2:([\w.-]+)/.exec(await inject())?.[1];

const logged = (text: string): number => replica.log.filter((line) => JSON.stringify(line).includes(text)).length;

/** Mistakes, and what names their place. */
const mistakes: readonly (readonly [string, Change, RegExp])[] = [
  [
    'a missing end',
    { config: withChange('{{ end }}', '') },
    /configmap istio-system\/istio-sidecar-injector key config:\d+: template "sidecar": template: inject:\d+: /,
  ],
  [
    'a field that is not there',
    { config: withChange('{{ .ProxyImage }}', '{{ .ProxyImgae }}') },
    /template sidecar:\d+:\d+ \(configmap istio-system\/istio-sidecar-injector key config:\d+:\d+\): .*ProxyImgae[^]*Only key config changes/,
  ],
  [
    'an indentation that is no YAML',
    { config: withChange('      - name: istio-proxy\n', '     - name: istio-proxy\n') },
    /template \w+:\d+:\d+ .*did not find expected/s,
  ],
  [
    'a pod that Kubernetes refuses',
    { config: withChange('name: istio-envoy', 'name: istio_envoy') },
    /template \w+:\d+:\d+ .*lowercase RFC 1123 label/s,
  ],
  ['values of a wrong type', { values: 'global: [1]' }, /key values:\d+.*cannot unmarshal/s],
];

describe('the guard', () => {
  it('lets changes pass that only change pods', async () => {
    expect(await apply(injectorMap({ values: image('9.9.9') }))).toMatchObject({ code: 0, stderr: '' });
    await cluster.waitFor('the change', async () => (await injectedTag()) === '9.9.9');
    await restore();
  });

  it.each(mistakes)('refuses %s, and names the place', async (_name, change, words) => {
    const { code, stderr } = await apply(injectorMap(change));
    expect(code).not.toBe(0);
    expect(stderr).toContain('admission webhook "guard.outrigger.dev" denied the request: this change would break');
    expect(stderr).toMatch(words);
    expect(stderr).toContain(annotation);
    expect(await injectedTag()).toBe(goodTag);
  });

  it('refuses a ConfigMap without its key, and a mesh that is wrong', async () => {
    const { data, ...map } = injectorMap();
    const keyless = await apply({ ...map, data: { values: data.values, config: undefined } }, '--dry-run=server');
    expect(keyless.stderr).toMatch(/missing ConfigMap config key "config"|^$/);
    expect((await apply(meshMap('defaultConfig: {drainDuration: soon}'))).stderr).toMatch(/key mesh.*drain/is);
    expect(await apply(meshMap('accessLogFile: /dev/stdout'))).toMatchObject({ code: 0 });
  });

  it('lets an override pass with its reason, and logs that', async () => {
    const change = { values: 'global: [1]', annotations: { [annotation]: 'the incident of Monday' } };
    const { code, stderr } = await apply(injectorMap(change));
    expect(code).toBe(0);
    expect(stderr).toMatch(/Warning: outrigger guard: this change breaks injection: .*key values:\d/);
    expect(stderr).toContain('Warning: outrigger guard: overridden: the incident of Monday');
    await cluster.waitFor('the log', () => Promise.resolve(logged('the incident of Monday') === 1));
    // It got in, and the last good configuration stays.
    await cluster.waitFor('the refusal of the snapshot', () => Promise.resolve(logged('cannot unmarshal') > 0));
    expect(await injectedTag()).toBe(goodTag);
    expect((await apply(injectorMap({ values: 'global: [1]', annotations: { [annotation]: ' ' } }))).code).not.toBe(0);
    await restore();
  });

  it('tells how many pods a change touches', async () => {
    const pods = Array.from({ length: 12 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `web-${index}`, namespace: 'shop' },
      spec: { containers: [{ name: 'app', image: 'a:1' }] },
    }));
    await cluster.waitForServiceAccount('shop');
    await cluster.apply(...pods);
    // The sample is a minute old at most.
    const second = await startReplicas(
      cluster,
      1,
      containerArgs(objects).filter((arg) => arg !== 'serve' && !arg.startsWith('--last-good-file')),
    );
    const port = replica.port;
    try {
      await cluster.apply(...reachableAt(guardOf(objects), second[0]?.port ?? 0));
      await cluster.waitFor('the other replica', async () => {
        const { stderr } = await apply(injectorMap({ values: image('8.8.8') }), '--dry-run=server');
        return /changes 12 of 12 pods sampled: .*image/.test(stderr);
      });
    } finally {
      await cluster.apply(...reachableAt(guardOf(objects), port));
      await second[0]?.stop();
    }
  });

  it('allows with a warning when it has no time', async () => {
    const body = JSON.stringify({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      request: {
        uid: 'u',
        name: 'istio-sidecar-injector',
        namespace,
        operation: 'UPDATE',
        object: injectorMap({ values: image('7.7.7') }),
      },
    });
    const headers = { 'content-type': 'application/json' };
    const ask = () => callHttps(replica.https, { path: '/config?timeout=600ms', headers, body });
    let answer = await ask();
    // A busy machine may have no time for the request at all.
    await cluster.waitFor('an answer', async () => answer.status === 200 || (answer = await ask()).status === 200);
    const { response } = JSON.parse(answer.body) as { response: { allowed: boolean; warnings: string[] } };
    expect(response.allowed).toBe(true);
    expect(response.warnings.join()).toMatch(/not all of this change was checked/);
  });
});

const guardOf = (all: readonly ManifestObject[]): ManifestObject[] =>
  all.filter(({ metadata }) => metadata.name === 'outrigger-guard');

describe('a storm of updates', () => {
  const rounds = Number(process.env['OUTRIGGER_STORM'] ?? 500);
  const good = ['1.0.1', '1.0.2', '1.0.3', goodTag];
  const answers: string[] = [];
  let loading = true;

  /** Injections, four at a time, for as long as the storm lasts. */
  async function injectForever(): Promise<void> {
    while (loading) answers.push(await inject());
  }

  it(`never changes an answer to that of a bad configuration`, { timeout: 1_500_000 }, async () => {
    const client = new ApiClient(await loadCredentials(cluster.kubeconfig, {}));
    const configMaps = { group: '', version: 'v1', resource: 'configmaps', namespace };
    const store = async (change: Change): Promise<boolean> => {
      try {
        await client.apply(configMaps, injectorMap(change), { fieldManager: 'storm', force: true });
        return true;
      } catch (error) {
        if (error instanceof ApiError) return false;
        throw error;
      }
    };
    // One answer of each good configuration.
    const expected = new Set<string>();
    for (const tag of good) {
      await store({ values: image(tag) });
      await cluster.waitFor(tag, async () => (await injectedTag()) === tag);
      expected.add(await inject());
    }
    const load = Promise.all(Array.from({ length: 4 }, () => injectForever()));
    const counts = { good: 0, refused: 0, stored: 0 };
    const start = performance.now();
    try {
      for (let round = 0; round < rounds; round++) {
        // Halfway the guard is taken away: what breaks the configuration as a whole gets in.
        if (round === Math.floor(rounds / 2)) {
          await cluster.kubectl('delete', 'validatingwebhookconfiguration', 'outrigger-guard');
        }
        const isGuarded = round < Math.floor(rounds / 2);
        const isBad = round % 2 === 1;
        const bad = isGuarded ? mistakes : mistakes.filter(([name]) => /end|type/.test(name));
        const [, mistake] = bad[(round >> 1) % bad.length] as (typeof mistakes)[number];
        const stored = await store(isBad ? mistake : { values: image(good[(round >> 1) % good.length] ?? '') });
        if (isGuarded) expect(stored, `round ${round}`).toBe(!isBad);
        if (!isBad) counts.good += 1;
        else if (stored) counts.stored += 1;
        else counts.refused += 1;
      }
    } finally {
      loading = false;
      await load;
    }
    const seconds = (performance.now() - start) / 1000;
    expect(answers.filter((answer) => !expected.has(answer))).toEqual([]);
    expect(answers.length).toBeGreaterThan(rounds / 5);
    process.stderr.write(
      `storm: ${counts.good} good, ${counts.refused} bad refused, ${counts.stored} bad stored in ${seconds.toFixed(0)} s; ` +
        `${answers.length} injections, each of a good configuration\n`,
    );
    client.close();
  });
});
