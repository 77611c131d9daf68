import { describe, expect, it } from 'vitest';
import {
  applyMeshConfig,
  applyProxyConfigAnnotation,
  defaultMeshConfig,
  defaultProxyConfig,
  emptyProxyConfig,
  explainProxyConfigAnnotation,
  mergeProxyConfig,
  parseProxyConfigAnnotation,
  ProxyConfigs,
  protoToJson,
  type ProxyConfigResource,
} from '../../src/mesh/index.ts';
import { readMessage } from '../../src/protobuf/index.ts';

function resource(name: string, spec: object, metadata: Partial<ProxyConfigResource> = {}): ProxyConfigResource {
  return { name, namespace: 'shop', labels: {}, creationTimestamp: '2024-01-01T00:00:00Z', ...metadata, spec };
}

const env = (SHARED: string): object => ({ environmentVariables: { SHARED } });
const selector = { matchLabels: { app: 'cart' } };
const root = { namespace: 'istio-system' };
const pod = { namespace: 'shop', labels: { app: 'cart', version: 'v2' } };

function metadataOf(
  resources: ProxyConfigResource[],
  subject: Parameters<ProxyConfigs['effective']>[0] = pod,
): unknown {
  const mesh = applyMeshConfig('defaultConfig: {proxyMetadata: {SHARED: mesh}}');
  return new ProxyConfigs(mesh, resources, 'default').effective(subject).proxyMetadata['SHARED'];
}

describe('the effective proxy configuration', () => {
  it('is the mesh’s over the built-in one when there is nothing else', () => {
    expect(protoToJson(new ProxyConfigs(defaultMeshConfig, [], '').effective(pod))).toBe('{}');
    expect(metadataOf([])).toBe('mesh');
  });

  it('rises from root namespace over namespace and annotation to workload', () => {
    const resources = [resource('root', env('root'), root)];
    expect(metadataOf(resources)).toBe('root');
    resources.push(resource('ns', env('ns')));
    expect(metadataOf(resources)).toBe('ns');
    const annotated = { ...pod, annotation: 'proxyMetadata: {SHARED: ann}' };
    expect(metadataOf(resources, annotated)).toBe('ann');
    resources.push(resource('wl', { ...env('wl'), selector }));
    expect(metadataOf(resources, annotated)).toBe('wl');
    expect(metadataOf(resources, { ...annotated, labels: {} })).toBe('ann');
    expect(metadataOf(resources, { ...annotated, namespace: 'other' })).toBe('ann');
    expect(metadataOf(resources, { namespace: 'istio-system', labels: {} })).toBe('root');
  });

  it('takes the oldest resource of a level, then the first by name', () => {
    const old = { creationTimestamp: '2023-12-31T23:00:00-05:00' };
    const older = { creationTimestamp: '2024-01-01T03:59:59Z' };
    expect(metadataOf([resource('a', env('old'), old), resource('b', env('older'), older)])).toBe('older');
    expect(metadataOf([resource('b', env('b')), resource('a', env('a'))])).toBe('a');
    expect(metadataOf([resource('b', env('b')), resource('a', env('a'), { creationTimestamp: '' })])).toBe('a');
  });

  it('knows no resource of another revision and none that cannot be read', () => {
    const canary = resource('a', env('canary'), { labels: { 'istio.io/rev': 'canary' } });
    const mine = resource('b', env('mine'), { labels: { 'istio.io/rev': 'default' } });
    const broken = resource('0', { concurrency: 'x' });
    expect(metadataOf([canary, mine, broken])).toBe('mine');
  });

  it('takes an empty selector as one that selects nothing', () => {
    expect(metadataOf([resource('a', { ...env('a'), selector: {} })])).toBe('mesh');
    expect(metadataOf([resource('a', { ...env('a'), selector: { matchLabels: {} } })])).toBe('mesh');
  });

  it('lets zero values of higher levels replace nothing, but present messages replace', () => {
    const mesh = applyMeshConfig('defaultConfig: {statusPort: 15999, concurrency: 4, image: {imageType: debug}}');
    const configs = new ProxyConfigs(mesh, [resource('a', { concurrency: 0, image: {} })], '');
    const effective = configs.effective({ ...pod, annotation: 'statusPort: 0' });
    expect(protoToJson(effective)).toBe('{"concurrency":0,"statusPort":15999,"image":{}}');
  });

  it('ignores an annotation that cannot be read', () => {
    expect(metadataOf([], { ...pod, annotation: 'a: [' })).toBe('mesh');
    expect(metadataOf([], { ...pod, annotation: 'concurrency: two' })).toBe('mesh');
  });

  it('has no root level without a root namespace', () => {
    const mesh = applyMeshConfig('rootNamespace: ""');
    const nowhere = resource('a', { concurrency: 1 }, { namespace: '' });
    expect(protoToJson(new ProxyConfigs(mesh, [nowhere], '').effective(pod))).toBe('{}');
  });
});

describe('the annotation', () => {
  it('resets by zero values when it is applied directly', () => {
    const base = applyProxyConfigAnnotation(undefined, 'statusPort: 1\nproxyMetadata: {A: "1"}');
    expect(base).toEqual({ statusPort: 1, proxyMetadata: { A: '1' } });
    const next = applyProxyConfigAnnotation(base, 'statusPort: 0\nproxyMetadata: {B: "2"}');
    expect(next).toEqual({ proxyMetadata: { A: '1', B: '2' } });
    expect(applyProxyConfigAnnotation(base, 'x: [')).toBe(base);
  });

  it('may hold keys that JavaScript objects have', () => {
    const config = parseProxyConfigAnnotation('proxyMetadata: {__proto__: a, constructor: b}');
    const merged = mergeProxyConfig(defaultProxyConfig, config ?? emptyProxyConfig);
    expect(protoToJson(merged)).toBe('{"proxyMetadata":{"__proto__":"a","constructor":"b"}}');
  });

  it.each(['', '{}', 'null', 'unknownField: 1'])('may say nothing: %j', (text) => {
    expect(explainProxyConfigAnnotation(text)).toBeUndefined();
    expect(parseProxyConfigAnnotation(text)).toEqual({});
  });

  it.each([
    [
      'interceptionMode: BOGUS',
      'unknown value "\\"BOGUS\\"" for enum istio.mesh.v1alpha1.ProxyConfig.InboundInterceptionMode',
    ],
    ['concurrency: two', "invalid character 'w' in literal true (expecting 'r')"],
    ['proxyMetadata: {A: 1}', 'json: cannot unmarshal number into Go value of type string'],
    ['42', 'json: cannot unmarshal number into Go value of type map[string]json.RawMessage'],
    ['not yaml: [', 'yaml: line 1: did not find expected node content'],
  ])('is refused: %s', (text, cause) => {
    expect(explainProxyConfigAnnotation(text)).toBe(`failed to convert to apply proxy config: ${cause}`);
    expect(parseProxyConfigAnnotation(text)).toBeUndefined();
  });

  it('merges some of the proxy headers', () => {
    const base = applyProxyConfigAnnotation(
      undefined,
      'proxyHeaders: {forwardedClientCert: SANITIZE, requestId: {}, attemptCount: {}, server: {}, envoyDebugHeaders: {}, preserveHttp1HeaderCase: true}',
    );
    const merged = applyProxyConfigAnnotation(base, 'proxyHeaders: {server: {disabled: true}}');
    expect(merged.proxyHeaders).toEqual({
      forwardedClientCert: 'SANITIZE',
      requestId: {},
      attemptCount: {},
      server: { disabled: { value: true } },
      envoyDebugHeaders: {},
    });
    const changed = applyProxyConfigAnnotation(base, 'proxyHeaders: {forwardedClientCert: FORWARD_ONLY}');
    expect(changed.proxyHeaders?.forwardedClientCert).toBe('FORWARD_ONLY');
    expect(applyProxyConfigAnnotation(base, 'proxyHeaders: null')).toEqual(base);
  });
});

describe('protoToJSON', () => {
  it('leaves built-in values of a proxy configuration out', () => {
    expect(protoToJson(defaultProxyConfig)).toBe('{}');
    const config = applyProxyConfigAnnotation(defaultProxyConfig, 'drainDuration: 90s\ntracing: {}\nproxyMetadata: {}');
    expect(protoToJson(config)).toBe('{"drainDuration":"90s","tracing":{}}');
  });

  it('writes other messages as they are, and nothing as {}', () => {
    expect(protoToJson(readMessage('istio.networking.v1alpha3.Port', { number: 80 }))).toBe('{"number":80}');
    expect(protoToJson(undefined)).toBe('{}');
    expect(protoToJson(null)).toBe('{}');
  });
});
