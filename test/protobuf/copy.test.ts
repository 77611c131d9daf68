import { describe, expect, it } from 'vitest';
import {
  isSet,
  messagesEqual,
  messageType,
  overlayMessage,
  readMessage,
  withFields,
} from '../../src/protobuf/index.ts';

const proxyConfig = messageType('istio.mesh.v1alpha1.ProxyConfig');
const read = (json: unknown) => readMessage(proxyConfig, json);

describe('equal messages', () => {
  it('have the same fields with equal values', () => {
    const json = { statusPort: 1, extraStatTags: ['a'], drainDuration: '1s', proxyMetadata: { a: 'b' } };
    expect(messagesEqual(read(json), read(json))).toBe(true);
    for (const other of [
      { ...json, statusPort: 2 },
      { ...json, extraStatTags: ['b'] },
      { ...json, extraStatTags: ['a', 'b'] },
      { ...json, drainDuration: '2s' },
      { ...json, drainDuration: null },
      { ...json, proxyMetadata: { b: 'b' } },
    ]) {
      expect(messagesEqual(read(json), read(other))).toBe(false);
    }
  });

  it('do not differ by empty lists and maps', () => {
    expect(messagesEqual(read({ proxyMetadata: {} }), read({}))).toBe(true);
  });

  it('are of one type', () => {
    expect(messagesEqual(read({}), readMessage('istio.networking.v1beta1.ProxyConfig', {}))).toBe(false);
    expect(messagesEqual(read({}), undefined)).toBe(false);
    expect(messagesEqual(undefined, undefined)).toBe(true);
  });

  it('may hold plain JSON and bytes', () => {
    const filter = (value: unknown) =>
      readMessage('istio.networking.v1alpha3.EnvoyFilter', { configPatches: [{ patch: { value } }] });
    expect(messagesEqual(filter({ a: [1] }), filter({ a: [1] }))).toBe(true);
    expect(messagesEqual(filter({ a: [1] }), filter({ a: { 0: 1 } }))).toBe(false);
    const bytes = (text: string) => readMessage('google.protobuf.BytesValue', text);
    expect(messagesEqual(bytes('AAE='), bytes('AAE='))).toBe(true);
    expect(messagesEqual(bytes('AAE='), bytes('AAI='))).toBe(false);
  });
});

describe('changed messages', () => {
  it('are copies', () => {
    const base = read({ statusPort: 1, meshId: 'm' });
    expect(withFields(base, { statusPort: 2, meshId: undefined })).toEqual({ statusPort: 2 });
    expect(base).toEqual({ statusPort: 1, meshId: 'm' });
    expect(() => withFields({}, {})).toThrow('not a protobuf message');
  });
});

describe('overlaid messages', () => {
  it('have every field that is set above, the others from below', () => {
    const base = read({ statusPort: 1, meshId: 'm', serviceCluster: 's', proxyMetadata: { a: 'b' } });
    const over = withFields(read({ tracingServiceName: 0, concurrency: 0, extraStatTags: ['x'] }), { statusPort: 0 });
    const result = overlayMessage(base, over);
    expect(result).toEqual({
      statusPort: 1,
      meshId: 'm',
      proxyMetadata: { a: 'b' },
      extraStatTags: ['x'],
      tracingServiceName: 'APP_LABEL_AND_NAMESPACE',
      concurrency: {},
    });
    expect(() => overlayMessage({}, {})).toThrow('not a protobuf message');
  });
});

describe('a field is set', () => {
  it.each([
    ['statusPort', 0, false],
    ['statusPort', 1, true],
    ['meshId', '', false],
    ['controlPlaneAuthPolicy', 'NONE', false],
    ['controlPlaneAuthPolicy', 'MUTUAL_TLS', true],
    ['extraStatTags', [], false],
    ['proxyMetadata', {}, false],
    ['serviceCluster', '', true],
    ['concurrency', undefined, false],
  ])('%s: %j → %s', (name, value, expected) => {
    const field = proxyConfig.field(name);
    expect(field && isSet({ [name]: value }, field)).toBe(expected);
  });
});
