import { describe, expect, it } from 'vitest';
import { JsonNumber } from '../../src/protobuf/index.ts';
import { rules, validate } from '../../src/validation/index.ts';
import { judge, resource } from './support.ts';

const fine = { hosts: ['a.com'], http: [{ route: [{ destination: { host: 'a' } }] }] };
const virtualService = (metadata: object = {}): object => resource('VirtualService', fine, metadata);

describe('validate', () => {
  it.each(['DELETE', 'CONNECT', 'create', '', undefined])('allows operation %s unread', (operation) => {
    expect(validate({ operation, object: 5 })).toEqual({ allowed: true, failure: 'unsupported_operation' });
  });

  it('allows a valid object', () => {
    expect(judge(virtualService())).toEqual({ allowed: true });
  });

  it('gives warnings with what it allows only', () => {
    const warning = { hosts: ['a.com'], http: [...fine.http, {}], gateways: ['a.b'] };
    expect(judge(resource('VirtualService', warning)).warnings).toBeUndefined();
    expect(judge(resource('VirtualService', { ...warning, http: fine.http })).warnings).toHaveLength(1);
  });

  it('tells how and where an object is invalid, as the API conventions have it', () => {
    expect(judge(resource('VirtualService', { ...fine, hosts: ['a_b'] }))).toEqual({
      allowed: false,
      message: 'configuration is invalid: domain name "a_b" invalid (label "a_b" invalid)',
      failure: 'invalid_resource',
      status: {
        code: 422,
        reason: 'Invalid',
        details: {
          name: 'test',
          group: 'networking.istio.io',
          kind: 'VirtualService',
          causes: [
            {
              field: 'spec.hosts[0]',
              reason: 'FieldValueInvalid',
              message: 'domain name "a_b" invalid (label "a_b" invalid)',
            },
          ],
        },
      },
    });
  });

  it.each([
    [undefined, 'unexpected end of JSON input'],
    [null, 'unexpected end of JSON input'],
    [[], 'json: cannot unmarshal array into Go value of type crd.IstioKind'],
    [5, 'json: cannot unmarshal number into Go value of type crd.IstioKind'],
    [new JsonNumber('5.0'), 'json: cannot unmarshal number into Go value of type crd.IstioKind'],
    [{ metadata: 'x' }, 'json: cannot unmarshal string into Go struct field IstioKind.metadata of type v1.ObjectMeta'],
    [{ kind: true }, 'json: cannot unmarshal bool into Go struct field IstioKind.kind of type string'],
    [
      virtualService({ labels: { a: 1 } }),
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      virtualService({ labels: ['a'] }),
      'json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string',
    ],
    [
      virtualService({ generation: '5' }),
      'json: cannot unmarshal string into Go struct field ObjectMeta.metadata.generation of type int64',
    ],
    [
      virtualService({ generation: new JsonNumber('5.0') }),
      'json: cannot unmarshal number 5.0 into Go struct field ObjectMeta.metadata.generation of type int64',
    ],
    [
      virtualService({ creationTimestamp: 'x' }),
      'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
    ],
    [
      virtualService({ creationTimestamp: 5 }),
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string',
    ],
    [
      virtualService({ generation: new JsonNumber('9223372036854775808') }),
      'json: cannot unmarshal number 9223372036854775808 into Go struct field ObjectMeta.metadata.generation of type int64',
    ],
    [
      virtualService({ uid: 5 }),
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.uid of type types.UID',
    ],
    [
      virtualService({ finalizers: [5] }),
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.finalizers of type string',
    ],
    [
      virtualService({ finalizers: 'x' }),
      'json: cannot unmarshal string into Go struct field ObjectMeta.metadata.finalizers of type []string',
    ],
    [
      virtualService({ ownerReferences: [{}, { controller: 'x' }] }),
      'json: cannot unmarshal string into Go struct field OwnerReference.metadata.ownerReferences.controller of type bool',
    ],
  ])('refuses what is no object: %j', (object, fault) => {
    const verdict = judge(object);
    expect(verdict).toMatchObject({ message: `cannot decode configuration: ${fault}`, failure: 'yaml_decode_error' });
    expect(verdict.status).toMatchObject({ code: 400, reason: 'BadRequest' });
  });

  it('takes metadata that fits, null and unknown fields included', () => {
    const metadata = {
      generation: 5,
      creationTimestamp: '2026-01-02T03:04:05Z',
      deletionTimestamp: null,
      labels: null,
      annotations: { a: null },
      ownerReferences: [{ controller: true, uid: 'x' }],
      managedFields: [{ fieldsV1: { 'f:spec': {} }, time: '2026-01-02T03:04:05+01:00' }],
      unknown: 5,
    };
    expect(judge(virtualService(metadata))).toEqual({ allowed: true });
    expect(judge({ ...virtualService(), metadata: null })).toEqual({ allowed: true });
  });

  it.each([
    ['networking.istio.io/v99', 'VirtualService', undefined],
    ['networking.istio.io/v1', 'Foo', 'networking.istio.io/v1, Kind=Foo'],
    ['v1', 'Pod', '/v1, Kind=Pod'],
    [undefined, 'Pod', '/, Kind=Pod'],
    ['a/b/c', 'Pod', '/, Kind=Pod'],
    ['/', 'Pod', '/, Kind=Pod'],
  ])('knows kinds by group: %s %s', (apiVersion, kind, unknown) => {
    const verdict = judge({ ...virtualService(), apiVersion, kind });
    expect(verdict.message).toBe(unknown === undefined ? undefined : `unrecognized type ${unknown}`);
    expect(verdict.failure).toBe(unknown === undefined ? undefined : 'unknown_type');
  });

  it('names the field that cannot be decoded', () => {
    const spec = { hosts: ['a.com'], http: [{ match: [{ port: new JsonNumber('80.0') }] }] };
    expect(judge(resource('VirtualService', spec))).toMatchObject({
      message: 'error decoding configuration: json: cannot unmarshal number 80.0 into Go value of type uint32',
      failure: 'crd_conversion_error',
      status: { details: { causes: [{ field: 'spec.http[0].match[0].port' }] } },
    });
  });

  it('refuses other top-level keys last, with the kind and namespace of the request', () => {
    const verdict = validate({
      operation: 'UPDATE',
      kind: { kind: 'Foo' },
      namespace: 'other',
      object: { ...virtualService(), data: 1 },
    });
    expect(verdict.message).toBe('unknown field "data" on Foo resource other/test');
    expect(judge({ ...virtualService(), apiversion: 'networking.istio.io/v1' }).message).toMatch(
      /^unknown field "apiversion"/,
    );
  });

  it.each([
    [
      { 'istio.io/dry-run': 'true' },
      'ns/test has unsupported annotation istio.io/dry-run, please remove the annotation',
    ],
    [
      { 'internal.istio.io/webhook-always-reject': '' },
      '"internal.istio.io/webhook-always-reject" annotation found, rejecting',
    ],
    [
      { 'internal.istio.io/parents': 'a' },
      '"internal.istio.io/parents" annotation found, this may not be set by users',
    ],
    [
      { 'internal.istio.io/parent-namespace': 'a' },
      '"internal.istio.io/parent-namespace" annotation found, this may not be set by users',
    ],
  ])('refuses annotations: %j', (annotations, message) => {
    const verdict = judge(resource('VirtualService', {}, { annotations }));
    expect(verdict.message).toBe(`configuration is invalid: ${message}`);
    expect(verdict.isProbe).toBe('internal.istio.io/webhook-always-reject' in annotations ? true : undefined);
  });

  it.each([
    ['true', 'ALLOW', undefined],
    ['F', 'DENY', undefined],
    [
      'x',
      'DENY',
      'ns/test has annotation istio.io/dry-run with invalid value (x): strconv.ParseBool: parsing "x": invalid syntax',
    ],
    [
      'x',
      'AUDIT',
      'the annotation istio.io/dry-run currently only supports action ALLOW/DENY, found action AUDIT in ns/test',
    ],
  ])('lets AuthorizationPolicies run dry: %s, %s', (value, action, message) => {
    const metadata = { annotations: { 'istio.io/dry-run': value } };
    const verdict = judge(resource('AuthorizationPolicy', { action, rules: [{}] }, metadata, 'security.istio.io'));
    expect(verdict.message).toBe(message === undefined ? undefined : `configuration is invalid: ${message}`);
  });

  it('has a sentence and a cause for every rule', () => {
    for (const { summary, cause } of Object.values(rules)) {
      expect(summary).toMatch(/\.$/);
      expect(cause).toMatch(/^FieldValue/);
    }
  });
});
