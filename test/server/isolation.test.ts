import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { createInjector, type Injector } from '../../src/injection/index.ts';
import { Isolation } from '../../src/server/isolation/isolation.ts';
import type { IsolationLimits } from '../../src/server/isolation/limits.ts';
import type { Processed } from '../../src/server/isolation/process.ts';
import { templateContext } from '../../src/server/template-context.ts';
import { RequestRefused } from '../../src/server/webhook.ts';
import { podReview } from './support/fixtures.ts';

/** Adds a container named after the configuration; what the annotation `work` asks for takes its time. */
const template = (name: string): string => `
metadata:
  labels:
    made-by: ${name}
spec:
  containers:
  - name: sidecar
    image: {{ env "IMAGE" "none" }}
{{- range until (atoi (or (index .ObjectMeta.Annotations "work") "0")) }}{{ range until 1000 }}{{ end }}{{ end }}
{{- if eq (index .ObjectMeta.Annotations "memory") "all" }}
{{- range until 100 }}{{ $x := until 1000000 }}{{ end }}{{ end }}
`;

function injectorNamed(name: string): Injector {
  const indented = template(name).replaceAll('\n', '\n    ');
  const config = `policy: enabled\ndefaultTemplates: [t]\ntemplates:\n  t: |${indented}\n`;
  return createInjector({ config, values: '{}', context: templateContext({ IMAGE: 'image:1' }) });
}

const small = podReview();
const large = podReview({ annotations: { filler: 'ü'.repeat(40_000) } });
/** Short, and 3 million steps. */
const expensive = podReview({ annotations: { work: '3000' } });
/** Short, and more steps than a template may take. */
const endless = podReview({ annotations: { work: '1000000' } });

/** Short, and takes any memory there is. */
const greedyPod = podReview({ annotations: { memory: 'all' } });
const smallHeap = { old: 24, young: 2 };

let open: Isolation[] = [];
afterEach(async () => {
  await Promise.all(open.map((isolation) => isolation.close()));
  open = [];
});

interface Setting {
  readonly isolation: Isolation;
  readonly warnings: string[];
  readonly use: (injector: Injector, generation?: number) => void;
  readonly inject: (body: string, timeout?: number) => Promise<Processed<'inject'>>;
  /** Values of our metrics that are not 0, by name and labels. */
  readonly metrics: () => Promise<Record<string, number>>;
}

function isolate(limits: Partial<IsolationLimits> = {}): Setting {
  let snapshot: { injector: Injector; generation?: number } = { injector: injectorNamed('first') };
  const registry = new Registry();
  const warnings: string[] = [];
  const log = { warn: (_fields: object, message: string) => warnings.push(message) };
  const isolation = new Isolation({ snapshot: () => snapshot, registry, log, limits: { workers: 1, ...limits } });
  open.push(isolation);
  return {
    isolation,
    warnings,
    use: (injector, generation) => (snapshot = { injector, generation }),
    inject: async (body, timeout) => isolation.process('inject', { body: Buffer.from(body), path: '/inject', timeout }),
    metrics: async () => {
      const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      const values = lines.map((line) => [
        line.slice('outrigger_isolation_'.length).split(' ')[0],
        Number(line.split(' ').at(-1)),
      ]);
      return Object.fromEntries(values.filter(([, value]) => value !== 0)) as Record<string, number>;
    },
  };
}

const textOf = ({ text }: Processed<'inject'>): string => Buffer.from(text as Uint8Array).toString();

describe('a request', () => {
  it('that is short is answered at once, by the thread that was asked', async () => {
    const { isolation, metrics } = isolate();
    const answer = isolation.process('inject', { body: Buffer.from(small), path: '/inject' });
    expect(answer).toMatchObject({ text: injectorNamed('first').answer(small, '/inject').text });
    expect(await metrics()).toEqual({});
  });

  it.each([
    ['that is long', large],
    ['in YAML', 'kind: AdmissionReview\napiVersion: admission.k8s.io/v1\n'],
    ['that is nothing', ' '],
    ['that is short and expensive', expensive],
  ])('%s is answered by a worker, with the same text and report', async (_what, body) => {
    const { inject, metrics } = isolate();
    const expected = injectorNamed('first').answer(body, '/inject');
    const answer = await inject(body);
    expect(answer.text).toBeInstanceOf(Uint8Array);
    expect(textOf(answer)).toBe(expected.text);
    expect(answer.outcome).toEqual({ report: expected.report, revision: 'default' });
    expect(await metrics()).toMatchObject({ 'requests_total{outcome="answered"}': 1, workers: 1 });
  });

  it('that turns out expensive is counted, and the event loop goes on meanwhile', async () => {
    const { inject, metrics } = isolate();
    await inject(large);
    // Of this thread alone, whatever else the machine does; all of it would take two seconds.
    const before = process.threadCpuUsage();
    const answer = inject(endless);
    expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(1_000);
    expect((await answer).outcome.report).toMatchObject({ outcome: 'denied', reason: 'template-failed' });
    expect(await metrics()).toMatchObject({ 'moved_total{webhook="inject"}': 1 });
  });

  it('of another webhook is answered the same by a worker', async () => {
    const { isolation } = isolate({ longestInlineBody: 0 });
    const { isolation: inline } = isolate();
    for (const task of ['validate', 'workloads'] as const) {
      const [here, there] = await Promise.all(
        [inline, isolation].map((one) => one.process(task, { body: Buffer.from(small), path: `/${task}` })),
      );
      expect(Buffer.from(there?.text ?? '').toString()).toBe(here?.text);
      expect(there?.outcome).toEqual(here?.outcome);
    }
  });
});

describe('the configuration of a worker', () => {
  it('is the one in use when the request came, whatever comes meanwhile', async () => {
    const { inject, use } = isolate({ longestInlineBody: 0 });
    const answers: Promise<Processed<'inject'>>[] = [];
    for (const name of ['one', 'two', 'three', 'four']) {
      use(injectorNamed(name), answers.length);
      answers.push(inject(large), inject(expensive));
    }
    const patches = (await Promise.all(answers)).map((answer) => {
      const { response } = JSON.parse(textOf(answer)) as {
        response: { patch: string; auditAnnotations: Record<string, string> };
      };
      const made = /"made-by":"(\w+)"|made-by","value":"(\w+)"/.exec(Buffer.from(response.patch, 'base64').toString());
      return [made?.[1] ?? made?.[2], response.auditAnnotations['configuration-generation']];
    });
    expect(patches).toEqual([
      ['one', '0'],
      ['one', '0'],
      ['two', '2'],
      ['two', '2'],
      ['three', '4'],
      ['three', '4'],
      ['four', '6'],
      ['four', '6'],
    ]);
  });

  it('follows changes of the cluster alone, names such as `constructor` being no keys', async () => {
    const { inject, use } = isolate({ longestInlineBody: 0 });
    const first = injectorNamed('first');
    const namespace = { labels: Object.create(null) as Record<string, string>, annotations: {} };
    const cluster = {
      namespaces: new Map([['shop', namespace]]),
      nodes: new Map([['n', 'v1.30.0']]),
      proxyConfigs: [],
    };
    const second = first.withClusterObjects(cluster);
    for (const injector of [first, second, first]) {
      use(injector);
      expect(textOf(await inject(large))).toBe(injector.answer(large, '/inject').text);
    }
  });
});

describe('a worker', () => {
  it('that runs out of memory costs the request that did it, and is replaced', async () => {
    const { inject, metrics } = isolate({ longestInlineBody: 0, heap: smallHeap, firstBackOff: 1 });
    const greedy = inject(greedyPod);
    const waiting = inject(small);
    await expect(greedy).rejects.toThrow('the worker ended');
    expect((await waiting).outcome.report.outcome).toBe('injected');
    expect(await metrics()).toMatchObject({
      'requests_total{outcome="crashed"}': 1,
      'requests_total{outcome="answered"}': 1,
      'worker_deaths_total{cause="crash"}': 1,
      workers: 1,
    });
  });

  it('that crashes again and again is started after ever longer times', async () => {
    const { inject } = isolate({ longestInlineBody: 0, heap: smallHeap, firstBackOff: 200 });
    const started = performance.now();
    for (let crash = 0; crash < 3; crash += 1) await expect(inject(greedyPod)).rejects.toThrow('the worker ended');
    expect(performance.now() - started).toBeGreaterThan(200 + 400);
  });

  it('ends when it has had nothing to do for a while, and another is started when it is needed', async () => {
    const { inject, metrics } = isolate({ idleTime: 20 });
    await inject(large);
    while ((await metrics())['workers'] === 1) await sleep(10);
    expect((await inject(large)).outcome.report.outcome).toBe('injected');
    expect(await metrics()).toEqual({ 'requests_total{outcome="answered"}': 2, workers: 1 });
  });

  it('works beside others, up to their number', async () => {
    const { inject, metrics } = isolate({ workers: 2 });
    await Promise.all([inject(large), inject(large), inject(large)]);
    expect(await metrics()).toMatchObject({ workers: 2, 'requests_total{outcome="answered"}': 3 });
  });
});

describe('the time that a client waits', () => {
  const refusal = (reason: string) => (error: unknown) => {
    expect(error).toBeInstanceOf(RequestRefused);
    expect(error).toMatchObject({ reason });
  };

  it('ends work that has not begun: it never will', async () => {
    const { inject, metrics } = isolate();
    const first = inject(endless);
    await inject(large, 1).then(() => expect.unreachable(), refusal('deadline'));
    await first;
    expect(await metrics()).toMatchObject({
      'requests_total{outcome="dropped"}': 1,
      'requests_total{outcome="answered"}': 1,
    });
  });

  it('ends templates that are being executed, and the worker stays', async () => {
    const { inject, metrics } = isolate({ overrun: 60_000 });
    await inject(large);
    await inject(endless, 200).then(() => expect.unreachable(), refusal('deadline'));
    expect((await inject(large)).outcome.report.outcome).toBe('injected');
    expect(await metrics()).toEqual({
      'moved_total{webhook="inject"}': 1,
      'requests_total{outcome="overdue"}': 1,
      'requests_total{outcome="answered"}': 2,
      workers: 1,
    });
  });

  it('ends a worker that does not end by itself', async () => {
    // Timers of the same moment fire in any order, so the second one is a little later.
    const { inject, metrics, warnings } = isolate({ overrun: 10 });
    const annotations = Object.fromEntries(Array.from({ length: 150_000 }, (_, i) => [`example.com/a-${i}`, 'value']));
    await inject(podReview({ annotations }), 30).then(() => expect.unreachable(), refusal('deadline'));
    while ((await metrics())['worker_deaths_total{cause="overrun"}'] === undefined) await sleep(10);
    expect(warnings).toEqual(['a worker thread is ended since it went on after a deadline']);
    expect((await inject(large)).outcome.report.outcome).toBe('injected');
    expect(await metrics()).toMatchObject({ 'requests_total{outcome="overdue"}': 1 });
  });
});

describe('the queue', () => {
  it('refuses what it has no room for', async () => {
    const { inject, metrics } = isolate({ queueLength: 2 });
    const answers = [inject(large), inject(large), inject(large)];
    await expect(inject(large)).rejects.toMatchObject({ reason: 'overload', status: 503 });
    await Promise.all(answers);
    expect(await metrics()).toMatchObject({
      'requests_total{outcome="refused"}': 1,
      'requests_total{outcome="answered"}': 3,
    });
  });

  it('counts bytes as well', async () => {
    const { inject } = isolate({ queueBytes: 100_000 });
    const answers = [inject(large), inject(large)];
    await expect(inject(large)).rejects.toMatchObject({ reason: 'overload' });
    await Promise.all(answers);
  });

  it('is given up when the server ends', async () => {
    const { isolation, inject } = isolate();
    const answers = [inject(large), inject(large)];
    const settled = Promise.allSettled(answers);
    await isolation.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(inject(large)).rejects.toMatchObject({ reason: 'overload' });
  });
});
