import { describe, expect, it } from 'vitest';
import { messageText, messageType, readMessage, type MessageTypes } from '../../src/protobuf/index.ts';

const text = (type: keyof MessageTypes, json: unknown): string => messageText(readMessage(type, json) as object);

describe('the text form of a message', () => {
  it('has the proto names and two spaces between the fields that are set', () => {
    const port = { number: 80, name: '', protocol: 'HTTP', targetPort: 8080 };
    expect(text('istio.networking.v1alpha3.Port', port)).toBe('number:80  protocol:"HTTP"  target_port:8080');
    expect(text('google.protobuf.BoolValue', true)).toBe('value:true');
    expect(text('google.protobuf.BoolValue', false)).toBe('');
    expect(text('google.protobuf.Duration', '1.5s')).toBe('seconds:1  nanos:500000000');
  });

  it('repeats the field for lists and maps, and has braces around messages', () => {
    const json = {
      proxyMetadata: { b: '2', a: '1' },
      extraStatTags: ['x', 'y'],
      tracing: { sampling: 0.5 },
      interceptionMode: 'TPROXY',
    };
    expect(text('istio.mesh.v1alpha1.ProxyConfig', json)).toBe(
      'interception_mode:TPROXY  tracing:{sampling:0.5}  proxy_metadata:{key:"a"  value:"1"}  ' +
        'proxy_metadata:{key:"b"  value:"2"}  extra_stat_tags:"x"  extra_stat_tags:"y"',
    );
    const ports = { portLevelMtls: { 100: {}, 20: {} } };
    expect(text('istio.security.v1beta1.PeerAuthentication', ports)).toBe(
      'port_level_mtls:{key:20  value:{}}  port_level_mtls:{key:100  value:{}}',
    );
  });

  it('escapes strings and bytes', () => {
    expect(text('google.protobuf.StringValue', '"\\\n\r\t\u0001é')).toBe('value:"\\"\\\\\\n\\r\\t\\x01é"');
    expect(text('google.protobuf.BytesValue', 'AP8=')).toBe('value:"\\x00\\xff"');
    expect(text('google.protobuf.BytesValue', 'YQ==')).toBe('value:"a"');
  });

  it.each([
    ['NaN', 'nan'],
    ['Infinity', 'inf'],
    ['-Infinity', '-inf'],
    [1e21, '1e+21'],
  ])('writes the double %j as %s', (json, expected) => {
    expect(text('google.protobuf.DoubleValue', json)).toBe(`value:${expected}`);
  });

  it('spells plain JSON out', () => {
    const value = { s: 'x', n: 1, b: true, z: null, l: [1, {}] };
    const filter = { configPatches: [{ patch: { value } }] };
    const fields = [
      'fields:{key:"b"  value:{bool_value:true}}',
      'fields:{key:"l"  value:{list_value:{values:{number_value:1}  values:{struct_value:{}}}}}',
      'fields:{key:"n"  value:{number_value:1}}',
      'fields:{key:"s"  value:{string_value:"x"}}',
      'fields:{key:"z"  value:{null_value:NULL_VALUE}}',
    ].join('  ');
    expect(text('istio.networking.v1alpha3.EnvoyFilter', filter)).toBe(`config_patches:{patch:{value:{${fields}}}}`);
    const url = 'type.googleapis.com/google.protobuf.ListValue';
    expect(text('google.protobuf.Any', { '@type': url, value: [1] })).toBe(`[${url}]:{values:{number_value:1}}`);
    const single = 'type.googleapis.com/google.protobuf.Value';
    expect(text('google.protobuf.Any', { '@type': single, value: 'x' })).toBe(`[${single}]:{string_value:"x"}`);
  });

  it('is that of a message', () => {
    expect(() => messageText({})).toThrow('not a protobuf message');
    expect(messageText(messageType('google.protobuf.Any').create())).toBe('');
  });
});
