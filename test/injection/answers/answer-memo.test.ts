/** Replicas get the answer of the first ones, but only where that is what they would get anyway. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInjector, type Injector, type InjectorOptions } from '../../../src/injection/index.ts';
import { randomNumbers } from '../../support/mutate.ts';
import { drawOwn, replicaOf, type Own } from '../../support/replicas.ts';

const indent = (text: string): string => text.replace(/^(?=.)/gm, '    ');
const proxy = 'spec: {containers: [{name: istio-proxy, image: "{{ .ProxyImage }}"}]}';

interface Setup extends Partial<InjectorOptions> {
  readonly template?: string;
}

const make = ({ template = proxy, ...options }: Setup = {}): Injector =>
  createInjector({
    config: `policy: enabled\ntemplates:\n  sidecar: |\n${indent(template)}`,
    values: '{"global":{"hub":"h","tag":"t"}}',
    ...options,
  });

const random = randomNumbers(7);
const owns: readonly Own[] = Array.from({ length: 20 }, () => drawOwn(random));
const own = (index: number): Own => owns[index] as Own;

const review = (object: unknown, rest: object = {}) => ({
  kind: 'AdmissionReview',
  apiVersion: 'admission.k8s.io/v1',
  request: { uid: '', namespace: 'shop', ...rest, object },
});
const web = (metadata: object = {}, spec: object = {}) =>
  review({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'web-', ...metadata },
    spec: { containers: [{ name: 'app' }], ...spec },
  });

type Body = (own: Own) => string;
const replicas =
  (of = web()): Body =>
  (own) =>
    replicaOf(of, own);

/** How often something is rendered, of a body each for 20 replicas; every answer is held against that of a fresh injector. */
function renderings(bodies: Body, setup: Setup = {}, path = '/inject'): number {
  let rendered = 0;
  let counting = true;
  const spend = () => {
    if (counting) rendered++;
  };
  const warm = make({ ...setup, context: { ...setup.context, spend } });
  for (const one of owns) {
    const body = bodies(one);
    const before = rendered;
    const answer = warm.answer(body, path);
    const didRender = rendered > before;
    counting = false;
    expect(answer).toEqual(make(setup).answer(body, path));
    counting = true;
    rendered = before + (didRender ? 1 : 0);
  }
  return rendered;
}

/** All but the first two replicas get what is remembered. */
const remembered = 2;
const never = owns.length;

describe('answers to replicas', () => {
  it.each<[string, Body, Setup?]>([
    ['pods of one template', replicas()],
    ['pods without a token', ({ uid }) => JSON.stringify(review(web().request.object, { uid }))],
    [
      'pods with escapes as Go writes them',
      (one) => replicas(web({}, { hostname: 'a<b' }))(one).replace('<', '\\u003c'),
    ],
    ['keys in another order', (one) => sortedKeys(replicas(review(web().request.object, { userInfo: {} }))(one))],
    [
      'numbers that are too large',
      (one) => replicas()(one).replace('"spec":{', '"spec":{"activeDeadlineSeconds":9007199254740993,'),
    ],
    ['texts that are no Unicode', (one) => replicas()(one).replace('"web-"', '"web-\\ud800"')],
    [
      'keys that objects have',
      (one) => replicas()(one).replace('"metadata":{', '"metadata":{"labels":{"__proto__":"a"},'),
    ],
    ['templates that read the pod', replicas(), label('{{ .ObjectMeta.GenerateName }}{{ len .Spec.Volumes }}')],
    ['templates that read their own environment', replicas(), label('{{ .ProxyConfig.StatusPort }}')],
  ])('are remembered: %s', (_, bodies, setup) => {
    expect(renderings(bodies, setup)).toBe(remembered);
  });

  it('name the volume of the right pod in the patch', () => {
    const template = 'spec: {initContainers: [{name: istio-proxy, restartPolicy: Always}]}';
    const bodies = replicas(web({}, { containers: [{ name: 'app' }, { name: 'istio-proxy', image: 'own' }] }));
    const injector = make({ template });
    for (const one of owns) {
      const { response } = JSON.parse(injector.answer(bodies(one), '/inject').text) as { response: { patch: string } };
      const patch = Buffer.from(response.patch, 'base64').toString();
      expect(new Set(patch.match(/kube-api-access-\w+/g))).toEqual(new Set([one.volume]));
    }
    expect(renderings(bodies, { template })).toBe(remembered);
  });

  it.each<[string, string]>([
    ['names of volumes', '{{ (index .Spec.Volumes 0).Name }}'],
    ['names of volumes without writing them', '{{ if hasSuffix "b" (index .Spec.Volumes 0).Name }}b{{ end }}'],
    ['names of mounts', '{{ range .Spec.Containers }}{{ range .VolumeMounts }}{{ .Name | len }}{{ end }}{{ end }}'],
    ['all of the pod', '{{ toJson .Spec | len }}'],
    ['all of the data', '{{ toJson . | len }}'],
    ['names through variables', '{{ $v := .Spec.Volumes }}{{ range $v }}{{ .Name | trunc -1 }}{{ end }}'],
  ])('are not remembered where templates read %s', (_, text) => {
    expect(renderings(replicas(), label(text))).toBe(never);
  });

  it.each<[string, string]>([
    ['the clock', '{{ now | date "2006" }}'],
    ['chance', '{{ randAlpha 5 | len }}'],
  ])('are not remembered where templates depend on %s', (_, text) => {
    const context = { now: () => 0n, random: (count: number) => new Uint8Array(count) };
    expect(renderings(replicas(), { ...label(text), context })).toBe(never);
  });

  it('are computed anew each time where templates ask for chance', () => {
    let drawn = 0;
    const random = (count: number) => new Uint8Array(count).fill(drawn++);
    const injector = make({ ...label('{{ randAlpha 9 }}'), context: { random } });
    for (const one of owns) injector.answer(replicas()(one), '/inject');
    expect(drawn).toBeGreaterThanOrEqual(owns.length);
  });

  it.each<[string, (own: Own) => object, object?]>([
    ['an annotation', ({ volume }) => ({ annotations: { a: volume } })],
    ['an annotation that is read', ({ volume }) => ({ annotations: { 'sidecar.istio.io/proxyImageType': volume } })],
    ['a label', ({ volume }) => ({ labels: { a: volume } })],
    ['a key', ({ volume }) => ({ labels: { [volume]: 'a' } })],
    ['a name', ({ volume }) => ({ name: volume })],
    ['a text of JSON', ({ volume }) => ({ annotations: { a: JSON.stringify({ name: volume }) } })],
  ])('are not remembered where the name of the volume also is %s', (_, metadata) => {
    expect(renderings((one) => replicas(web(metadata(one)))(one))).toBe(never);
  });

  it.each<[string, (body: string, own: Own) => string]>([
    ['a variable', (body, { volume }) => insert(body, 'containers":[{', `"env":[{"name":"${volume}","value":"a"}],`)],
    ['a container', (body, { volume }) => insert(body, 'containers":[', `{"name":"${volume}"},`)],
    ['a field that is overruled', (body, { volume }) => insert(body, 'volumes":[{', `"name":"${volume}",`)],
    ['an unknown field', (body, { volume }) => insert(body, '"spec":{', `"x":{"name":"${volume}"},`)],
    ['a field of another object', (body, { volume }) => insert(body, '"request":{', `"options":{"name":"${volume}"},`)],
    ['the field of another spelling', (body) => body.replace('"volumes"', '"Volumes"')],
  ])('are right where the name of the volume is that of %s', (_, change) => {
    renderings((one) => change(replicas()(one), one));
  });

  it('are right where times stand that are read', () => {
    const bodies: Body = (one) => replicas(web({ annotations: { time: one.time } }))(one);
    const template = 'metadata: {labels: {a: "{{ index .ObjectMeta.Annotations `time` }}"}}';
    expect(renderings(bodies, { template })).toBe(never);
    expect(renderings(bodies)).toBe(never);
  });

  it('are right where times or the uid are refused', () => {
    renderings((one) => replicas()(one).replace(one.time, one.time.replace(/T../, 'T25')));
    renderings((one) => replicas()(one).replace(`"${one.time}"`, String(Number(one.uid.length))));
    renderings((one) => replicas()(one).replace(one.uid, one.uid.toUpperCase()));
    renderings((one) => replicas()(one).replace(`"uid":"${one.uid}"`, `"uid":"${one.uid}","uid":"own"`));
    renderings((one) => replicas()(one).replace('"namespace"', '"UID":"own","namespace"'));
  });

  it('are right where a name is that of the volume in disguise', () => {
    const escaped = own(5).volume.replace('k', '\\u006b');
    const inList = (list: string) => (one: Own) => insert(replicas()(one), list, `{"name":"${escaped}"},`);
    expect(renderings(inList('"containers":['))).toBe(never);
    expect(renderings(inList('"volumes":['))).toBe(never);
  });

  it('are right where a text within a text has the name of the volume in disguise', () => {
    const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
    const mounted = { name: 'istio-proxy', volumeMounts: [{ name: own(5).volume, mountPath }] };
    const overrides = JSON.stringify({ containers: [mounted] }).replaceAll('kube-', '\\u006bube-');
    const pod = web({ annotations: { 'proxy.istio.io/overrides': overrides } }, { containers: [mounted] });
    const bodies = replicas(JSON.parse(JSON.stringify(pod).replaceAll(own(5).volume, 'a')) as typeof pod);
    expect(renderings(bodies)).toBe(never);
  });

  it('are right where the first replicas have the texts that are tried', () => {
    const first = (part: Partial<Own>) => (one: Own) => (owns.indexOf(one) < 5 ? { ...one, ...part } : one);
    const readsTime = label('{{ index .ObjectMeta.Annotations `time` }}');
    const readsName = label('{{ (index .Spec.Volumes 0).Name }}');
    const withTime = (one: Own) => replicas(web({ annotations: { time: one.time } }))(one);
    const bodies = (part: Partial<Own>) => (one: Own) => withTime(first(part)(one));
    renderings(bodies({ time: '2001-01-01T01:01:01Z' }), readsTime);
    renderings(bodies({ volume: 'kube-api-access-bbbbb', time: '2026-01-01T00:00:00Z' }), readsName);
    renderings((one) => replicas()(first({ volume: 'kube-api-access-bbbbb' })(one)), readsName);
    renderings((one) => replicas()(first({ uid: 'ffffffff-ffff-4fff-bfff-ffffffffffff' })(one)));
  });

  it.each<[string, string]>([
    ['writes', `spec: {volumes: [{name: ${own(5).volume}, emptyDir: {}}]}`],
    ['computes', `spec: {volumes: [{name: "kube-{{ "api-access" }}-${own(5).volume.slice(-5)}", emptyDir: {}}]}`],
    ['deletes', `spec: {volumes: [{name: ${own(5).volume}, $patch: delete}]}`],
    ['spells otherwise', `spec: {volumes: [{name: "\\x6bube-api-access-${own(5).volume.slice(-5)}", emptyDir: {}}]}`],
  ])('are right where a template %s the name that a pod has', (_, template) => {
    expect(renderings(replicas(), { template })).toBe(never);
  });

  it('are right where an annotation makes a template write the name that a pod has', () => {
    const template =
      'spec: {volumes: [{name: "{{ (fromJson (index .ObjectMeta.Annotations `v`)).v }}", emptyDir: {}}]}';
    const v = JSON.stringify({ v: own(5).volume }).replace('k', '\\u006b');
    expect(renderings(replicas(web({ annotations: { v } })), { template })).toBe(never);
  });

  it('are right for pods that are skipped', () => {
    renderings(replicas(web({ labels: { 'sidecar.istio.io/inject': 'false' } })));
    renderings((one) => replicas(web({ labels: { 'sidecar.istio.io/inject': one.volume } }))(one));
    renderings(replicas(web({}, { hostNetwork: true })));
  });

  it('do not hide failures', () => {
    renderings(replicas(), { template: '{{ fail "no" }}' });
    renderings(replicas(web({ annotations: { 'sidecar.istio.io/inject': 'x', 'sidecar.istio.io/status': '[' } })));
    renderings(replicas(web({ annotations: { 'status.sidecar.istio.io/port': 'x' } })));
    renderings(replicas(), { template: 'a: [' });
  });

  it('are told apart by path, and by objects of the cluster', () => {
    const injector = make({ template: 'metadata: {labels: {a: "{{ .NativeSidecars }}"}}' });
    const node = (kubeletVersion: string) => ({
      ...injector.configuration.cluster,
      nodes: new Map([['n', kubeletVersion]]),
    });
    const answers = ['v1.28.0', 'v1.34.0'].map((version) => {
      const served = injector.withClusterObjects(node(version));
      const texts = owns.map((one) => {
        const { text, report } = served.answer(replicas()(one), '/inject');
        expect(report.uid).toBe(one.uid);
        return JSON.parse(text) as { response: { uid: string; patch: string } };
      });
      expect(texts.map(({ response }) => response.uid)).toEqual(owns.map(({ uid }) => uid));
      return new Set(texts.map(({ response }) => response.patch));
    });
    expect(answers.map((patches) => patches.size)).toEqual([1, 1]);
    expect(answers[0]).not.toEqual(answers[1]);
    for (const path of ['/inject', '/inject/net/a', '/inject/net/b']) {
      const warm = make();
      for (const one of owns) warm.answer(replicas()(one), '/inject/net/a');
      expect(warm.answer(replicas()(own(0)), path)).toEqual(make().answer(replicas()(own(0)), path));
    }
  });

  it('carry the audit annotations of their own request', () => {
    const injector = make();
    for (const one of owns) {
      const { text } = injector.answer(replicas()(one), '/inject', ({ uid, reason }) => ({ uid, reason }));
      expect(JSON.parse(text)).toMatchObject({
        response: { auditAnnotations: { uid: one.uid, reason: 'policy-enabled' } },
      });
    }
  });

  it('are forgotten, the oldest first, before they take much memory', () => {
    const injector = make();
    const long = (index: number) => replicas(web({ annotations: { a: String(index).padEnd(8000, 'x') } }));
    let rendered = 0;
    const counted = make({ context: { spend: () => void rendered++ } });
    for (let index = 0; index < 600; index++) {
      for (let n = 0; n < 3; n++) counted.answer(long(index)(own(n)), '/inject');
    }
    rendered = 0;
    counted.answer(long(599)(own(4)), '/inject');
    expect(rendered).toBe(0);
    const text = counted.answer(long(0)(own(4)), '/inject').text;
    expect(rendered).toBeGreaterThan(0);
    expect(text).toBe(injector.answer(long(0)(own(4)), '/inject').text);
  });

  it('have no part of very long bodies', () => {
    expect(renderings(replicas(web({ annotations: { a: 'x'.repeat(20_000) } })))).toBe(never);
  });

  it('are those of a fresh injector, whatever single character of the body is changed', () => {
    const warm = make({ template: everything });
    const body = replicas(web({ annotations: { a: 'ü<' }, labels: { a: '1' } }))(own(0));
    for (const one of owns)
      warm.answer(replicas(web({ annotations: { a: 'ü<' }, labels: { a: '1' } }))(one), '/inject');
    const characters = fc.constantFrom(...'"\\{}[]:,0a-kZ \n\u0000é');
    const edit = fc.record({
      at: fc.nat(body.length),
      removed: fc.nat(2),
      added: fc.string({ unit: characters, maxLength: 2 }),
    });
    fc.assert(
      fc.property(edit, ({ at, removed, added }) => {
        const changed = body.slice(0, at) + added + body.slice(at + removed);
        const fresh = make({ template: everything }).answer(changed, '/inject');
        for (let n = 0; n < 3; n++) expect(warm.answer(changed, '/inject')).toEqual(fresh);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});

/** Reads about all that is not a replica's own. */
const everything = `
metadata: {labels: {meta: {{ printf "%v%v%v" .ObjectMeta.Labels .ObjectMeta.Annotations .ObjectMeta.GenerateName | quote }}}}
spec: {containers: [{name: istio-proxy, image: "{{ range .Spec.Containers }}{{ .Name }}{{ end }}"}]}`;

const label = (text: string): Setup => ({
  template: `metadata: {labels: {a: ${JSON.stringify('X').replace('X', text)}}}`,
});

/** Puts a text behind the first place of another. */
function insert(body: string, behind: string, text: string): string {
  const at = body.indexOf(behind) + behind.length;
  expect(at).toBeGreaterThan(behind.length);
  return body.slice(0, at) + text + body.slice(at);
}

/** A body with the keys of all maps sorted. */
function sortedKeys(body: string): string {
  return JSON.stringify(JSON.parse(body), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
