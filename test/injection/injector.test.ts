import fastJsonPatch, { type Operation } from 'fast-json-patch';
import { describe, expect, it } from 'vitest';
import { createInjector, type Injector, type InjectorOptions } from '../../src/injection/index.ts';
import { deepFreeze, names } from './support.ts';

const sidecar = `
metadata:
  labels: {injected: "{{ .DeploymentMeta.Name }}-{{ .TypeMeta.Kind }}"}
spec:
  containers:
  - name: istio-proxy
    image: "{{ .ProxyImage }}"
    args: ["{{ .Revision }}", "{{ .NativeSidecars }}", "{{ .ProxyUID }}", "{{ .InboundTrafficPolicyMode }}"]
    env: [{name: PORT, value: "{{ .ProxyConfig.StatusPort }}"}]
`;

const indent = (text: string): string => text.replace(/^(?=.)/gm, '    ');
const config = (templates: Record<string, string>, rest = ''): string =>
  `policy: enabled\n${rest}\ntemplates:\n${Object.entries(templates)
    .map(([name, text]) => `  ${name}: |\n${indent(text)}\n`)
    .join('')}`;

const make = (options: Partial<InjectorOptions> = {}): Injector =>
  createInjector({ config: config({ sidecar }), values: '{"global":{"hub":"h","tag":"t"}}', ...options });

const review = (object: unknown, rest: object = {}) =>
  deepFreeze({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: 'u', namespace: 'shop', object, ...rest },
  });
const web = (metadata: object = {}, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', ...metadata },
  spec: { containers: [{ name: 'app' }], ...spec },
});

interface Patched {
  metadata: { namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: {
    containers: { name: string; image?: string; args?: string[]; env?: object[] }[];
    initContainers?: { name: string; image?: string }[];
  };
}

function patchedBy(injector: Injector, object: unknown, target?: string): Patched {
  const { response } = injector.inject(review(object), target).review;
  expect(response.allowed, response.status?.message).toBe(true);
  const operations = JSON.parse(Buffer.from(response.patch ?? '', 'base64').toString()) as Operation[];
  return fastJsonPatch.applyPatch(structuredClone(object) as Patched, operations, true).newDocument;
}

const denialOf = (injector: Injector, object: unknown) => {
  const { review: answer, report } = injector.inject(review(object));
  expect(answer.response).toMatchObject({ allowed: false });
  expect(report.outcome).toBe('denied');
  return [report.reason, answer.response.status?.message] as const;
};

describe('an injector', () => {
  it('injects what the template says', () => {
    const made = patchedBy(make(), web());
    expect(made.spec.containers).toEqual([
      { name: 'app' },
      {
        name: 'istio-proxy',
        image: 'h/proxyv2:t',
        args: ['default', 'true', '1337', 'passthrough'],
        env: [{ name: 'PORT', value: '15020' }],
        resources: {},
      },
    ]);
    expect(made.metadata.labels).toEqual({ injected: 'web-Pod' });
    expect(made.metadata.namespace).toBeUndefined();
    expect(made.metadata.annotations?.['sidecar.istio.io/status']).toContain('"containers":["istio-proxy"]');
  });

  it('answers the text of a body with text, the same each time', () => {
    const injector = make();
    const body = JSON.stringify(review(web()));
    const { text, report } = injector.answer(body, '/inject');
    expect(injector.answer(body, '/inject').text).toBe(text);
    expect(text).toMatch(
      /^\{"kind":"AdmissionReview","apiVersion":"admission\.k8s\.io\/v1","response":\{"uid":"u","allowed":true,"patch":"[^"]+","patchType":"JSONPatch"\}\}$/,
    );
    expect(report).toMatchObject({
      outcome: 'injected',
      reason: 'policy-enabled',
      uid: 'u',
      namespace: 'shop',
      pod: 'web',
      templates: ['sidecar'],
      containers: ['istio-proxy'],
      initContainers: [],
    });
  });

  it('takes the environment from the path', () => {
    const made = patchedBy(make(), web(), '/inject/net/n1/a/b?timeout=10s');
    expect(made.spec.containers[1]?.env).toEqual([
      { name: 'PORT', value: '15020' },
      { name: 'A', value: 'b' },
      { name: 'ISTIO_META_NETWORK', value: 'n1' },
    ]);
    expect(made.metadata.labels?.['topology.istio.io/network']).toBe('n1');
  });

  it('skips with a bare answer', () => {
    const { review: answer, report } = make().inject(review(web({ labels: { 'sidecar.istio.io/inject': 'false' } })));
    expect(answer.response).toEqual({ uid: 'u', allowed: true });
    expect(report).toMatchObject({ outcome: 'skipped', reason: 'refused-by-label', templates: [] });
  });

  it('names a pod that has no name yet by its prefix', () => {
    expect(make().inject(review({ metadata: { generateName: 'web-' }, spec: { containers: [] } })).report.pod).toBe(
      'web-***** (actual name not yet known)',
    );
  });

  it('tells in the report what it did not understand', () => {
    const made = web({ labels: { 'sidecar.istio.io/inject': 'yes' } }, { dnsPolicy: 'None', nodeName: 'gone' });
    const { report } = make().inject(review(made), '/inject/odd');
    expect(report.warnings).toEqual([
      expect.stringContaining('the last key odd'),
      expect.stringContaining('Invalid value for sidecar.istio.io/inject'),
      expect.stringContaining('node not found'),
      expect.stringContaining(`"shop/web"'s DNSPolicy is not "ClusterFirst"`),
    ]);
  });

  it('drops the bookkeeping of field managers without patching it', () => {
    const made = patchedBy(make(), web({ managedFields: [{ manager: 'm', fieldsV1: {} }] }));
    expect(made.metadata).toHaveProperty('managedFields');
  });

  it('keeps the way in which a user writes a quantity', () => {
    const container = { name: 'app', resources: { limits: { cpu: '3000m' } } };
    expect(patchedBy(make(), web({}, { containers: [container] })).spec.containers[0]).toEqual(container);
  });
});

describe('an injector between template and pod', () => {
  it('renders several templates onto one pod, each with the original data', () => {
    const templates = {
      one: 'spec: {containers: [{name: one, image: "{{ len .Spec.Containers }}"}]}',
      two: 'spec: {containers: [{name: two, image: "{{ len .Spec.Containers }}"}, {name: one, args: [x]}]}',
    };
    const made = patchedBy(
      make({ config: config(templates, 'aliases: {both: [one, two]}\ndefaultTemplates: [both]') }),
      web(),
    );
    expect(made.spec.containers.map(({ name, image, args }) => [name, image, args])).toEqual([
      ['two', '1', undefined],
      ['one', '1', ['x']],
      ['app', undefined, undefined],
    ]);
  });

  it('moves the proxy of a user to the init containers where the template has it there', () => {
    const templates = { sidecar: 'spec: {initContainers: [{name: istio-proxy, restartPolicy: Always}]}' };
    const own = web({}, { containers: [{ name: 'istio-proxy', image: 'own' }, { name: 'app' }] });
    const made = patchedBy(make({ config: config(templates) }), own);
    expect(names(made.spec.containers)).toEqual(['app']);
    expect(made.spec.initContainers).toMatchObject([{ name: 'istio-proxy', image: 'own', restartPolicy: 'Always' }]);
    const classic = patchedBy(make({ config: config(templates), features: { ENABLE_NATIVE_SIDECARS: 'false' } }), own);
    expect(names(classic.spec.containers)).toEqual(['app', 'istio-proxy']);
  });

  it('is native only where the cluster is known', () => {
    const native = (target: string) => patchedBy(make(), web(), target).spec.containers[1]?.args?.[1];
    const targets = ['/inject', '/inject/cluster/other', '/inject/:ENV:cluster='];
    expect(targets.map(native)).toEqual(['true', 'false', 'true']);
  });

  it('gives templates the ids of the namespace on OpenShift', () => {
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', annotations: { 'openshift.io/sa.scc.uid-range': '100/5' } },
    };
    const injector = make({ objects: [namespace], features: { PLATFORM: 'openshift' } });
    expect(patchedBy(injector, web()).spec.containers[1]?.args?.[2]).toBe('104');
    const own = web(
      {},
      { containers: [{ name: 'app' }, { name: 'istio-proxy', securityContext: { privileged: false } }] },
    );
    expect(injector.inject(review(own)).report.warnings).toEqual([expect.stringContaining('Resetting the UserID')]);
  });

  it('gives templates the proxy configuration of the pod', () => {
    const made = patchedBy(
      make({ mesh: 'defaultConfig: {statusPort: 15999}' }),
      web({ annotations: { 'proxy.istio.io/config': 'statusPort: 16000' } }),
    );
    expect(made.spec.containers[1]?.env).toEqual([{ name: 'PORT', value: '16000' }]);
    expect(made.metadata.annotations?.['prometheus.io/port']).toBe('15999');
  });

  it('puts the proxy first where the application has to wait for it', () => {
    const hold = { annotations: { 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true' } };
    expect(names(patchedBy(make(), web(hold)).spec.containers)).toEqual(['istio-proxy', 'app']);
  });

  it('changes nothing on re-injection', () => {
    const injector = make();
    const once = patchedBy(injector, web({ annotations: { 'prometheus.io/port': '9090' } }));
    const { patch } = injector.inject(review(once)).review.response;
    expect(patch).toBe('W10=');
  });
});

describe('an injector refuses', () => {
  const lead = 'failed to run injection template: ';

  it.each([
    [
      'an annotation with a wrong value',
      web({ annotations: { 'status.sidecar.istio.io/port': 'x' } }),
      {},
      'invalid-annotations',
      `${lead}1 error occurred:`,
    ],
    [
      'overrides that are no JSON',
      web({ annotations: { 'proxy.istio.io/overrides': 'x' } }),
      {},
      'invalid-overrides',
      `${lead}invalid character 'x'`,
    ],
    [
      'a status that Istio crashes on',
      web({ annotations: { 'sidecar.istio.io/status': '{"containers":"x"}' } }),
      {},
      'invalid-status',
      'failed to re apply container: ',
    ],
    [
      'an unknown template',
      web({ annotations: { 'inject.istio.io/templates': 'a' } }),
      { b: '', c: '' },
      'template-not-found',
      `${lead}requested template "a" not found; have b, c, sidecar`,
    ],
    [
      'a template that fails',
      web(),
      { sidecar: '{{ .Nope }}' },
      'template-failed',
      `${lead}template: inject:1:3: executing "inject" at <.Nope>`,
    ],
    [
      'a template that makes no YAML',
      web(),
      { sidecar: 'a: [' },
      'overlay-failed',
      `${lead}failed applying injection overlay: strategic merge: invalid JSON document`,
    ],
    [
      'a template that makes no map',
      web(),
      { sidecar: '[1]' },
      'overlay-failed',
      `${lead}failed applying injection overlay: strategic merge: invalid JSON document`,
    ],
    [
      'a container without a name',
      web(),
      { sidecar: 'spec: {containers: [{image: x}]}' },
      'merge-failed',
      `${lead}failed parsing generated injected YAML (check Istio sidecar injector configuration): strategic merge: map: map[image:x] does not contain declared merge key: name`,
    ],
    [
      'an object that is no pod',
      web({ labels: { a: 1 } }),
      {},
      'pod-undecodable',
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    ['a missing object', undefined, {}, 'pod-undecodable', 'unexpected end of JSON input'],
  ] as const)('%s', (_what, object, templates, reason, message) => {
    const [found, text] = denialOf(make({ config: config({ sidecar, ...templates }) }), object);
    expect(found).toBe(reason);
    expect(text?.startsWith(message), text).toBe(true);
  });

  it('a review without a request, which Istio crashes on', () => {
    const { review: answer, report } = make().inject({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' });
    expect(answer).toMatchObject({ kind: 'AdmissionReview', response: { uid: '', allowed: false } });
    expect(report.reason).toBe('request-missing');
  });

  it('what is no review, and repeats nothing of it', () => {
    const { text, report } = make().answer('{}', '/inject');
    expect(JSON.parse(text)).toEqual({
      response: { uid: '', allowed: false, status: { metadata: {}, message: "Object 'Kind' is missing in '{}'" } },
    });
    expect(report).toMatchObject({ outcome: 'denied', reason: 'review-undecodable', uid: '' });
  });

  it('what it cannot process at all, and goes on', () => {
    const trap = {
      get apiVersion(): string {
        throw new Error('trap');
      },
    };
    const injector = make();
    expect(injector.inject(trap).report.reason).toBe('internal-error');
    expect(injector.inject(review(web())).report.outcome).toBe('injected');
  });
});
