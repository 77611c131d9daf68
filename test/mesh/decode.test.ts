import { describe, expect, it } from 'vitest';
import { applyMeshConfig, decodeMeshConfig, defaultMeshConfig, MeshConfigError } from '../../src/mesh/index.ts';

function errorOf(text: string): MeshConfigError {
  try {
    decodeMeshConfig(text);
  } catch (error) {
    if (error instanceof MeshConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a mesh document', () => {
  it.each(['', 'null', '{}', '# nothing'])('changes nothing when it is %j', (text) => {
    expect(decodeMeshConfig(text)).toEqual({ mesh: { ...defaultMeshConfig, trustDomainAliases: [] }, warnings: [] });
  });

  it('replaces whole fields, nested messages and lists too', () => {
    const { mesh } = decodeMeshConfig(
      'trustDomain: td\nlocalityLbSetting: {failover: []}\ndefault_service_export_to: [a]\nenableTracing: false',
    );
    expect(mesh.trustDomain).toBe('td');
    expect(mesh.localityLbSetting).toEqual({});
    expect(mesh.defaultServiceExportTo).toEqual(['a']);
    expect(mesh.enableTracing).toBe(false);
    expect(mesh.proxyListenPort).toBe(15001);
  });

  it('leaves what is null, and ignores what it does not know', () => {
    const { mesh } = decodeMeshConfig('trustDomain: null\nnoSuchField: 1');
    expect(mesh.trustDomain).toBe('cluster.local');
  });

  it('merges the default proxy configuration field by field', () => {
    const text = 'defaultConfig: {meshId: m, statusPort: "15999", proxyMetadata: {A: "1"}}';
    const first = decodeMeshConfig(text).mesh;
    expect(first.defaultConfig).toMatchObject({
      meshId: 'm',
      statusPort: 15999,
      discoveryAddress: 'istiod.istio-system.svc:15012',
    });
    const second = decodeMeshConfig('defaultConfig: {proxyMetadata: {B: "2"}}', first).mesh;
    expect(second.defaultConfig).toMatchObject({ meshId: 'm', proxyMetadata: { A: '1', B: '2' } });
  });

  it('takes the default proxy configuration by its camelCase name only', () => {
    expect(decodeMeshConfig('default_config: {meshId: m}').mesh.defaultConfig?.meshId).toBe('');
  });

  it('merges the default providers field by field', () => {
    const first = applyMeshConfig('defaultProviders: {metrics: [a], tracing: [b]}');
    const second = applyMeshConfig('defaultProviders: {metrics: [c]}', first);
    expect(second.defaultProviders).toEqual({ metrics: ['c'], tracing: ['b'] });
  });

  it('merges extension providers by name', () => {
    const { mesh } = decodeMeshConfig(
      'extensionProviders: [{name: stackdriver, prometheus: {}}, {name: mine, envoyFileAccessLog: {path: /x}}]',
    );
    expect(mesh.extensionProviders).toEqual([
      { name: 'prometheus', prometheus: {} },
      { name: 'stackdriver', prometheus: {} },
      { name: 'envoy', envoyFileAccessLog: { path: '/dev/stdout' } },
      { name: 'mine', envoyFileAccessLog: { path: '/x' } },
    ]);
    expect(decodeMeshConfig('extensionProviders: []').mesh.extensionProviders).toHaveLength(3);
  });

  it('adds trust domain aliases, sorted and each once', () => {
    const first = applyMeshConfig('trustDomainAliases: [c, a]');
    expect(applyMeshConfig('trustDomainAliases: [b, a]', first).trustDomainAliases).toEqual(['a', 'b', 'c']);
  });

  it('does not change what it is applied to', () => {
    const before = JSON.stringify(defaultMeshConfig);
    applyMeshConfig('trustDomain: x\ndefaultConfig: {proxyMetadata: {A: "1"}}\nextensionProviders: [{name: envoy}]');
    expect(JSON.stringify(defaultMeshConfig)).toBe(before);
  });

  it.each([
    ['trustDomain: 1', 'failed to convert to proto. json: cannot unmarshal number into Go value of type string'],
    ['connectTimeout: 10', 'failed to convert to proto. json: cannot unmarshal number into Go value of type string'],
    [
      'defaultConfig: {interceptionMode: tproxy}',
      'failed to convert to proto. unknown value "\\"tproxy\\"" for enum istio.mesh.v1alpha1.ProxyConfig.InboundInterceptionMode',
    ],
    ['a: [', 'failed to convert to proto. yaml: line 1: did not find expected node content'],
    [
      '- a',
      'failed to convert to proto. json: cannot unmarshal array into Go value of type map[string]json.RawMessage',
    ],
    ['proxyListenPort: 0', 'invalid proxy listen port: port number 0 must be in the range 1..65535'],
  ])('is refused: %s', (text, message) => {
    expect(errorOf(text).message).toBe(message);
  });

  it('may come with warnings', () => {
    const { warnings } = decodeMeshConfig(
      'defaultConfig: {proxyMetadata: {ISTIO_META_DNS_AUTO_ALLOCATE: "true"}}\ntlsDefaults: {ecdhCurves: [x, P-256, P-256]}',
    );
    expect(warnings).toEqual([
      "'ISTIO_META_DNS_AUTO_ALLOCATE' is deprecated; review https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/#dns-auto-allocation-v2 for information about replacement functionality",
      'detected unrecognized ECDH curves: [x]',
      'detected duplicate ECDH curves: [P-256]',
    ]);
  });
});
