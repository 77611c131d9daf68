import { describe, expect, it } from 'vitest';
import {
  enumType,
  findMessageType,
  isWellKnown,
  isWrapper,
  messageType,
  messageTypeOf,
} from '../../src/protobuf/index.ts';
import istio from '../../src/protobuf/istio.json' with { type: 'json' };
import envoy from '../../src/protobuf/envoy.json' with { type: 'json' };
import { goCamelCase, jsonCamelCase } from '../../src/protobuf/names.ts';

describe('message types', () => {
  it('have their fields in declaration order, with all spellings of the names', () => {
    const type = messageType('istio.networking.v1alpha3.Destination');
    expect(type.goName).toBe('v1alpha3.Destination');
    expect(type.fields.map(({ name, index }) => [index, name])).toEqual([
      [0, 'host'],
      [1, 'subset'],
      [2, 'port'],
    ]);
    const match = messageType('istio.networking.v1alpha3.HTTPMatchRequest');
    expect(match.field('source_labels')).toMatchObject({
      name: 'source_labels',
      jsonName: 'sourceLabels',
      goName: 'SourceLabels',
      cardinality: 'map',
      keyKind: 'string',
      type: { kind: 'string' },
    });
    expect(match.field('sourceLabels')).toBe(match.field('source_labels'));
    expect(match.field('nothing')).toBeUndefined();
  });

  it('know which fields tell unset from zero', () => {
    const presence = (type: string, field: string): boolean | undefined => messageType(type).field(field)?.hasPresence;
    expect(presence('istio.networking.v1alpha3.Destination', 'host')).toBe(false);
    expect(presence('istio.networking.v1alpha3.Destination', 'port')).toBe(true);
    expect(presence('istio.networking.v1alpha3.StringMatch', 'exact')).toBe(true);
    expect(messageType('istio.networking.v1alpha3.StringMatch').field('exact')?.oneof).toBe('match_type');
  });

  it('are found among Envoy’s too, each once', () => {
    const cluster = findMessageType('envoy.config.cluster.v3.Cluster');
    expect(cluster?.field('connect_timeout')?.type.kind).toBe('message');
    expect(findMessageType('envoy.config.cluster.v3.Cluster')).toBe(cluster);
    expect(findMessageType('none.Such')).toBeUndefined();
    expect(findMessageType('constructor')).toBeUndefined();
    expect(() => messageType('none.Such')).toThrow('no message type none.Such');
    expect(() => enumType('none.Such')).toThrow('no enum type none.Such');
  });

  it('tell the well-known ones', () => {
    expect(isWrapper(messageType('google.protobuf.BoolValue'))).toBe(true);
    expect(isWrapper(messageType('google.protobuf.Empty'))).toBe(false);
    expect(isWellKnown(messageType('google.protobuf.Empty'))).toBe(true);
    expect(isWellKnown(messageType('istio.networking.v1alpha3.Percent'))).toBe(false);
  });
});

describe('messages', () => {
  it('show the proto3 defaults of what is not set, and list only what is', () => {
    const port = messageType('istio.networking.v1alpha3.Port').create();
    expect(port.number).toBe(0);
    expect(port.name).toBe('');
    expect(Object.keys(port)).toEqual([]);
    const tls = messageType('istio.networking.v1alpha3.ClientTLSSettings').create();
    expect([tls.mode, tls.subjectAltNames, tls.insecureSkipVerify]).toEqual(['DISABLE', [], undefined]);
    expect(messageType('istio.networking.v1alpha3.Subset').create().labels).toEqual({});
    expect(messageType('google.protobuf.Duration').create()).toHaveProperty('seconds', 0);
    expect(messageType('google.protobuf.UInt64Value').create().value).toBe(0n);
    expect(messageType('google.protobuf.BytesValue').create().value).toEqual(new Uint8Array());
  });

  it('know their type, other objects have none', () => {
    const type = messageType('istio.networking.v1alpha3.Port');
    expect(messageTypeOf(type.create())).toBe(type);
    expect(messageTypeOf({})).toBeUndefined();
  });
});

describe('enums', () => {
  it('have names and numbers, the first name of a number counts', () => {
    const type = enumType('istio.networking.v1alpha3.ClientTLSSettings.TLSmode');
    expect(type.zero).toBe('DISABLE');
    expect(type.numbers.get('ISTIO_MUTUAL')).toBe(3);
    expect(type.names.get(3)).toBe('ISTIO_MUTUAL');
    expect(enumType('envoy.config.core.v3.RequestMethod').zero).toBe('METHOD_UNSPECIFIED');
  });
});

describe('names', () => {
  it.each([
    ['source_labels', 'sourceLabels', 'SourceLabels'],
    ['meshMTLS', 'meshMTLS', 'MeshMTLS'],
    ['ipv4_cidr', 'ipv4Cidr', 'Ipv4Cidr'],
    ['ipv4addr', 'ipv4addr', 'Ipv4Addr'],
    ['sha_256', 'sha256', 'Sha_256'],
    ['_hidden', 'Hidden', 'XHidden'],
  ])('%s is %s in JSON and %s in Go', (name, json, go) => {
    expect(jsonCamelCase(name)).toBe(json);
    expect(goCamelCase(name)).toBe(go);
  });
});

describe('the tables', () => {
  const all = { ...istio.messages, ...envoy.messages } as Record<string, string[]>;

  it('name every type that a field has', () => {
    const names = Object.keys(all);
    expect(names.length).toBeGreaterThan(1500);
    for (const name of names) {
      for (const { type } of messageType(name).fields) {
        if (type.kind === 'message') expect(type.message().fields).toBeDefined();
        if (type.kind === 'enum') expect(type.enum().numbers.size).toBeGreaterThan(0);
      }
    }
  });

  it('have no field called like something that every object inherits', () => {
    for (const name of Object.keys(all)) {
      for (const field of messageType(name).fields) {
        expect(field.jsonName in {} || field.name in {}, `${name}.${field.name}`).toBe(false);
      }
    }
  });
});
