import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateCrd } from '../../../src/validation/crd/index.ts';
import { kindsWithSchema } from '../../../src/validation/crd/schema.ts';

const resource = (apiVersion: string, kind: string, spec: unknown): unknown => ({
  apiVersion,
  kind,
  metadata: { name: 'test', namespace: 'shop' },
  spec,
});
const virtualService = (spec: unknown): unknown => resource('networking.istio.io/v1', 'VirtualService', spec);
const destinationRule = (spec: unknown): unknown => resource('networking.istio.io/v1', 'DestinationRule', spec);
const serviceEntry = (spec: unknown): unknown => resource('networking.istio.io/v1', 'ServiceEntry', spec);

describe('a resource that its CRD accepts', () => {
  it.each([
    ['a route', virtualService({ hosts: ['a'], http: [{ route: [{ destination: { host: 'a' } }] }] })],
    ['a timeout of exactly 1 ms', virtualService({ hosts: ['a'], http: [{ timeout: '1ms' }] })],
    [
      'null where the schema is nullable',
      destinationRule({ host: 'a', trafficPolicy: { connectionPool: { http: { maxRetries: 3 } } } }),
    ],
    [
      'free content where unknown fields are preserved',
      resource('networking.istio.io/v1alpha3', 'EnvoyFilter', {
        configPatches: [{ patch: { value: { any: { thing: 1 } } } }],
      }),
    ],
    [
      'a status beside the spec',
      { ...(virtualService({ hosts: ['a'] }) as object), status: { observedGeneration: '3' } },
    ],
  ])('%s', (_name, object) => {
    expect(validateCrd(object)).toEqual({ allowed: true });
  });
});

describe('the schema stage', () => {
  it.each([
    [
      'a wrong type',
      virtualService({ hosts: 'a' }),
      'spec.hosts: Invalid value: "string": spec.hosts in body must be of type array: "string"',
    ],
    [
      'null for an object',
      virtualService({ http: [null] }),
      'spec.http[0]: Invalid value: "null": spec.http[0] in body must be of type object: "null"',
    ],
    ['a missing field', destinationRule({}), 'spec.host: Required value'],
    [
      'an unknown enum value',
      serviceEntry({ hosts: ['a'], location: 'MARS' }),
      'spec.location: Unsupported value: "MARS": supported values: "MESH_EXTERNAL", "MESH_INTERNAL"',
    ],
    [
      'two members of a oneOf',
      virtualService({ http: [{ match: [{ uri: { exact: '/a', prefix: '/b' } }] }] }),
      '<nil>: Invalid value: "": "spec.http[0].match[0].uri" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
    [
      'a number below the minimum',
      destinationRule({ host: 'a', trafficPolicy: { loadBalancer: { consistentHash: { minimumRingSize: -1 } } } }),
      'spec.trafficPolicy.loadBalancer.consistentHash.minimumRingSize: Invalid value: -1: spec.trafficPolicy.loadBalancer.consistentHash.minimumRingSize in body should be greater than or equal to 0',
    ],
    [
      'a number above the maximum',
      virtualService({ http: [{ directResponse: { status: 2 ** 40 } }] }),
      'spec.http[0].directResponse.status: Invalid value: 1099511627776: spec.http[0].directResponse.status in body should be less than or equal to 4294967295',
    ],
    [
      'a text beyond its length',
      serviceEntry({ hosts: ['a'], addresses: ['9'.repeat(65)] }),
      'spec.addresses[0]: Too long: may not be more than 64 bytes',
    ],
    [
      'too few items',
      serviceEntry({ hosts: [] }),
      'spec.hosts: Invalid value: 0: spec.hosts in body should have at least 1 items',
    ],
    [
      'bytes that are not base64',
      virtualService({ http: [{ directResponse: { status: 200, body: { bytes: '!' } } }] }),
      'spec.http[0].directResponse.body.bytes: Invalid value: "!": spec.http[0].directResponse.body.bytes in body must be of type byte: "!"',
    ],
  ])('%s', (_name, object, error) => {
    expect(validateCrd(object)).toMatchObject({ allowed: false, stage: 'schema', errors: [error] });
  });

  it('reports a missing spec only where the CRD requires one', () => {
    const without = (apiVersion: string, kind: string): unknown => ({ apiVersion, kind, metadata: { name: 'x' } });
    expect(validateCrd(without('networking.istio.io/v1', 'WorkloadEntry'))).toMatchObject({
      errors: ['spec: Required value'],
      fields: ['spec'],
    });
    expect(validateCrd(without('security.istio.io/v1', 'PeerAuthentication'))).toEqual({ allowed: true });
  });

  it('tells a fraction from a whole number and names the place of an error without path', () => {
    const verdict = validateCrd(
      destinationRule({ host: 'a', trafficPolicy: { outlierDetection: { maxEjectionPercent: 1.5 } } }),
    );
    expect(verdict.stage).toBe('schema');
    expect(new Set(verdict.fields)).toEqual(new Set(['spec.trafficPolicy.outlierDetection.maxEjectionPercent']));
  });

  it('reports a date that is none in a status', () => {
    const object = { ...(virtualService({}) as object), status: { conditions: [{ lastProbeTime: 'yesterday' }] } };
    expect(validateCrd(object)).toMatchObject({ stage: 'schema', fields: ['status.conditions[0].lastProbeTime'] });
  });
});

describe('hostile values of the schema stage', () => {
  it('refuses a value where others are listed, however deep it is nested', () => {
    let mode: unknown = 'STRICT';
    for (let depth = 0; depth < 100_000; depth++) mode = [mode];
    const verdict = validateCrd(resource('security.istio.io/v1', 'PeerAuthentication', { mtls: { mode } }));
    expect(verdict).toMatchObject({ stage: 'schema', fields: ['spec.mtls.mode', 'spec.mtls.mode'] });
  });

  it('shows a value where others are listed with its keys in order', () => {
    const mode = { b: 1e-5, a: ['x'] };
    const verdict = validateCrd(resource('security.istio.io/v1', 'PeerAuthentication', { mtls: { mode } }));
    expect(verdict.errors).toContainEqual(expect.stringContaining('Unsupported value: {"a":["x"],"b":0.00001}: '));
  });
});

describe('numbers of the schema stage', () => {
  const priority = (value: number): unknown =>
    resource('networking.istio.io/v1alpha3', 'EnvoyFilter', { priority: value });

  it('takes whole numbers of 64 bits for integers, and no larger ones', () => {
    expect(validateCrd(priority(2 ** 62))).toEqual({ allowed: true });
    expect(validateCrd(priority(1e20))).toMatchObject({
      stage: 'schema',
      errors: [
        'spec.priority: Invalid value: "number": spec.priority in body must be of type integer: "number"',
        '<nil>: Invalid value: "": Checked value must be of type integer (default format) in spec.priority',
      ],
    });
  });

  it('shows floating-point numbers with exponents', () => {
    const verdict = validateCrd(virtualService({ http: [{ directResponse: { status: 4294967295.5 } }] }));
    expect(verdict.errors).toContain(
      'spec.http[0].directResponse.status: Invalid value: 4.2949672955e+09: spec.http[0].directResponse.status in body should be less than or equal to 4.294967295e+09',
    );
  });
});

describe('formats and alternatives of the schema stage', () => {
  const withBytes = (bytes: unknown): unknown =>
    virtualService({ http: [{ directResponse: { status: 200, body: { bytes } } }] });
  const withStatus = (status: unknown): unknown => ({ ...(virtualService({}) as object), status });
  const wrongType = (path: string, expected: string, actual: string): string =>
    `${path}: Invalid value: "${actual}": ${path} in body must be of type ${expected}: "${actual}"`;
  const bytes = 'spec.http[0].directResponse.body.bytes';

  it('takes a list for a text that has a format, as the API server does', () => {
    expect(validateCrd(withBytes([]))).toEqual({ allowed: true });
  });

  it.each([
    [5, wrongType(bytes, 'byte', 'int64')],
    [1.5, wrongType(bytes, 'byte', 'float64')],
    [true, wrongType(bytes, 'byte', '')],
    [null, wrongType(bytes, 'string', 'null')],
    ['', wrongType(bytes, 'byte', '')],
  ])('refuses %j for bytes', (value, error) => {
    expect(validateCrd(withBytes(value)).errors).toEqual([error]);
  });

  it('takes whole numbers and texts where either may stand, and nothing else', () => {
    const path = 'status.observedGeneration';
    expect(validateCrd(withStatus({ observedGeneration: 5 }))).toEqual({ allowed: true });
    expect(validateCrd(withStatus({ observedGeneration: '5' }))).toEqual({ allowed: true });
    expect(validateCrd(withStatus({ observedGeneration: null })).errors).toEqual([
      wrongType(path, 'integer,string', 'null'),
    ]);
    expect(validateCrd(withStatus({ observedGeneration: true })).errors).toEqual([
      wrongType(path, 'integer,string', 'boolean'),
      `<nil>: Invalid value: "": "${path}" must validate at least one schema (anyOf)`,
      wrongType(path, 'integer', 'boolean'),
    ]);
  });

  it.each([
    ['2024-02-29T00:00:00Z', true],
    ['2024-02-29t23:59:59.5+25:61', true],
    ['2024-02-29T00:00:00,5Z', true],
    ['2023-02-29T00:00:00Z', false],
    ['2024-01-01 00:00:00Z', false],
    ['2024-01-01T24:00:00Z', false],
    ['2024-01-01T00:00:00', false],
  ])('takes %s for a time: %s', (lastProbeTime, valid) => {
    expect(validateCrd(withStatus({ conditions: [{ lastProbeTime }] })).allowed).toBe(valid);
  });
});

describe('the list-type stage', () => {
  it('reports a key that stands twice once, however often it stands', () => {
    const port = { name: 'http', number: 80, protocol: 'HTTP' };
    expect(
      validateCrd(serviceEntry({ hosts: ['a'], ports: [port, port, { ...port, name: 'b' }, port] })),
    ).toMatchObject({
      stage: 'listType',
      errors: ['spec.ports[1]: Duplicate value: {"name":"http"}'],
    });
  });
});

describe('the unknown-fields stage', () => {
  it('lists every field that the API server would drop, but none of metadata', () => {
    const object = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'x', whatever: 1 },
      spec: { hosts: ['a'], Hosts: [], http: [{ rout: [] }] },
      extra: 1,
    };
    expect(validateCrd(object)).toMatchObject({
      stage: 'unknownFields',
      errors: ['spec.Hosts', 'spec.http[0].rout', 'extra'],
    });
  });
});

describe('keys of maps in the CEL stage', () => {
  const selecting = (matchLabels: unknown): unknown =>
    resource('networking.istio.io/v1beta1', 'ProxyConfig', { selector: { matchLabels } });
  const onPort = (port: string): unknown =>
    resource('security.istio.io/v1', 'PeerAuthentication', {
      selector: { matchLabels: { app: 'a' } },
      portLevelMtls: { [port]: { mode: 'STRICT' } },
    });

  it.each(['constructor', '__proto__', 'toString'])('takes %s for a label like any other', (key) => {
    expect(validateCrd(selecting(JSON.parse(`{"${key}":"x"}`)))).toEqual({ allowed: true });
    expect(validateCrd(selecting(JSON.parse(`{"${key}":"*"}`)))).toMatchObject({
      errors: [expect.stringContaining('wildcard not allowed in label value match')],
    });
  });

  it.each(['80', '+80', '080'])('takes %s for a port, as Go does', (port) => {
    expect(validateCrd(onPort(port))).toEqual({ allowed: true });
  });

  it.each(['', '0b1010000', '0o120', '0X50', '8e1'])('takes "%s" for no number', (port) => {
    expect(validateCrd(onPort(port))).toMatchObject({
      stage: 'cel',
      errors: [expect.stringContaining("type conversion error from 'string' to 'int'")],
    });
  });

  it('names the index that a text is too short for', () => {
    const entry = resource('networking.istio.io/v1', 'WorkloadEntry', { address: 'unix://' });
    expect(validateCrd(entry).errors).toContainEqual(expect.stringContaining('index out of range: 8 evaluating rule'));
  });
});

describe('the CEL stage', () => {
  it.each([
    [
      'a duration below 1 ms',
      virtualService({ http: [{ timeout: '100us' }] }),
      'spec.http[0].timeout: Invalid value: "100us": must be a valid duration greater than 1ms',
    ],
    [
      'a text that is no duration',
      virtualService({ http: [{ timeout: 'soon' }] }),
      "spec.http[0].timeout: Invalid value: \"string\": type conversion error from 'string' to 'google.protobuf.Duration' evaluating rule: must be a valid duration greater than 1ms",
    ],
    [
      'a port outside its range',
      serviceEntry({ hosts: ['a'], ports: [{ name: 'p', number: 65536 }] }),
      'spec.ports[0].number: Invalid value: 65536: port must be between 1-65535',
    ],
    [
      'a wildcard in a label value',
      resource('security.istio.io/v1', 'PeerAuthentication', { selector: { matchLabels: { app: '*' } } }),
      'spec.selector.matchLabels[app]: Invalid value: "*": wildcard not allowed in label value match',
    ],
    [
      'selector and targetRef',
      resource('security.istio.io/v1', 'AuthorizationPolicy', {
        selector: {},
        targetRef: { kind: 'Gateway', name: 'g' },
      }),
      'spec: Invalid value: only one of targetRefs or selector can be set',
    ],
    [
      'a port key that is no number',
      resource('security.istio.io/v1', 'PeerAuthentication', {
        selector: { matchLabels: { a: 'b' } },
        portLevelMtls: { x: {} },
      }),
      "spec.portLevelMtls: Invalid value: \"object\": type conversion error from 'string' to 'int' evaluating rule: port must be between 1-65535",
    ],
    [
      'a URL of another scheme',
      resource('security.istio.io/v1', 'RequestAuthentication', { jwtRules: [{ issuer: 'i', jwksUri: 'ftp://a' }] }),
      'spec.jwtRules[0].jwksUri: Invalid value: "ftp://a": url must have scheme http:// or https://',
    ],
    [
      'a text that is no URL',
      resource('security.istio.io/v1', 'RequestAuthentication', {
        jwtRules: [{ issuer: 'i', jwksUri: 'http://[::1' }],
      }),
      'spec.jwtRules[0].jwksUri: Invalid value: "string": URL parse error during conversion from string: parse "http://[::1": missing \']\' in host evaluating rule: url must have scheme http:// or https://',
    ],
  ])('%s', (_name, object, error) => {
    expect(validateCrd(object)).toMatchObject({ allowed: false, stage: 'cel', errors: [error] });
  });

  it('reports the rules of an object before those of its fields', () => {
    const verdict = validateCrd(
      serviceEntry({ hosts: ['*'], workloadSelector: {}, endpoints: [{ address: '1.1.1.1' }], resolution: 'STATIC' }),
    );
    expect(verdict.fields).toEqual(['spec', 'spec.hosts[0]']);
  });
});

describe('what has no CRD', () => {
  it.each([
    [
      'another kind',
      { apiVersion: 'networking.istio.io/v1', kind: 'Foo' },
      'no matches for kind "Foo" in version "networking.istio.io/v1"',
    ],
    [
      'another version',
      { apiVersion: 'networking.istio.io/v9', kind: 'Gateway' },
      'no matches for kind "Gateway" in version "networking.istio.io/v9"',
    ],
    [
      'an inherited name',
      { apiVersion: 'constructor', kind: 'toString' },
      'no matches for kind "toString" in version "constructor"',
    ],
  ])('is refused at stage kind: %s', (_name, object, text) => {
    expect(validateCrd(object)).toMatchObject({ allowed: false, stage: 'kind', errors: [`kind: ${text}`] });
  });

  it('is refused when it is not an object at all', () => {
    for (const value of [null, 1, 'x', []]) expect(validateCrd(value)).toMatchObject({ allowed: false, stage: 'kind' });
  });
});

it('knows every kind of Istio 1.30 in every served version', () => {
  expect(kindsWithSchema()).toHaveLength(33);
});

it('answers any JSON below spec, and leaves it as it was', () => {
  const kinds = kindsWithSchema().map((name) => name.split('/'));
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.jsonValue(), ([group, version, kind], spec) => {
      const object = { apiVersion: `${group}/${version}`, kind, metadata: {}, spec };
      const before = JSON.stringify(object);
      expect(typeof validateCrd(object).allowed).toBe('boolean');
      expect(JSON.stringify(object)).toBe(before);
    }),
    { seed: 1, numRuns: 500 },
  );
});
