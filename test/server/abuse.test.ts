/** Whatever a request holds: it is answered or refused within bounds, and others are served meanwhile. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';
import { maxBodyBytes } from '../../src/server/limits.ts';
import { startServer, type RunningServer } from '../../src/server/start.ts';
import { patchOf, responseOf, sendWhileOthersAreServed } from './support/abuse.ts';
import { podReview, recorder, configurationFolder, serverOptions } from './support/fixtures.ts';

const log = recorder();
let server: RunningServer;

/** On the built-in templates, which read more of a pod than small ones do. */
beforeAll(async () => {
  const options = await serverOptions(configurationFolder());
  const builtIn = { injectConfig: undefined, injectValues: undefined, meshConfig: undefined, objects: [] };
  server = await startServer({ ...options, ...builtIn }, {}, await createLogger(log));
});
afterAll(() => server.stop());

const send = (body: string | Buffer, path = '/inject') => sendWhileOthersAreServed(server.https, { path, body });

/** `count` entries, by name. */
function many(count: number, value: string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, value]));
}

/** The sample pod with a piece of JSON text in its metadata. */
const withText = (metadata: string): string => podReview().replace('"metadata":{', `"metadata":{${metadata},`);

const aliasBomb = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefghij'].map((name, index) => {
    const previous = `*${'abcdefghi'.charAt(index)}`;
    return `${name}: &${name} [${Array.from({ length: 10 }, () => previous).join(', ')}]`;
  }),
].join('\n');

const annotations = (values: Record<string, string>): string => podReview({ annotations: values });

describe('a pod with', () => {
  it.each([
    [
      'aliases of aliases in its proxy config',
      annotations({ 'proxy.istio.io/config': aliasBomb }),
      /excessive aliasing/,
    ],
    ['lists in lists in its proxy config', annotations({ 'proxy.istio.io/config': '['.repeat(20_000) }), /depth/],
    ['maps in maps in its proxy config', annotations({ 'proxy.istio.io/config': '{a: '.repeat(20_000) }), /./],
    ['a deep list of dashes', annotations({ 'proxy.istio.io/config': `${'- '.repeat(20_000)}x` }), /depth/],
    [
      'a proxy config with a null byte',
      annotations({ 'proxy.istio.io/config': 'concurrency: 1\u0000' }),
      /control character|./,
    ],
    [
      'a template that is named by commas',
      annotations({ 'inject.istio.io/templates': ','.repeat(50_000) }),
      /not found/,
    ],
    ['labels of the wrong type', withText('"labels":{"__proto__":{"x":1}}'), /cannot unmarshal object/],
    ['a name of the wrong type', withText('"generation":"__proto__"'), /cannot unmarshal string/],
  ])('%s is denied', async (_what, body, message) => {
    const { answer } = await send(body);
    expect(answer.status).toBe(200);
    expect(responseOf(answer)).toMatchObject({ allowed: false });
    expect(responseOf(answer).status?.message).toMatch(message);
  });

  it.each([
    ['20,000 labels', podReview({ labels: many(20_000, 'v') })],
    ['20,000 annotations', podReview({ annotations: many(20_000, 'v') })],
    ['an annotation of 4 MiB', annotations({ x: 'y'.repeat(4 * 1024 * 1024) })],
    [
      '5,000 excluded ports',
      annotations({
        'traffic.sidecar.istio.io/excludeInboundPorts': Array.from({ length: 5000 }, (_, port) => port + 1).join(','),
      }),
    ],
    [
      '10,000 environment variables',
      podReview(
        {},
        { containers: [{ name: 'app', env: Object.keys(many(10_000, '')).map((name) => ({ name, value: 'v' })) }] },
      ),
    ],
    [
      'unknown fields that nest',
      podReview().replace('"image":"app"', `"image":"app","unknown":${'['.repeat(5000)}${']'.repeat(5000)}`),
    ],
    [
      'names of built-in properties',
      withText(
        '"labels":{"__proto__":"a","constructor":"b","toString":"c","hasOwnProperty":"d"},"annotations":{"__proto__":"e","valueOf":"f"}',
      ),
    ],
    [
      'such names in its node selector',
      podReview({}, { nodeSelector: JSON.parse('{"__proto__":"a","constructor":"b"}') as object }),
    ],
    ['null bytes in its labels', podReview({ labels: { 'a\u0000b': 'c\u0000' } })],
    ['half of a surrogate pair', withText('"labels":{"a":"\\ud800x"}')],
    ['keys that are there twice', withText('"labels":{"a":"1","a":"2"},"name":"first"')],
  ])('%s is injected', async (_what, body) => {
    const { answer } = await send(body);
    expect(responseOf(answer)).toMatchObject({ allowed: true });
    expect(patchOf(answer)).toContain('istio-proxy');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('the last one of keys that are there twice is the pod that everybody sees', async () => {
    await send(withText('"labels":{"sidecar.istio.io/inject":"true","sidecar.istio.io/inject":"false"}'));
    const { answer } = await send(
      withText('"labels":{"sidecar.istio.io/inject":"true","sidecar.istio.io/inject":"false"}'),
    );
    expect(responseOf(answer)).toEqual({ uid: 'uid-1', allowed: true });
  });

  it('bytes that are no UTF-8 is answered as if they were U+FFFD', async () => {
    const [before, after] = withText('"labels":{"a":"BYTES"}').split('BYTES');
    const body = Buffer.concat([
      Buffer.from(before ?? ''),
      Buffer.from([0xff, 0xfe, 0xe4, 0xb8]),
      Buffer.from(after ?? ''),
    ]);
    const { answer } = await send(body);
    const { answer: same } = await send(withText(`"labels":{"a":"${'\uFFFD'.repeat(4)}"}`));
    expect(answer.body).toBe(same.body);
  });
});

describe('a body that', () => {
  it.each([
    ['opens lists without end', '['.repeat(1_000_000)],
    ['opens objects without end', '{"a":'.repeat(200_000)],
    ['nests deeper than Go reads', `{"kind":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['is YAML with aliases of aliases', aliasBomb],
    ['is YAML that nests', `${'- '.repeat(100_000)}x`],
    [
      'is YAML with 20,000 keys',
      Object.keys(many(20_000, ''))
        .map((key) => `${key}: v`)
        .join('\n'),
    ],
    ['is YAML with one key many times', 'key: v\n'.repeat(20_000)],
    [
      'is YAML with many merges',
      `a: &a {x: 1}\n${Object.keys(many(5000, ''))
        .map((key) => `${key}: {<<: *a}`)
        .join('\n')}`,
    ],
    ['consists of null bytes', '\u0000'.repeat(100_000)],
    ['ends too early', podReview().slice(0, -1)],
    ['goes on after its end', `${podReview()}{}`],
  ])('%s is denied with a reason', async (_what, body) => {
    for (const path of ['/inject', '/validate', '/workloads']) {
      const { answer } = await send(body, path);
      expect(answer.status).toBe(200);
      const { allowed, status } = responseOf(answer);
      // Nothing of what /workloads says may stop a Deployment.
      if (path !== '/workloads')
        expect({ allowed, message: status?.message }).toEqual({
          allowed: false,
          message: expect.any(String) as string,
        });
    }
  });

  it('is as long as allowed, or longer, is answered or refused', async () => {
    expect((await send(`{${' '.repeat(maxBodyBytes - 2)}}`)).answer.status).toBe(200);
    expect((await send(`{${' '.repeat(maxBodyBytes)}}`)).answer.status).toBe(400);
  });
});

describe('a configuration resource with', () => {
  const review = (kind: string, spec: string): string =>
    `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u","operation":"CREATE","kind":{"group":"networking.istio.io","version":"v1","kind":"${kind}"},
     "object":{"apiVersion":"networking.istio.io/v1","kind":"${kind}","metadata":{"name":"a","namespace":"b"},"spec":${spec}}}}`;
  const route = '{"route":[{"destination":{"host":"x"}}]}';
  const subsetWith = (labels: string): string => `{"host":"a","subsets":[{"name":"s","labels":{${labels}}}]}`;
  const repeated = (text: (index: number) => string, count: number): string =>
    Array.from({ length: count }, (_, index) => text(index)).join(',');

  it.each([
    [
      '2,000 routes',
      'VirtualService',
      `{"hosts":["a.b"],"http":[${repeated((index) => route.replace('{', `{"match":[{"uri":{"prefix":"/${index}"}}],`), 2000)}]}`,
      true,
    ],
    [
      '5,000 hosts',
      'VirtualService',
      `{"hosts":[${repeated((index) => `"h${index}.b"`, 5000)}],"http":[${route}]}`,
      true,
    ],
    [
      'a regular expression that repeats',
      'VirtualService',
      `{"hosts":["a.b"],"http":[${route.replace('{', '{"match":[{"uri":{"regex":"((a{1000}){1000}){1000}"}}],')}]}`,
      false,
    ],
    [
      'a regular expression without end',
      'VirtualService',
      `{"hosts":["a.b"],"http":[${route.replace('{', `{"match":[{"uri":{"regex":"${'a?'.repeat(100_000)}"}}],`)}]}`,
      false,
    ],
    [
      '2,000 times the same fault',
      'DestinationRule',
      `{"host":"a","subsets":[${repeated(() => '{"name":"s","labels":{"a":"b"}}', 2000)}]}`,
      false,
    ],
    [
      'structures that nest',
      'EnvoyFilter',
      `{"configPatches":[{"applyTo":"CLUSTER","patch":{"operation":"MERGE","value":${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}}}]}`,
      false,
    ],
    [
      'names of built-in properties',
      'VirtualService',
      `{"hosts":["a.b"],"__proto__":{"x":1},"constructor":{},"http":[${route}]}`,
      true,
    ],
    ['a label that is called as every object is made', 'DestinationRule', subsetWith('"constructor":"x"'), true],
    ['a label that no Kubernetes label may be called', 'DestinationRule', subsetWith('"__proto__":"x"'), false],
    ['20,000 labels', 'DestinationRule', subsetWith(repeated((index) => `"key-${index}":"v"`, 20_000)), true],
    ['null bytes in a label', 'DestinationRule', subsetWith('"a\\u0000b":"c\\u0000"'), false],
    ['half of a surrogate pair in a label', 'DestinationRule', subsetWith('"a":"\\ud800"'), false],
    ['a label that is there twice, the last one wrong', 'DestinationRule', subsetWith('"a":"b","a":"-"'), false],
    ['a label that is there twice, the last one right', 'DestinationRule', subsetWith('"a":"-","a":"b"'), true],
  ])('%s gets a verdict', async (_what, kind, spec, allowed) => {
    const { answer } = await send(review(kind, spec), '/validate');
    expect(answer.status).toBe(200);
    expect(responseOf(answer).allowed).toBe(allowed);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('bytes that are no UTF-8 is judged as if they were U+FFFD', async () => {
    const [before, after] = review('DestinationRule', subsetWith('"a":"BYTES"')).split('BYTES');
    const bytes = [Buffer.from(before ?? ''), Buffer.from([0xff, 0xe4, 0xb8]), Buffer.from(after ?? '')];
    const { answer } = await send(Buffer.concat(bytes), '/validate');
    const { answer: same } = await send(
      review('DestinationRule', subsetWith(`"a":"${'\uFFFD'.repeat(3)}"`)),
      '/validate',
    );
    expect(responseOf(answer).allowed).toBe(false);
    expect(answer.body).toBe(same.body);
  });
});

describe('the log', () => {
  it('has a bounded line for each of them', async () => {
    await send('['.repeat(1_000_000));
    await send(annotations({ 'inject.istio.io/templates': ','.repeat(50_000) }));
    await send(podReview({ name: 'x'.repeat(100_000) }));
    expect(
      Math.max(
        ...log
          .text()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThan(16 * 1024);
  });
});
