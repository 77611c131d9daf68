import { describe, expect, it } from 'vitest';
import { checkFile, renderReports, unreadableFile } from '../../../src/validation/offline/index.ts';
import type { OfflineOptions } from '../../../src/validation/offline/index.ts';
import { splitDocuments } from '../../../src/validation/offline/documents.ts';

const texts = (text: string, options?: OfflineOptions): string[] =>
  checkFile('r.yaml', text, options).findings.map((finding) => `${finding.severity}: ${finding.text}`);

const gateway = (spec: string, meta = 'name: g'): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { ${meta} }\nspec: ${spec}\n`;
const goodSpec = '{ servers: [{ hosts: [a.com], port: { number: 80, name: http, protocol: HTTP } }] }';

describe('documents', () => {
  it.each([
    ['', []],
    ['a: 1', [['a: 1\n', 0]]],
    ['---\n', [['---\n', 0]]],
    [
      '---\na: 1\n--- # next\nb: 2\n',
      [
        ['---\na: 1\n', 0],
        ['b: 2\n', 3],
      ],
    ],
    [
      'a: 1\n---\n---\nb: 2',
      [
        ['a: 1\n', 0],
        ['---\nb: 2\n', 2],
      ],
    ],
    ['a: 1\n---\n', [['a: 1\n', 0]]],
  ])('%j', (text, expected) => {
    const { documents, fault } = splitDocuments(text);
    expect(documents.map((document) => [document.text, document.line])).toEqual(expected);
    expect(fault).toBeUndefined();
  });

  it('takes only what Go takes for white space after a separator: a byte order mark is none', () => {
    expect(splitDocuments('---\u0085\na: 1\n').fault).toBeUndefined();
    expect(splitDocuments('---\ufeff\na: 1\n').fault).toEqual({
      message: 'invalid Yaml document separator: \ufeff',
      line: 0,
    });
  });

  it('stops at a separator with something after it', () => {
    expect(splitDocuments('a: 1\n--- b: 2\nc: 3\n')).toMatchObject({
      documents: [],
      fault: { message: 'invalid Yaml document separator: b: 2', line: 1 },
    });
  });
});

describe('files', () => {
  it.each([
    ['nothing', ''],
    ['other resources', 'apiVersion: v1\nkind: ConfigMap\n'],
    ['kinds that Istio does not have', 'apiVersion: networking.istio.io/v1\nkind: Nope\nspec: 5\n'],
    ['versions that Istio does not serve', 'apiVersion: networking.istio.io/v9\nkind: Gateway\nspec: {}\n'],
    ['kinds of the Gateway API', 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nspec: {}\n'],
    ['a good resource', gateway(goodSpec)],
    ['Istio resources in lists', 'kind: List\nitems:\n- apiVersion: networking.istio.io/v1\n  kind: Gateway\n'],
  ])('finds nothing in %s', (_name, text) => {
    expect(texts(text)).toEqual([]);
  });

  it('refuses fields that the message does not have, at any depth', () => {
    expect(texts(gateway('{ bogus: 1 }'))).toEqual([
      'error: Gateway//g: cannot parse proto message: unknown field "bogus" in istio.networking.v1alpha3.Gateway',
    ]);
  });

  it('refuses unknown fields in specs of the Gateway API', () => {
    const route = 'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nspec: { rules: [], bogus: 1 }\n';
    expect(texts(route)).toEqual(['error: HTTPRoute//: cannot parse proto message: json: unknown field "bogus"']);
  });

  it('refuses every unknown field around the spec, and then does not look at the spec', () => {
    expect(texts(`${gateway('{}')}junk: 1\n__proto__: 2\n`)).toEqual([
      'error: Gateway//g: unknown field "junk"',
      'error: Gateway//g: unknown field "__proto__"',
    ]);
  });

  it('checks the metadata as the webhook does', () => {
    const annotations = '"internal.istio.io/parents": x';
    expect(texts(gateway(goodSpec, `name: g, annotations: { ${annotations} }`))).toEqual([
      'error: Gateway//g: "internal.istio.io/parents" annotation found, this may not be set by users',
    ]);
  });

  it('fills in the namespace only for the checks', () => {
    const virtualService = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: a }
spec: { hosts: [a.com], exportTo: [., ns], http: [{ route: [{ destination: { host: a } }] }] }
`;
    expect(texts(virtualService)).toEqual([]);
    expect(texts(virtualService, { namespace: 'ns' })).toEqual([
      'error: VirtualService//a: duplicate entries in exportTo for entry ns',
    ]);
  });

  it('does not read on after a document that cannot be decoded', () => {
    const { findings } = checkFile('r.yaml', `${gateway('{}')}---\na: 1\na: 2\n---\n${gateway('{}')}`);
    expect(findings.map(({ code, position }) => [code, position])).toEqual([
      ['server-required', undefined],
      ['document-decode', { line: 2, column: expect.any(Number) as number }],
    ]);
  });

  it.each(['- a', 'hello', 'true', '5'])('refuses the document %s', (text) => {
    expect(texts(text)).toEqual([
      expect.stringMatching(/^error: failed to decode file r\.yaml: {2}error unmarshaling JSON: .* into Go value/),
    ]);
  });

  it('adds the rules of the CRD when asked', () => {
    const text = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nspec: { mtls: { mode: 77 } }\n';
    expect(texts(text)).toEqual([]);
    const [finding] = checkFile('r.yaml', text, { crd: true }).findings;
    expect(finding).toMatchObject({ severity: 'error', code: 'crd-schema' });
    expect(finding?.path?.toString()).toBe('spec.mtls.mode');
  });
});

describe('Services', () => {
  const service = (ports: string, namespace = 'default'): string =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: s, namespace: ${namespace} }\nspec: { ports: ${ports} }\n`;
  const requirements = 'See https://istio.io/v1.30/docs/ops/deployment/requirements/';

  it.each([
    '[]',
    '[{ name: http-x }, { name: grpc-web-a }, { name: TCP }]',
    '[{ name: x, protocol: udp }]',
    '[{ appProtocol: grpc }]',
  ])('takes the ports %s', (ports) => {
    expect(texts(service(ports))).toEqual([]);
  });

  it.each([
    ['[{}]', `service "s/default/:" has an unnamed port. This is not recommended, ${requirements}`],
    [
      '[{ name: foo-http }]',
      `service "s/default/:" port "foo-http" does not follow the Istio naming convention. ${requirements}`,
    ],
    [
      '[{ name: http, appProtocol: foo }]',
      `service "s/default/:" doesn't follow Istio protocol selection. This is not recommended, See https://istio.io/v1.30/docs/ops/configuration/traffic-management/protocol-selection/`,
    ],
  ])('refuses the ports %s', (ports, text) => {
    expect(texts(service(ports))).toEqual([`error: Service/default/s: ${text}`]);
  });

  it('are not looked at in the namespace of Istio', () => {
    expect(texts(service('[{}]', 'istio-system'))).toEqual([]);
    expect(texts(service('[{}]', 'mesh'), { istioNamespace: 'mesh' })).toEqual([]);
  });

  it('are looked at in lists', () => {
    const item = service('[{}]')
      .replaceAll(/^(?=.)/gm, '  ')
      .replace('  ', '- ');
    const { findings } = checkFile('r.yaml', `apiVersion: v1\nkind: List\nitems:\n${item}`);
    expect(findings.map(({ text, path }) => [text, path?.toString()])).toEqual([
      [
        `List//: service "s/default/:" has an unnamed port. This is not recommended, ${requirements}`,
        'items[0].spec.ports[0]',
      ],
    ]);
  });
});

describe('Deployments', () => {
  const notes = (labels: string): readonly string[] =>
    checkFile(
      'r.yaml',
      `kind: Deployment\nmetadata: { name: d }\nspec: { template: { metadata: { labels: ${labels} } } }\n`,
    ).notes;

  it('are fine with the labels of telemetry', () => {
    expect(notes('{ app: a, version: b }')).toEqual([]);
    expect(notes('{ app.kubernetes.io/name: a, service.istio.io/canonical-revision: b }')).toEqual([]);
  });

  it('get a note without them', () => {
    expect(notes('{ z: "1", app: a }')).toEqual([
      'deployment "d/:" may not provide Istio metrics and telemetry labels: map["app":"a" "z":"1"]. See https://istio.io/v1.30/docs/ops/deployment/requirements/',
    ]);
    expect(notes('null')).toHaveLength(1);
  });

  it('are refused with labels that are no texts', () => {
    expect(texts('kind: Deployment\nspec: { template: { metadata: { labels: { a: 1 } } } }\n')).toEqual([
      expect.stringContaining('.metadata.labels accessor error'),
    ]);
  });
});

describe('IstioOperators', () => {
  const operator = (rest: string): string =>
    `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: x }\n${rest}`;

  it.each([
    'spec: { profile: default, values: { a: 1 }, meshConfig: { b: 2 } }',
    'spec: { Profile: default }',
    'spec: { components: { pilot: { enabled: true, k8s: { x: 1 } }, ingressGateways: [{ name: g, enabled: true }] } }',
    '',
  ])('takes %s', (rest) => {
    expect(texts(operator(rest))).toEqual([]);
  });

  it.each([
    ['spec: { bogus: 1 }', 'could not unmarshal: json: unknown field "bogus"'],
    ['spec: { components: { egressGateways: [{}, { nope: 1 }] } }', 'could not unmarshal: json: unknown field "nope"'],
    ['junk: 1', 'unknown field "junk"'],
  ])('refuses %s', (rest, text) => {
    expect(texts(operator(rest))).toEqual([`error: IstioOperator//x: ${text}`]);
  });
});

it('looks at no other kind of the installer', () => {
  const other = 'apiVersion: install.istio.io/v1alpha1\nkind: Other\nmetadata: { name: x }\nspec: { bogus: 1 }';
  expect(texts(other)).toEqual([]);
});

describe('the text of istioctl', () => {
  const good = checkFile('good.yaml', gateway(goodSpec));
  const bad = checkFile('bad.yaml', gateway('{}'));
  const warned = checkFile(
    '-',
    'apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: { name: w }\nspec: { network: net }\n',
  );

  it('says that files are valid', () => {
    expect(renderReports([good, good, { ...good, file: '-' }])).toEqual({
      output: '"good.yaml" is valid\nvalidation succeed\n',
    });
  });

  it('says of warnings and errors, and then nothing of good files', () => {
    const warning = 'WorkloadEntry//w: address is unset with network "net"';
    expect(renderReports([good, warned])).toEqual({ output: `"good.yaml" is valid\n\n\t* ${warning}\n` });
    expect(renderReports([good, { ...warned, file: 'w.yaml' }, bad, unreadableFile('x', 'cannot stat')])).toEqual({
      output: `"w.yaml" has warnings: \n\t* ${warning}\n\n`,
      error: '2 errors occurred:\n\t* Gateway//g: gateway must have at least one server\n\t* cannot stat\n\n',
    });
  });
});
