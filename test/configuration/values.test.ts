import { describe, expect, it } from 'vitest';
import { ConfigurationError, decodeValues } from '../../src/configuration/index.ts';

const decode = (text: string) => decodeValues({ file: 'values.yaml', text });

describe('the values', () => {
  it.each(['', 'null', '{}'])('are nothing when they are %j', (text) => {
    expect(decode(text)).toEqual({
      document: {},
      hub: '',
      tag: '',
      variant: '',
      proxyImage: '',
      clusterName: '',
      network: '',
      rewriteProbes: false,
      holdApplication: false,
    });
  });

  it('give what the injector itself needs', () => {
    const values = decode(`
global:
  hub: h
  tag: 1.30
  variant: v
  network: net
  multiCluster: {clusterName: c}
  proxy: {image: i, holdApplicationUntilProxyStarts: true}
sidecarInjectorWebhook: {rewriteAppHTTPProbe: true}
`);
    expect(values).toMatchObject({
      hub: 'h',
      tag: '1.3',
      variant: 'v',
      network: 'net',
      clusterName: 'c',
      proxyImage: 'i',
      rewriteProbes: true,
      holdApplication: true,
    });
  });

  it('may hold keys that nobody knows, and null anywhere', () => {
    expect(() =>
      decode('x: 1\nglobal: {y: [], proxy: null, hub: null, imagePullSecrets: null}\npilot: {cni: {ambient: {}}}'),
    ).not.toThrow();
  });

  it('take numbers written as text', () => {
    expect(() => decode('global: {proxy: {statusPort: "15020", readinessPeriodSeconds: 15}}')).not.toThrow();
  });

  it.each([
    [
      'global: {proxy: {privileged: "true"}}',
      'cannot unmarshal string into Go value of type bool (global.proxy.privileged)',
    ],
    [
      'global: {proxy: {resources: {requests: {cpu: 1}}}}',
      'cannot unmarshal number into Go value of type string (global.proxy.resources.requests.cpu)',
    ],
    [
      'global: {proxy: {statusPort: 1.5}}',
      'cannot unmarshal number into Go value of type uint32 (global.proxy.statusPort)',
    ],
    ['global: {proxy: {statusPort: -1}}', 'type uint32 (global.proxy.statusPort)'],
    ['global: {proxy: {statusPort: 4294967296}}', 'type uint32 (global.proxy.statusPort)'],
    [
      'global: {imagePullSecrets: a}',
      'cannot unmarshal string into Go value of type []json.RawMessage (global.imagePullSecrets)',
    ],
    [
      'global: {imagePullSecrets: [a, 5]}',
      'cannot unmarshal number into Go value of type string (global.imagePullSecrets.1)',
    ],
    ['global: []', 'cannot unmarshal array into Go value of type map[string]json.RawMessage (global)'],
    ['global: {meshNetworks: 5}', 'type map[string]json.RawMessage (global.meshNetworks)'],
    ['global: {proxy: {resources: {limits: []}}}', 'type map[string]json.RawMessage (global.proxy.resources.limits)'],
    [
      'sidecarInjectorWebhook: {neverInjectSelector: [x]}',
      'type map[string]json.RawMessage (sidecarInjectorWebhook.neverInjectSelector.0)',
    ],
    ['5', 'cannot unmarshal number into Go value of type map[string]json.RawMessage'],
  ])('refuse the wrong type: %s', (text, message) => {
    expect(() => decode(text)).toThrow(message);
  });

  it('say where the wrong type stands', () => {
    try {
      decode('global:\n  hub: h\n  proxy:\n    image: i\n    privileged: "no"\n');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      expect((error as ConfigurationError).message).toBe(
        'values.yaml:5: could not parse configuration values: json: cannot unmarshal string into Go value of type bool (global.proxy.privileged)',
      );
    }
  });

  it('say where the YAML is broken', () => {
    expect(() => decode('a: b\nc: [')).toThrow(/^values\.yaml:\d+(:\d+)?: could not parse configuration values: /);
  });
});
