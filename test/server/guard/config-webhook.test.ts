import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { guardCluster } from '../../../src/cluster/guard.ts';
import type { ApiClient } from '../../../src/cluster/client.ts';
import { createConfigWebhook, type GuardMode } from '../../../src/server/guard/config-webhook.ts';
import { examine, type Examination, type ExaminationInput } from '../../../src/server/guard/examination.ts';
import { mendedWarning, sentAgainWarning } from '../../../src/server/guard/words.ts';
import type { JsonRecord } from '../../../src/yaml/index.ts';

const config = (image: string): string => `policy: enabled
templates:
  sidecar: |
    spec:
      containers:
      - name: istio-proxy
        image: ${image}
`;
const values = '{"global":{"proxy":{"image":"proxyv2"},"hub":"h","tag":"t"}}';
const good = config('{{ .ProxyImage }}');

const source = (name: string, texts: Record<string, string> | undefined) => ({ name: `istio-system/${name}`, texts });
const inUse = {
  config: { file: 'configmap istio-system/istio-sidecar-injector key config', text: good },
  values: { file: 'configmap istio-system/istio-sidecar-injector key values', text: values },
  mesh: [],
};

interface Review {
  readonly name?: string;
  readonly data?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A guard of a cluster with one configuration and some pods. */
function guard(mode: Exclude<GuardMode, 'off'> = 'deny', pods: readonly JsonRecord[] = []) {
  const lines: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) });
  const registry = new Registry();
  const cluster = guardCluster({
    client: { list: () => Promise.resolve({ items: pods }) } as unknown as ApiClient,
    now: () => ({
      configMaps: {
        injector: source('istio-sidecar-injector', { config: good, values }),
        own: source('outrigger', undefined),
        mesh: source('istio', undefined),
        shared: undefined,
      },
      inUse,
      objects: [],
    }),
    builtIn: inUse,
    revision: 'default',
    clusterId: 'Kubernetes',
    variables: {},
    log: { warn: (message) => lines.push(message) },
  });
  const webhook = createConfigWebhook(mode, cluster, registry, logger);
  closing.push(webhook.close);
  const ask = async (
    { name = 'istio-sidecar-injector', data = { config: good, values }, annotations = {} }: Review,
    timeout = 120_000,
  ) => {
    const request = {
      uid: 'u',
      name,
      namespace: 'istio-system',
      operation: 'UPDATE',
      object: { metadata: { name, annotations }, data },
    };
    const body = JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request });
    const text = await webhook.answer({
      body: Buffer.from(body),
      path: '/config',
      timeout,
    });
    const { response } = JSON.parse(String(text)) as {
      response: { allowed: boolean; status?: { message: string }; warnings?: string[] };
    };
    return response;
  };
  return { ask, lines, registry, cluster };
}

const broken = { config: config('{{ .Nothing }}'), values };

describe('/config', () => {
  it('says nothing of what changes nothing, and of other ConfigMaps', async () => {
    const { ask } = guard();
    expect(await ask({})).toEqual({ uid: 'u', allowed: true });
    expect(await ask({ name: 'other', data: broken })).toEqual({ uid: 'u', allowed: true });
  });

  it('refuses what breaks injection, with template, line and column, and the place in the key', async () => {
    const { status, allowed } = await guard().ask({ data: broken });
    expect(allowed).toBe(false);
    expect(status?.message).toMatch(/^this change would break injection/);
    expect(status?.message).toContain(
      '- template sidecar:4:15 (configmap istio-system/istio-sidecar-injector key config:7:19): failed to run injection template',
    );
    expect(status?.message).toContain('image: {{ .Nothing }}');
    expect(status?.message).toContain('Only key config changes; it was tried with key values as it is now.');
    expect(status?.message).toContain('outrigger.dev/guard-override');
  });

  it('refuses texts that cannot be loaded, with the place', async () => {
    const { ask } = guard();
    expect((await ask({ data: { config: good, values: 'global: [1]' } })).status?.message).toContain('key values:1: ');
    expect((await ask({ data: { config: config('{{ if }}'), values } })).status?.message).toContain('key config:7');
    expect((await ask({ data: { values } })).status?.message).toContain('missing ConfigMap config key "config"');
    expect((await ask({ name: 'istio', data: { mesh: 'defaultConfig: 3' } })).status?.message).toContain('key mesh');
  });

  it('only tells of it when it is asked to warn', async () => {
    const { allowed, warnings } = await guard('warn').ask({ data: broken });
    expect(allowed).toBe(true);
    expect(warnings?.[0]).toMatch(/^outrigger guard: this change breaks injection: template sidecar:4:15: /);
  });

  it('lets an override with a reason pass, and logs the reason', async () => {
    const { ask, lines } = guard();
    const annotation = 'outrigger.dev/guard-override';
    const { allowed, warnings } = await ask({ data: broken, annotations: { [annotation]: 'ticket 1' } });
    expect(allowed).toBe(true);
    expect(warnings).toContain('outrigger guard: overridden: ticket 1');
    expect(lines.join()).toContain('"reason":"ticket 1"');
    expect((await ask({ data: broken, annotations: { [annotation]: '' } })).allowed).toBe(false);
  });

  it('allows with a warning when there is no time', async () => {
    const { allowed, warnings } = await guard().ask({ data: broken }, 550);
    expect(allowed).toBe(true);
    expect(warnings?.[0]).toContain('not all of this change was checked');
  });

  it('counts the pods of the cluster that a change touches', async () => {
    const status = JSON.stringify({ containers: ['istio-proxy'], initContainers: null, volumes: null });
    const pod = (index: number): JsonRecord => ({
      metadata: { name: `web-${index}`, namespace: 'shop', annotations: { 'sidecar.istio.io/status': status } },
      spec: {
        containers: [
          { name: 'istio-proxy', image: 'h/proxyv2:t' },
          { name: 'app', image: 'a' },
        ],
      },
    });
    const { ask, registry } = guard('deny', [pod(1), pod(2), { metadata: { name: 'bare' }, spec: { containers: [] } }]);
    const { allowed, warnings } = await ask({ data: { config: config('other:1'), values } });
    expect(allowed).toBe(true);
    expect(warnings).toEqual([
      'outrigger guard: changes 2 of 2 pods sampled: image; running pods stay as they are until they restart',
    ]);
    expect(await registry.metrics()).toContain('outrigger_guard_reviews_total{verdict="allowed"} 1');
  });

  it('takes what is no review for nothing it may allow', async () => {
    const webhook = createConfigWebhook('deny', guard().cluster, new Registry(), pino({ enabled: false }));
    closing.push(webhook.close);
    const text = await webhook.answer({ body: Buffer.from('{}'), path: '/config' });
    expect(JSON.parse(String(text))).toMatchObject({ response: { allowed: false } });
  });
});

describe('an examination', () => {
  const input = (text: string, more: Partial<ExaminationInput> = {}): ExaminationInput => ({
    texts: { ...inUse, config: { ...inUse.config, text } },
    inUse,
    objects: [],
    revision: 'default',
    clusterId: 'Kubernetes',
    variables: {},
    pods: [],
    timeLeft: 120_000,
    ...more,
  });

  it('finds what fails for a pod of the cluster alone', () => {
    const text = config('{{ if eq .ObjectMeta.Name "special" }}{{ fail "no" }}{{ end }}a:1');
    const status = JSON.stringify({ containers: ['istio-proxy'] });
    const pods = [
      {
        metadata: { name: 'special', namespace: 'shop', annotations: { 'sidecar.istio.io/status': status } },
        spec: { containers: [{ name: 'istio-proxy', image: 'h/proxyv2:t' }] },
      },
    ];
    const { problems } = examine(input(text, { pods }));
    expect(problems).toMatchObject([{ pod: 'seen with the pod shop/special of the cluster' }]);
  });

  it('tells of pods that are injected now and cannot be sent again, which are no problem of new ones', () => {
    const withPort = (port: number): string => `${good}        ports: [{name: metrics, containerPort: ${port}}]\n`;
    const texts = { ...inUse, config: { ...inUse.config, text: withPort(15090) } };
    const { problems, sentAgain } = examine(input(withPort(7), { inUse: texts }));
    expect(problems).toEqual([]);
    expect(sentAgain).toMatchObject([{ message: expect.stringContaining('Duplicate value: "metrics"') as string }]);
    expect(sentAgainWarning({ problems, sentAgain } as Examination)).toMatch(/^outrigger guard: pods .*"metrics"$/);
    expect(examine(input(good)).sentAgain).toEqual([]);
    expect(sentAgainWarning({ problems, sentAgain: [] } as unknown as Examination)).toBeUndefined();
  });

  it('tells of pods that are valid only by what is injected', () => {
    const mending = `${good}    metadata: {labels: {$patch: replace}}\n`;
    const texts = { ...inUse, config: { ...inUse.config, text: mending } };
    const { problems, sentAgain, mended } = examine(input(good, { inUse: texts }));
    expect([problems, sentAgain]).toEqual([[], []]);
    expect(mended).toMatchObject([{ message: expect.stringContaining('metadata.labels') as string }, {}]);
    expect(mendedWarning({ problems, mended } as unknown as Examination)).toMatch(
      /^outrigger guard: pods that are valid/,
    );
    expect(mendedWarning({ problems } as unknown as Examination)).toBeUndefined();
  });

  it('ends when its time is over, with what it has found', () => {
    const { isComplete, problems } = examine(
      input(config('{{ range until 5000 }}{{ range until 5000 }}{{ end }}{{ end }}a'), { timeLeft: 300 }),
    );
    expect(isComplete).toBe(false);
    expect(problems).toEqual([]);
  });

  it('works without a configuration in use', () => {
    expect(examine({ ...input(good), inUse: undefined } as ExaminationInput).problems).toEqual([]);
    const { problems } = examine({ ...input(config('{{ .Nothing }}')), inUse: undefined } as ExaminationInput);
    expect(problems[0]?.template).toBe('sidecar:4:15');
  });
});
