import { describe, expect, it } from 'vitest';
import {
  applyMeshConfig,
  defaultProxyConfig,
  explainProxyConfigAnnotation,
  validateMeshConfig,
  validateProxyConfig,
} from '../../src/mesh/index.ts';
import { messageType, withFields } from '../../src/protobuf/index.ts';

const list = (...messages: string[]): string =>
  `${messages.length} error${messages.length > 1 ? 's' : ''} occurred:\n${messages.map((text) => `\t* ${text}`).join('\n')}\n\n`;

const meshErrors = (text: string): string | undefined => validateMeshConfig(applyMeshConfig(text)).errors.render();

describe('a proxy configuration', () => {
  it.each([
    ['configPath: ""', 'config path must be set'],
    ['binaryPath: ""', 'binary path must be set'],
    ['serviceCluster: ""', 'service cluster must be specified'],
    ['drainDuration: 0s', 'invalid drain duration: duration must be greater than 1ms'],
    ['drainDuration: 1.0000001s', 'invalid drain duration: only durations to ms precision are supported'],
    ['drainDuration: 1.5s', 'drain time only supports durations to seconds precision'],
    ['discoveryAddress: ""', 'discovery address must be set to the proxy discovery service'],
    ['discoveryAddress: a', 'invalid discovery address: unable to split "a": address a: missing port in address'],
    [
      'discoveryAddress: "a:b"',
      'invalid discovery address: port (b) is not a number: strconv.Atoi: parsing "b": invalid syntax',
    ],
    ['discoveryAddress: "a:0"', 'invalid discovery address: port number 0 must be in the range 1..65535'],
    ['discoveryAddress: "a_b:1"', 'invalid discovery address: "a_b" is not a valid hostname or an IP address'],
    [
      'tracing: {zipkin: {address: z}}',
      'invalid zipkin config: unable to split "z": address z: missing port in address',
    ],
    [
      'tracing: {datadog: {address: "$(X):1"}}',
      'invalid datadog config: "$(X)" is not a valid hostname or an IP address',
    ],
    [
      'tracing: {tlsSettings: {mode: MUTUAL, privateKey: k}}',
      'invalid tracing TLS config: client certificate required for mutual tls',
    ],
    ['statsdUdpAddress: s', 'invalid statsd udp address "s": unable to split "s": address s: missing port in address'],
    [
      'envoyMetricsServiceAddress: s',
      'invalid envoy metrics service address "s": unable to split "s": address s: missing port in address',
    ],
    [
      'envoyMetricsService: {address: "s:0"}',
      'invalid envoy metrics service address "s:0": port number 0 must be in the range 1..65535',
    ],
    [
      'envoyAccessLogService: {address: "s:0"}',
      'invalid envoy access log service address "s:0": port number 0 must be in the range 1..65535',
    ],
    ['proxyAdminPort: 70000', 'invalid proxy admin port: port number 70000 must be in the range 1..65535'],
    [
      'controlPlaneAuthPolicy: INHERIT',
      'invalid authentication policy: unrecognized control plane auth policy "INHERIT"',
    ],
    ['controlPlaneAuthPolicy: 7', 'invalid authentication policy: unrecognized control plane auth policy "7"'],
    ['statusPort: 0', 'invalid status port: port number 0 must be in the range 1..65535'],
    ['privateKeyProvider: {cryptomb: {}}', 'invalid private key provider configuration: pollDelay is required'],
    [
      'privateKeyProvider: {qat: {pollDelay: 0s}}',
      'invalid private key provider configuration: pollDelay must be non zero',
    ],
  ])('is refused: %s', (text, message) => {
    expect(explainProxyConfigAnnotation(text)).toBe(list(message));
  });

  it('collects all that is wrong, in order', () => {
    const text = 'privateKeyProvider: {}\ntracing: {lightstep: {}}';
    expect(explainProxyConfigAnnotation(text)).toBe(
      list(
        'invalid lightstep config: address is required',
        'invalid lightstep config: invalid lightstep address: unable to split "": missing port in address',
        'invalid lightstep config: access token is required',
        'invalid private key provider configuration: private key provider configuration is required',
        'invalid private key provider configuration: unknown private key provider',
      ),
    );
  });

  it('needs a name of its cluster and a time to drain', () => {
    const nameless = withFields(defaultProxyConfig, { serviceCluster: undefined, drainDuration: undefined });
    expect(validateProxyConfig(nameless).errors.render()).toBe(
      list(
        'oneof service cluster or tracing service name must be specified',
        'invalid drain duration: duration must be greater than 1ms',
      ),
    );
  });

  it.each([
    'concurrency: -1',
    'tracing: {datadog: {address: "$(HOST_IP):8126"}}',
    'tracingServiceName: CANONICAL_NAME_ONLY',
    'discoveryAddress: "[::1]:15012"',
    'privateKeyProvider: {cryptomb: {pollDelay: 10ms}}',
  ])('is accepted: %s', (text) => {
    expect(explainProxyConfigAnnotation(text)).toBeUndefined();
  });
});

describe('a mesh configuration', () => {
  it.each([
    ['connectTimeout: 0s', 'invalid connect timeout: duration must be greater than 1ms'],
    ['connectTimeout: 2h', 'invalid connect timeout: time 2h0m0s must be >1ms and <1h0m0s'],
    [
      'protocolDetectionTimeout: 1us',
      'invalid protocol detection timeout: only durations to ms precision are supported',
    ],
  ])('is refused with a single error: %s', (text, message) => {
    expect(meshErrors(text)).toBe(message);
  });

  it.each([
    [
      'serviceSettings: [{hosts: ["a..b"]}]',
      'serviceSettings[0], host `a..b`: domain name ".b" invalid (label "" invalid)',
    ],
    ['trustDomain: ""', 'trustDomain: empty domain name not allowed'],
    ['trustDomain: a_b', 'trustDomain: trust domain name "a_b" invalid'],
    ['trustDomainAliases: [a, "b/c"]', 'trustDomainAliases[1], domain `b/c` : trust domain name "b/c" invalid'],
    ['meshMTLS: {ecdhCurves: [P-256]}', 'mesh TLS does not support ECDH curves configuration'],
    ['defaultConfig: {statusPort: 0}', 'invalid status port: port number 0 must be in the range 1..65535'],
  ])('is refused with a list of one: %s', (text, message) => {
    expect(meshErrors(text)).toBe(list(message));
  });

  it('is checked for its locality settings', () => {
    const both = 'localityLbSetting: {distribute: [{from: a, to: {b: 100}}], failover: [{from: b, to: c}]}';
    expect(meshErrors(both)).toBe("can not simultaneously specify 'distribute' and 'failover'");
  });

  it.each(['connectTimeout: 1ms', 'connectTimeout: 1h', 'protocolDetectionTimeout: -1s', 'trustDomain: a.b.'])(
    'is accepted: %s',
    (text) => {
      expect(meshErrors(text)).toBeUndefined();
    },
  );

  it('needs a default proxy configuration', () => {
    const empty = messageType('istio.mesh.v1alpha1.MeshConfig').create();
    expect(validateMeshConfig(empty).errors.render()).toBe(
      list(
        'invalid proxy listen port: port number 0 must be in the range 1..65535',
        'invalid connect timeout: duration must be greater than 1ms',
        'missing default config',
        'trustDomain: empty domain name not allowed',
      ),
    );
  });
});
