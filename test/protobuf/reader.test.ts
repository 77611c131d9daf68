import { describe, expect, it } from 'vitest';
import type { MessageTypes, ReadOptions } from '../../src/protobuf/index.ts';
import {
  messageType,
  messageTypeOf,
  ProtobufJsonError,
  readMessage,
  readMessageFromText,
  readMessageOnto,
} from '../../src/protobuf/index.ts';

const virtualService = 'istio.networking.v1alpha3.VirtualService';
const destination = 'istio.networking.v1alpha3.Destination';
const tls = 'istio.networking.v1alpha3.ClientTLSSettings';

function errorOf(action: () => unknown): ProtobufJsonError {
  try {
    action();
  } catch (error) {
    if (error instanceof ProtobufJsonError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function refusal(type: keyof MessageTypes, json: unknown, options?: ReadOptions): string {
  return errorOf(() => readMessage(type, json, options)).message;
}

describe('the structure of a message', () => {
  it('is empty for null and for nothing', () => {
    expect(Object.keys(readMessage(destination, null))).toEqual([]);
    expect(Object.keys(readMessage(destination, undefined))).toEqual([]);
  });

  it('is read by the JSON names and by the proto names', () => {
    const json = { http: [{ match: [{ source_labels: { app: 'a' }, withoutHeaders: {} }] }] };
    const [route] = readMessage(virtualService, json).http;
    expect(route?.match[0]?.sourceLabels).toEqual({ app: 'a' });
    expect(messageTypeOf(route ?? {})?.name).toBe('istio.networking.v1alpha3.HTTPRoute');
  });

  it('prefers the JSON name when both are there', () => {
    const json = { jwks_uri: 'snake', jwksUri: 'camel' };
    expect(readMessage('istio.security.v1beta1.JWTRule', json).jwksUri).toBe('camel');
  });

  it('takes null and an empty list as not set, but keeps an empty map', () => {
    const json = { selector: null, portLevelMtls: {} };
    const policy = readMessage('istio.security.v1beta1.PeerAuthentication', json);
    expect(Object.keys(policy)).toEqual(['portLevelMtls']);
    expect(Object.keys(readMessage(virtualService, { hosts: [] }))).toEqual([]);
  });

  it('takes null elements as empty ones', () => {
    expect(readMessage(virtualService, { http: [null], hosts: [null] })).toEqual({ http: [{}], hosts: [''] });
    const filter = readMessage('google.protobuf.ListValue', [null]);
    expect(filter).toEqual([null]);
  });

  it('ignores unknown fields, unless it is strict', () => {
    expect(readMessage(destination, { host: 'a', Host: 'b' })).toEqual({ host: 'a' });
    expect(refusal(destination, { Host: 'b' }, { strict: true })).toBe(
      `unknown field "Host" in istio.networking.v1alpha3.Destination`,
    );
    expect(refusal(virtualService, { http: [{ route: [{ destination: { x: 1 } }] }] }, { strict: true })).toBe(
      'unknown field "x" in istio.networking.v1alpha3.Destination',
    );
  });

  it('lets the oneof member declared last win', () => {
    const match = readMessage('istio.networking.v1alpha3.StringMatch', { regex: 'r', prefix: 'p', exact: 'e' });
    expect(match).toEqual({ regex: 'r' });
    const abort = { grpcStatus: 'UNAVAILABLE', httpStatus: 503 };
    expect(readMessage('istio.networking.v1alpha3.HTTPFaultInjection.Abort', abort)).toEqual({
      grpcStatus: 'UNAVAILABLE',
    });
  });

  it('keeps the zero of a oneof member', () => {
    expect(readMessage('istio.networking.v1alpha3.StringMatch', { exact: '' })).toEqual({ exact: '' });
  });

  it('treats keys of maps as data', () => {
    const labels = JSON.parse('{"__proto__":"a","constructor":"b"}') as unknown;
    const subset = readMessage('istio.networking.v1alpha3.Subset', { labels });
    expect(Object.entries(subset.labels)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(readMessage(destination, JSON.parse('{"__proto__":{"host":"x"}}')).host).toBe('');
  });

  it.each([
    [virtualService, 'x', 'json: cannot unmarshal string into Go value of type map[string]json.RawMessage'],
    [virtualService, [], 'json: cannot unmarshal array into Go value of type map[string]json.RawMessage'],
    [virtualService, 1, 'json: cannot unmarshal number into Go value of type map[string]json.RawMessage'],
    [virtualService, true, 'json: cannot unmarshal bool into Go value of type map[string]json.RawMessage'],
    [virtualService, { hosts: {} }, 'json: cannot unmarshal object into Go value of type []json.RawMessage'],
    [virtualService, { hosts: 'a' }, 'json: cannot unmarshal string into Go value of type []json.RawMessage'],
  ] as const)('of %s cannot be %j', (type, json, message) => {
    expect(refusal(type, json)).toBe(message);
  });

  it('names the first fault in the order of declaration, and its place', () => {
    const json = { exportTo: 'x', http: [{}, { route: [{ weight: 'y', destination: { port: { number: 'z' } } }] }] };
    const error = errorOf(() => readMessage(virtualService, json));
    expect(error.message).toBe("invalid character 'z' looking for beginning of value");
    expect(error.path).toBe('http[1].route[0].destination.port.number');
    const labels = { subsets: [{ labels: { 'a.b': 1 } }] };
    expect(errorOf(() => readMessage('istio.networking.v1alpha3.DestinationRule', labels)).path).toBe(
      'subsets[0].labels["a.b"]',
    );
  });

  it('may not be nested without end', () => {
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;
    expect(refusal('google.protobuf.ListValue', deep)).toBe('exceeded max depth');
    const nested = JSON.parse(`${'{"andRules":{"rules":['.repeat(3000)}${']}}'.repeat(3000)}`) as unknown;
    const permission = messageType('envoy.config.rbac.v3.Permission');
    expect(errorOf(() => readMessage(permission, nested)).message).toBe('exceeded max depth');
  });
});

describe('numbers', () => {
  it.each([80, '80', ' 80 '])('may be quoted: %j', (number) => {
    expect(readMessage(destination, { port: { number } }).port?.number).toBe(80);
  });

  it('are 0 for a quoted null', () => {
    expect(readMessage(destination, { port: { number: 'null' } }).port?.number).toBe(0);
  });

  it.each([
    ['80.0', 'json: cannot unmarshal number 80.0 into Go value of type uint32'],
    ['8e1', 'json: cannot unmarshal number 8e1 into Go value of type uint32'],
    ['-1', 'json: cannot unmarshal number -1 into Go value of type uint32'],
    ['-0', 'json: cannot unmarshal number -0 into Go value of type uint32'],
    ['4294967296', 'json: cannot unmarshal number 4294967296 into Go value of type uint32'],
    ['99999999999999999999999', 'json: cannot unmarshal number 99999999999999999999999 into Go value of type uint32'],
    ['"80.0"', 'json: cannot unmarshal number 80.0 into Go value of type uint32'],
    ['""', 'unexpected end of JSON input'],
    ['"http"', "invalid character 'h' looking for beginning of value"],
    ['"8 0"', "invalid character '0' after top-level value"],
    ['"true"', 'json: cannot unmarshal bool into Go value of type uint32'],
    ['"[]"', 'json: cannot unmarshal array into Go value of type uint32'],
    ['true', 'json: cannot unmarshal bool into Go value of type uint32'],
    ['{}', 'json: cannot unmarshal object into Go value of type uint32'],
  ])('of type uint32 cannot be %s', (literal, message) => {
    const text = `{"port":{"number":${literal}}}`;
    expect(errorOf(() => readMessageFromText(destination, text)).message).toBe(message);
  });

  it('of 64 bits are exact', () => {
    const read = (text: string): bigint => readMessageFromText('google.protobuf.UInt64Value', text).value;
    expect(read('18446744073709551615')).toBe(18446744073709551615n);
    expect(read('"9007199254740993"')).toBe(9007199254740993n);
    expect(readMessage('google.protobuf.Int64Value', -9223372036854775808n).value).toBe(-9223372036854775808n);
    expect(errorOf(() => read('18446744073709551616')).message).toContain('of type uint64');
  });

  it('have signs where the type has', () => {
    expect(readMessage('google.protobuf.Int32Value', -2147483648).value).toBe(-2147483648);
    expect(refusal('google.protobuf.Int32Value', 2147483648)).toBe(
      'json: cannot unmarshal number 2147483648 into Go value of type int32',
    );
    expect(readMessage('google.protobuf.Int32Value', -0)).toEqual({});
  });

  it.each([
    [1.5, 1.5],
    ['1e3', 1000],
    ['NaN', NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
    ['null', 0],
  ])('with a fraction: %j is %d', (json, value) => {
    expect(readMessage('google.protobuf.DoubleValue', json).value).toBe(value);
  });

  it('with a fraction have a range too', () => {
    const read = (text: string) => () => readMessageFromText('google.protobuf.FloatValue', text);
    expect(errorOf(read('1e39')).message).toBe('json: cannot unmarshal number 1e39 into Go value of type float32');
    expect(read('0.1')().value).toBe(Math.fround(0.1));
    expect(refusal('google.protobuf.DoubleValue', Infinity)).toContain('into Go value of type float64');
    expect(refusal('google.protobuf.DoubleValue', false)).toBe(
      'json: cannot unmarshal bool into Go value of type float64',
    );
  });
});

describe('other scalars', () => {
  it('strings are strings only, lone surrogates become U+FFFD', () => {
    expect(readMessage(destination, { host: 'a\ud800b' }).host).toBe('a\ufffdb');
    expect(refusal(destination, { host: 1 })).toBe('json: cannot unmarshal number into Go value of type string');
  });

  it('booleans are not quoted', () => {
    expect(readMessage('google.protobuf.BoolValue', true).value).toBe(true);
    expect(refusal('google.protobuf.BoolValue', 'true')).toBe(
      'json: cannot unmarshal string into Go value of type bool',
    );
  });

  it('enums are names or numbers, declared or not', () => {
    expect(readMessage(tls, { mode: 'SIMPLE' }).mode).toBe('SIMPLE');
    expect(readMessage(tls, { mode: 3 }).mode).toBe('ISTIO_MUTUAL');
    expect(readMessage(tls, { mode: 77 }).mode).toBe(77);
    expect(Object.keys(readMessage(tls, { mode: 'DISABLE' }))).toEqual([]);
    expect(refusal(tls, { mode: 'simple' })).toBe(
      'unknown value "\\"simple\\"" for enum istio.networking.v1alpha3.ClientTLSSettings.TLSmode',
    );
    expect(refusal(tls, { mode: 1.5 })).toBe(
      'json: cannot unmarshal number 1.5 into Go value of type protoreflect.EnumNumber',
    );
    expect(refusal(tls, { mode: true })).toBe(
      'json: cannot unmarshal bool into Go value of type protoreflect.EnumNumber',
    );
  });

  it('bytes are padded base64 or a list of numbers', () => {
    const read = (json: unknown): Uint8Array => readMessage('google.protobuf.BytesValue', json).value;
    expect(read('AAE=')).toEqual(Uint8Array.of(0, 1));
    expect(read([1, 255, null])).toEqual(Uint8Array.of(1, 255, 0));
    expect(refusal('google.protobuf.BytesValue', 'AAE')).toBe('illegal base64 data at input byte 0');
    expect(refusal('google.protobuf.BytesValue', 'A*==')).toBe('illegal base64 data at input byte 1');
    expect(refusal('google.protobuf.BytesValue', 1)).toBe(
      'json: cannot unmarshal number into Go value of type []uint8',
    );
    expect(refusal('google.protobuf.BytesValue', ['1'])).toBe(
      'json: cannot unmarshal string into Go value of type uint8',
    );
    expect(refusal('google.protobuf.BytesValue', [256])).toBe(
      'json: cannot unmarshal number 256 into Go value of type uint8',
    );
  });

  it('keys of maps are read like values', () => {
    const type = 'istio.security.v1beta1.PeerAuthentication';
    expect(Object.keys(readMessage(type, { portLevelMtls: { ' 8080': {} } }).portLevelMtls)).toEqual(['8080']);
    expect(refusal(type, { portLevelMtls: { x: {} } })).toBe("invalid character 'x' looking for beginning of value");
    expect(refusal(type, { portLevelMtls: { '-1': {} } })).toBe(
      'json: cannot unmarshal number -1 into Go value of type uint32',
    );
  });
});

describe('well-known types', () => {
  it.each([
    ['1h30m', 5400, 0],
    ['100ms', 0, 100_000_000],
    ['1500ms', 1, 500_000_000],
    ['10s', 10, 0],
    ['-1.5s', -1, -500_000_000],
    ['0', 0, 0],
  ])('Duration %s', (text, seconds, nanos) => {
    expect(readMessage('google.protobuf.Duration', text)).toEqual({ seconds, nanos });
  });

  it.each([
    ['5', 'bad Duration: time: missing unit in duration "5"'],
    ['5d', 'bad Duration: time: unknown unit "d" in duration "5d"'],
    [5, 'json: cannot unmarshal number into Go value of type string'],
  ])('Duration is not %j', (json, message) => {
    expect(refusal('google.protobuf.Duration', json)).toBe(message);
  });

  it('Timestamp is RFC 3339', () => {
    expect(readMessage('google.protobuf.Timestamp', '1970-01-01T00:00:01.5Z')).toEqual({
      seconds: 1,
      nanos: 500_000_000,
    });
    expect(refusal('google.protobuf.Timestamp', '1970')).toMatch(/^bad Timestamp: parsing time "1970" as /);
    expect(refusal('google.protobuf.Timestamp', 1)).toBe('json: cannot unmarshal number into Go value of type string');
  });

  it('wrappers are the bare value', () => {
    expect(readMessage(tls, { insecureSkipVerify: true }).insecureSkipVerify).toEqual({ value: true });
    expect(readMessage(tls, { insecureSkipVerify: false }).insecureSkipVerify?.value).toBe(false);
    expect(refusal(tls, { insecureSkipVerify: { value: true } })).toBe(
      'json: cannot unmarshal object into Go value of type bool',
    );
  });

  it('Struct is any object, with every number a double', () => {
    const json = { a: [1, null, { b: 'x' }] };
    expect(readMessage('google.protobuf.Struct', json)).toBe(json);
    expect(readMessageFromText('google.protobuf.Struct', '{"a":1.5,"b":[12345678901234567890]}')).toEqual({
      a: 1.5,
      b: [12345678901234567000],
    });
    expect(readMessage('google.protobuf.Struct', { a: 'x\udc00' })).toEqual({ a: 'x\ufffd' });
    expect(readMessage('google.protobuf.Struct', null)).toEqual({});
    expect(refusal('google.protobuf.Struct', [])).toBe(
      'bad StructValue: json: cannot unmarshal array into Go value of type map[string]json.RawMessage',
    );
    expect(errorOf(() => readMessageFromText('google.protobuf.Struct', '{"a":{"b":1e999}}')).message).toBe(
      'bad value in StructValue for key "a": bad value in StructValue for key "b": unrecognized type for Value "1e999"',
    );
  });

  it('ListValue is any list', () => {
    expect(readMessage('google.protobuf.ListValue', null)).toEqual([]);
    expect(refusal('google.protobuf.ListValue', {})).toBe(
      'bad ListValue: json: cannot unmarshal object into Go value of type []json.RawMessage',
    );
  });

  it('Value keeps null', () => {
    const type = messageType('envoy.extensions.filters.http.header_to_metadata.v3.Config');
    expect(Object.keys(readMessage(type, { requestRules: null }))).toEqual([]);
    const filter = messageType('envoy.type.matcher.v3.ValueMatcher');
    expect(readMessage(filter, { nullMatch: {} })).toEqual({ nullMatch: {} });
    expect(readMessage('google.protobuf.Value', null)).toBeNull();
  });
});

describe('Any', () => {
  const any = 'google.protobuf.Any';
  const clusterUrl = 'type.googleapis.com/envoy.config.cluster.v3.Cluster';

  it('holds a message of the type that it names', () => {
    const read = readMessage(any, { '@type': clusterUrl, name: 'a', connect_timeout: '1s' });
    expect(read).toEqual({ typeUrl: clusterUrl, message: { name: 'a', connectTimeout: { seconds: 1, nanos: 0 } } });
    expect(messageTypeOf(read.message ?? {})?.name).toBe('envoy.config.cluster.v3.Cluster');
  });

  it('holds a well-known type under its key value', () => {
    const typeUrl = 'type.googleapis.com/google.protobuf.Duration';
    expect(readMessage(any, { '@type': typeUrl, value: '3s' }).message).toEqual({ seconds: 3, nanos: 0 });
    expect(refusal(any, { '@type': typeUrl })).toBe("Any JSON doesn't have 'value'");
  });

  it('is empty for null', () => {
    expect(readMessage(any, null)).toEqual({});
  });

  it.each([
    [{}, "Any JSON doesn't have '@type'"],
    [{ '@type': 1 }, "can't unmarshal Any's '@type': \"1\""],
    [{ '@type': null }, 'could not resolve Any message type: '],
    [{ '@type': 'a/b.C' }, 'could not resolve Any message type: a/b.C'],
    [
      { '@type': clusterUrl, name: 1 },
      `can't unmarshal Any nested proto ${clusterUrl}: json: cannot unmarshal number into Go value of type string`,
    ],
    ['x', 'json: cannot unmarshal string into Go value of type map[string]json.RawMessage'],
  ])('refuses %j', (json, message) => {
    expect(refusal(any, json)).toBe(message);
  });

  it('is strict inside, too', () => {
    expect(refusal(any, { '@type': clusterUrl, nope: 1 }, { strict: true })).toBe(
      `can't unmarshal Any nested proto ${clusterUrl}: unknown field "nope" in envoy.config.cluster.v3.Cluster`,
    );
  });
});

describe('reading onto a message', () => {
  const type = messageType('istio.mesh.v1alpha1.ProxyConfig');
  const base = readMessage(type, {
    statusPort: 1,
    serviceCluster: 'a',
    extraStatTags: ['x'],
    proxyMetadata: { A: '1' },
  });

  it('replaces what the JSON has, also by zero values, and changes nothing else', () => {
    const json = { statusPort: 0, extraStatTags: [], proxyMetadata: { B: '2' }, binaryPath: null };
    const read = readMessageOnto(type, base, json);
    expect(read).toEqual({ serviceCluster: 'a', proxyMetadata: { B: '2' } });
    expect(base.statusPort).toBe(1);
  });

  it('replaces the other members of a oneof', () => {
    const read = readMessageOnto(type, base, { tracingServiceName: 'CANONICAL_NAME_ONLY' });
    expect(read.serviceCluster).toBeUndefined();
    expect(read.tracingServiceName).toBe('CANONICAL_NAME_ONLY');
  });

  it('copies for null', () => {
    expect(readMessageOnto(type, base, null)).toEqual(base);
  });

  it('may be strict', () => {
    expect(errorOf(() => readMessageOnto(type, base, { nope: 1 }, { strict: true })).message).toContain('"nope"');
  });
});
