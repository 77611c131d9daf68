import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/protobuf/base64.ts';
import { formatFloat32 } from '../../src/protobuf/float32.ts';
import { messageType, readMessage, writeMessage, type MessageTypes } from '../../src/protobuf/index.ts';

function rewrite(type: keyof MessageTypes, json: unknown): string {
  return writeMessage(readMessage(type, json) as object);
}

describe('written messages', () => {
  it('have their fields in declaration order, camelCase, without what is not set', () => {
    const json = { tcp: [], http: [{ route: [{ weight: 0, destination: { host: 'a' } }] }], hosts: ['x'] };
    expect(rewrite('istio.networking.v1alpha3.VirtualService', json)).toBe(
      '{"hosts":["x"],"http":[{"route":[{"destination":{"host":"a"}}]}]}',
    );
    expect(rewrite('istio.mesh.v1alpha1.ProxyConfig', { proxy_metadata: {}, status_port: 1 })).toBe('{"statusPort":1}');
  });

  it('have sorted maps and strings escaped for HTML', () => {
    const json = { environmentVariables: { b: '<&>', B: 'é', a: '"' } };
    expect(rewrite('istio.networking.v1beta1.ProxyConfig', json)).toBe(
      '{"environmentVariables":{"B":"é","a":"\\"","b":"\\u003c\\u0026\\u003e"}}',
    );
    const ports = { portLevelMtls: { 100: { mode: 'STRICT' }, 20: {} } };
    expect(rewrite('istio.security.v1beta1.PeerAuthentication', ports)).toBe(
      '{"portLevelMtls":{"20":{},"100":{"mode":"STRICT"}}}',
    );
  });

  it('name enum values where they have names', () => {
    const write = (mode: unknown): string => rewrite('istio.networking.v1alpha3.ClientTLSSettings', { mode });
    expect(write(1)).toBe('{"mode":"SIMPLE"}');
    expect(write(77)).toBe('{"mode":77}');
    expect(write(0)).toBe('{}');
  });

  it.each([
    ['90s', '"90s"'],
    ['1.5s', '"1.500s"'],
    ['10ms', '"0.010s"'],
    ['1us', '"0.000001s"'],
    ['1ns', '"0.000000001s"'],
    ['-1.5s', '"-1.500s"'],
    ['-100ms', '"-0.100s"'],
    ['0s', '"0s"'],
  ])('write the duration %s as %s', (text, written) => {
    expect(rewrite('istio.mesh.v1alpha1.ProxyConfig', { drainDuration: text })).toBe(`{"drainDuration":${written}}`);
  });

  it('write wrappers bare, also of zero values', () => {
    expect(rewrite('istio.networking.v1beta1.ProxyConfig', { concurrency: 0 })).toBe('{"concurrency":0}');
    expect(rewrite('google.protobuf.UInt64Value', '18446744073709551615')).toBe('"18446744073709551615"');
    expect(rewrite('google.protobuf.BytesValue', 'AAE=')).toBe('"AAE="');
    expect(rewrite('google.protobuf.FloatValue', 0.1)).toBe('0.1');
    expect(rewrite('google.protobuf.DoubleValue', 'NaN')).toBe('"NaN"');
    expect(rewrite('google.protobuf.DoubleValue', '-Infinity')).toBe('"-Infinity"');
  });

  it('write plain JSON with sorted keys', () => {
    const value = { b: [1, 1.5e-7, 'x', null, true], a: {} };
    const filter = { configPatches: [{ patch: { value } }] };
    expect(rewrite('istio.networking.v1alpha3.EnvoyFilter', filter)).toBe(
      '{"configPatches":[{"patch":{"value":{"a":{},"b":[1,1.5e-7,"x",null,true]}}}]}',
    );
  });

  it('write what an Any holds', () => {
    const urlOf = (name: string): string => `type.googleapis.com/${name}`;
    const node = { '@type': urlOf('istio.networking.v1alpha3.Percent'), value: 1.5 };
    expect(rewrite('google.protobuf.Any', node)).toBe(JSON.stringify(node));
    const time = { '@type': urlOf('google.protobuf.Timestamp'), value: '2020-01-02T03:04:05.060Z' };
    expect(rewrite('google.protobuf.Any', time)).toBe(JSON.stringify(time));
    const unknown = Object.assign(messageType('google.protobuf.Any').create(), { typeUrl: 'x/none.Such' });
    expect(() => writeMessage(unknown)).toThrow('could not resolve Any message type: x/none.Such');
  });

  it('must be messages', () => {
    expect(() => writeMessage({})).toThrow('not a protobuf message');
  });
});

describe('float32 text', () => {
  it.each([
    [0.1, '0.1'],
    [16777216, '16777216'],
    [3.4028234663852886e38, '3.4028235e+38'],
    [-0, '-0'],
    [1e-7, '1e-7'],
  ])('%d is %s', (value, text) => {
    expect(formatFloat32(Math.fround(value))).toBe(text);
  });
});

describe('base64', () => {
  it.each(['', 'AA==', 'AAE=', 'AAEC', '+/8=', 'AA\n==', 'AA=\r\n='])('decodes %j', (text) => {
    expect(encodeBase64(decodeBase64(text))).toBe(text.replace(/[\r\n]/g, ''));
  });

  it.each([
    ['A', 0],
    ['AA', 0],
    ['AAE', 0],
    ['AAECA', 4],
    ['A===', 1],
    ['AA=', 3],
    ['AA=x', 2],
    ['AAE=x', 4],
    ['AA==A', 4],
    ['A A=', 1],
    ['AA-_', 2],
  ])('names the first wrong byte of %j', (text, position) => {
    expect(() => decodeBase64(text)).toThrow(`illegal base64 data at input byte ${position}`);
  });
});
