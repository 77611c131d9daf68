import { describe, expect, it } from 'vitest';
import { createInjector, OverlayCache, type InjectorOptions } from '../../src/injection/index.ts';
import { adviseOn, type AdviceOptions } from '../../src/workloads/index.ts';
import { workloadKinds, workloadOf, type TestWorkload } from './support.ts';

const config = `
policy: enabled
defaultTemplates: [sidecar]
neverInjectSelector: [{matchLabels: {app: never}}]
templates:
  sidecar: |
    spec:
      initContainers:
      - name: istio-init
    {{- if or (eq (index .ObjectMeta.Annotations "sidecar.istio.io/nativeSidecar") "true") .NativeSidecars }}
      - name: istio-proxy
        restartPolicy: Always
    {{- else }}
      containers:
      - name: istio-proxy
    {{- end }}
  bootstrap: |
    spec:
      initContainers:
      - name: bootstrap
      containers:
      - name: app
        env: [{name: BOOTSTRAP, value: "yes"}]
  labels: |
    metadata:
      labels: {extra: "yes"}
  failing: |
    {{ fail (index (index .Spec.Containers 0).Env 0).Value }}
`;

const namespaces = {
  shop: { 'istio-injection': 'enabled' },
  plain: {},
  off: { 'istio-injection': 'disabled' },
  tagged: { 'istio.io/rev': 'prod' },
};

const namespaceObjects = Object.entries(namespaces).map(([name, labels]) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
}));

function adviser(change: Partial<InjectorOptions> = {}) {
  const features = { ENABLE_NATIVE_SIDECARS: 'false' };
  const injector = createInjector({ config, values: '{}', features, objects: namespaceObjects, ...change });
  return { injector, cache: new OverlayCache() };
}

const usual = adviser();

interface Setting {
  readonly kind?: string;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly spec?: object;
  /** Metadata of the workload itself. */
  readonly own?: object;
}

function workload({
  kind = 'Deployment',
  namespace = 'shop',
  labels = {},
  annotations = {},
  spec,
  own,
}: Setting): TestWorkload {
  const template = { metadata: { labels, annotations }, spec: { containers: [{ name: 'app', image: 'a' }], ...spec } };
  return workloadOf(kind, template, { namespace, ...own });
}

/** Ids and texts, one line each. */
function advise(setting: Setting, options: AdviceOptions = {}, using = usual): string[] {
  const advice = adviseOn(workload(setting), using, options);
  return (advice?.warnings ?? []).map(({ id, text }) => `${id}: ${text}`);
}

const inject = 'sidecar.istio.io/inject';
const injected =
  'will-be-injected: pods will get sidecar istio-proxy and init container istio-init (template sidecar, revision default)';

describe('the verdict', () => {
  it.each(workloadKinds)('is given for a %s', (kind) => {
    expect(advise({ kind })[0]).toBe(injected);
  });

  it.each<[string, Setting, string]>([
    [
      'names a native sidecar',
      { annotations: { 'sidecar.istio.io/nativeSidecar': 'true' } },
      'will-be-injected: pods will get native sidecar istio-proxy and init container istio-init (template sidecar, revision default)',
    ],
    [
      'tells settings from containers that are new',
      { annotations: { 'inject.istio.io/templates': 'bootstrap' } },
      'will-be-injected: pods will get settings for container app and init container bootstrap (template bootstrap, revision default)',
    ],
    [
      'is true of templates without containers',
      { annotations: { 'inject.istio.io/templates': 'labels' } },
      'will-be-injected: pods will be changed (template labels, revision default)',
    ],
    [
      'says what it does not know',
      { namespace: 'elsewhere' },
      'will-be-injected: pods will get sidecar istio-proxy and init container istio-init (template sidecar; labels of namespace elsewhere unknown)',
    ],
    [
      'names the label that the namespace lacks',
      { namespace: 'plain' },
      'will-not-be-injected: pods will NOT be injected: namespace plain has no label istio-injection=enabled',
    ],
    [
      'names the label of the namespace that refuses',
      { namespace: 'off' },
      'will-not-be-injected: pods will NOT be injected: namespace off has label istio-injection=disabled',
    ],
    [
      'leaves other revisions to their injector',
      { namespace: 'tagged' },
      "other-revision: pods are for revision or tag 'prod'; this injector serves default",
    ],
    [
      'leaves pods that ask for injection to them, too',
      { namespace: 'tagged', labels: { [inject]: 'true' } },
      "other-revision: pods are for revision or tag 'prod'; this injector serves default",
    ],
    [
      'leaves pods that name a revision to it',
      { namespace: 'plain', labels: { 'istio.io/rev': 'canary' } },
      "other-revision: pods are for revision or tag 'canary'; this injector serves default",
    ],
    [
      'names the refusing label of the pod template',
      { labels: { [inject]: 'false' } },
      'will-not-be-injected: pods will NOT be injected: the pod template has label sidecar.istio.io/inject: "false"',
    ],
    [
      'names the refusing annotation of the pod template',
      { annotations: { [inject]: 'false' } },
      'will-not-be-injected: pods will NOT be injected: the pod template has annotation sidecar.istio.io/inject: "false"',
    ],
    [
      'names a selector',
      { labels: { app: 'never' } },
      'will-not-be-injected: pods will NOT be injected: their labels match a neverInjectSelector of the injector',
    ],
    [
      'names a system namespace',
      { namespace: 'kube-system' },
      'will-not-be-injected: pods will NOT be injected: namespace kube-system is left alone',
    ],
  ])('%s', (_what, setting, expected) => {
    expect(advise(setting)).toEqual([expected]);
  });

  it('names the label that another revision wants', () => {
    const canary = adviser({ revision: 'canary' });
    expect(advise({ namespace: 'plain' }, {}, canary)).toEqual([
      'will-not-be-injected: pods will NOT be injected: namespace plain has no label istio.io/rev=canary',
    ]);
    expect(advise({}, {}, canary)).toEqual([
      "other-revision: pods are for revision or tag 'default'; this injector serves canary",
    ]);
  });

  it('names the revision to which webhooks of the cluster send the pods', () => {
    const webhook = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'other', labels: { 'istio.io/rev': 'canary' } },
      webhooks: [
        {
          name: 'other.example.com',
          clientConfig: { service: { path: '/inject' } },
          namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
          rules: [{ apiGroups: [''], operations: ['CREATE'], resources: ['pods'] }],
        },
      ],
    };
    const using = adviser({ objects: [...namespaceObjects, webhook] });
    expect(advise({}, {}, using)).toEqual([
      'other-revision: pods are sent to the injector of revision canary, not to default',
    ]);
    expect(advise({ namespace: 'tagged' }, {}, using)).toEqual([
      'will-not-be-injected: pods will NOT be injected: no webhook selects namespace tagged and these pods',
    ]);
  });

  it('names the policy', () => {
    const disabled = adviser({ config: config.replace('policy: enabled', 'policy: disabled') });
    expect(advise({}, {}, disabled)).toEqual([
      'will-not-be-injected: pods will NOT be injected: the policy is disabled and the pod template lacks label sidecar.istio.io/inject: "true"',
    ]);
    const wrong = adviser({ config: config.replace('policy: enabled', 'policy: maybe') });
    expect(advise({}, {}, wrong)).toEqual([
      'will-not-be-injected: pods will NOT be injected: the policy of the injector is neither enabled nor disabled',
    ]);
  });

  it('is none for other kinds, and for pods, which the injector has seen', () => {
    expect(adviseOn({ kind: 'Service', metadata: { name: 'web' } }, usual)).toBeUndefined();
    expect(adviseOn({ kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [] } }, usual)).toBeUndefined();
  });

  it('takes the namespace of the request for objects that name none', () => {
    const { metadata, ...rest } = workload({});
    const advice = adviseOn({ ...rest, metadata: { name: metadata.name } }, usual, { namespace: 'off' });
    expect(advice).toMatchObject({ kind: 'Deployment', name: 'web', namespace: 'off', verdict: 'not-called' });
  });
});

describe('a wish in the wrong place', () => {
  it.each<[string, Setting, string]>([
    [
      'for injection on the Deployment',
      { namespace: 'plain', own: { labels: { [inject]: 'true' } } },
      'wish-not-on-template: pods will NOT be injected: the label sidecar.istio.io/inject is on the Deployment, not on the pod template',
    ],
    [
      'for a revision on the Deployment',
      { namespace: 'plain', own: { labels: { 'istio.io/rev': 'default' } } },
      'wish-not-on-template: pods will NOT be injected: the label istio.io/rev is on the Deployment, not on the pod template',
    ],
    [
      'against injection on the Deployment',
      { own: { labels: { [inject]: 'false' } } },
      'wish-not-on-template: pods WILL be injected: the label sidecar.istio.io/inject is on the Deployment, not on the pod template',
    ],
    [
      'against injection in an annotation of the Deployment',
      { own: { annotations: { [inject]: 'false' } } },
      'wish-not-on-template: pods WILL be injected: the annotation sidecar.istio.io/inject is on the Deployment, not on the pod template',
    ],
    [
      'in an annotation, which selectors do not see',
      { namespace: 'plain', annotations: { [inject]: 'true' } },
      'wish-is-annotation: pods will NOT be injected: sidecar.istio.io/inject must be a label of the pod template, not an annotation',
    ],
    [
      'in a namespace that refuses',
      { namespace: 'off', labels: { [inject]: 'true' } },
      'wanted-but-not-injected: pods will NOT be injected, though they ask for it: namespace off has label istio-injection=disabled',
    ],
    [
      'of pods on the host network',
      { labels: { [inject]: 'true' }, spec: { hostNetwork: true } },
      'wanted-but-not-injected: pods will NOT be injected, though they ask for it: they use the host network',
    ],
  ])('%s is a problem', (_what, setting, expected) => {
    expect(advise(setting)).toEqual([expected]);
    expect(advise(setting, { quiet: true })).toEqual([expected]);
  });

  it('is not told of where it would not help', () => {
    const setting = { namespace: 'off', own: { labels: { [inject]: 'true' } } };
    expect(advise(setting)).toEqual([
      'will-not-be-injected: pods will NOT be injected: namespace off has label istio-injection=disabled',
    ]);
  });

  it('is not told of where the pod template has one of its own', () => {
    const own = { labels: { [inject]: 'false' }, annotations: { [inject]: 'false' } };
    expect(advise({ own, labels: { [inject]: 'true' } })).toEqual([injected]);
    expect(advise({ own: { annotations: own.annotations }, annotations: { [inject]: 'true' } })).toEqual([injected]);
  });

  it('may be on the job template of a CronJob', () => {
    const cronJob = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'web', namespace: 'plain' },
      spec: {
        jobTemplate: {
          metadata: { labels: { [inject]: 'true' } },
          spec: { template: { spec: { containers: [{ name: 'app' }] } } },
        },
      },
    };
    expect(adviseOn(cronJob, usual)?.warnings[0]?.text).toBe(
      'pods will NOT be injected: the label sidecar.istio.io/inject is on the job template, not on the pod template',
    );
  });
});

describe('a failure', () => {
  it('is told for each annotation with the value that is wrong', () => {
    const annotations = { 'sidecar.istio.io/proxyCPU': 'banana', 'status.sidecar.istio.io/port': '99999999' };
    expect(advise({ annotations })).toEqual([
      "annotation-invalid: injection will FAIL: annotation sidecar.istio.io/proxyCPU: 'banana' is not accepted (wants: quantity)",
      "annotation-invalid: injection will FAIL: annotation status.sidecar.istio.io/port: '99999999' is not accepted (wants: port, 0 for none)",
    ]);
  });

  it('quotes no proxy configuration, which may hold secrets', () => {
    const annotations = { 'proxy.istio.io/config': 'proxyMetadata: {TOKEN: [planted-secret]}' };
    expect(advise({ annotations })).toEqual([
      'annotation-invalid: injection will FAIL: annotation proxy.istio.io/config is not accepted (wants: ProxyConfig as YAML)',
    ]);
  });

  it("is told in Istio's words", () => {
    expect(advise({ annotations: { 'inject.istio.io/templates': 'nope' } })).toEqual([
      'injection-fails: injection will FAIL: requested template "nope" not found; have bootstrap, failing, labels, sidecar',
    ]);
  });

  it('hides values of environment variables that those words quote', () => {
    const spec = { containers: [{ name: 'app', env: [{ name: 'TOKEN', value: 'planted-secret' }] }] };
    const [line] = advise({ annotations: { 'inject.istio.io/templates': 'failing' }, spec });
    expect(line).toContain('injection will FAIL: template: inject:1:');
    expect(line).not.toContain('planted-secret');
  });

  it('whose words are very long is told in a sentence', () => {
    const spec = { containers: [{ name: 'app', env: [{ name: 'LONG', value: 'x'.repeat(5000) }] }] };
    expect(advise({ annotations: { 'inject.istio.io/templates': 'failing' }, spec })).toEqual([
      'injection-fails: injection will FAIL: A template failed while it was rendered.',
    ]);
  });

  it('to read the template is told, too', () => {
    const advice = adviseOn(workload({ spec: { containers: 'none' } }), usual);
    expect(advice).toMatchObject({ verdict: 'denied', reason: 'pod-undecodable' });
    expect(advice?.warnings[0]?.text).toContain('injection will FAIL: the pod template cannot be read: json: cannot');
  });
});

describe('a problem beside the verdict', () => {
  it.each<[string, Setting, string]>([
    [
      'a switch that is neither on nor off',
      { labels: { [inject]: 'yes' } },
      'inject-value-ignored: label sidecar.istio.io/inject: \'yes\' is ignored: only "true" and "false" count',
    ],
    [
      'an annotation that the label hides',
      { labels: { [inject]: 'true' }, annotations: { [inject]: 'false' } },
      "label-hides-annotation: annotation sidecar.istio.io/inject is ignored: the label of that name says 'true'",
    ],
    [
      'a revision in a namespace that has its own',
      { labels: { 'istio.io/rev': 'canary' } },
      'revision-label-ignored: label istio.io/rev=canary is ignored: namespace shop has label istio-injection=enabled',
    ],
    [
      'a Job that does not end',
      { kind: 'Job' },
      'job-never-finishes: the Job will not finish: the sidecar is not native; annotation sidecar.istio.io/nativeSidecar: "true" helps',
    ],
    [
      'a CronJob whose Jobs do not end',
      { kind: 'CronJob' },
      'job-never-finishes: its Jobs will not finish: the sidecar is not native; annotation sidecar.istio.io/nativeSidecar: "true" helps',
    ],
    [
      'a DNS policy',
      { spec: { dnsPolicy: 'Default' } },
      "dns-policy: dnsPolicy 'Default': the sidecar may not find its control plane; ClusterFirst is safe",
    ],
    [
      'upper and lower case',
      { annotations: { 'sidecar.istio.io/proxyCpu': '1' } },
      'name-misspelt: annotation sidecar.istio.io/proxyCpu is unknown: did you mean sidecar.istio.io/proxyCPU?',
    ],
    [
      'a letter too many',
      { labels: { 'sidecar.istio.io/injects': 'true' } },
      'name-misspelt: label sidecar.istio.io/injects is unknown: did you mean sidecar.istio.io/inject?',
    ],
    [
      'a wrong domain',
      { annotations: { 'traffic.istio.io/excludeOutboundPorts': '1' } },
      'name-misspelt: annotation traffic.istio.io/excludeOutboundPorts is unknown: did you mean traffic.sidecar.istio.io/excludeOutboundPorts?',
    ],
    [
      'a label of namespaces',
      { labels: { 'istio-injection': 'enabled' } },
      'name-misplaced: label istio-injection has no effect on pods: it belongs on the namespace',
    ],
    [
      'an annotation as a label',
      { labels: { 'sidecar.istio.io/proxyCPU': '1' } },
      'name-misplaced: label sidecar.istio.io/proxyCPU has no effect: it must be an annotation',
    ],
    [
      'a label as an annotation',
      { annotations: { 'topology.istio.io/network': 'n1' } },
      'name-misplaced: annotation topology.istio.io/network has no effect: it must be a label',
    ],
    [
      'an annotation on the workload',
      { own: { annotations: { 'sidecar.istio.io/proxyCPU': '1' } } },
      'name-misplaced: annotation sidecar.istio.io/proxyCPU has no effect on the Deployment: it belongs on the pod template',
    ],
  ])('%s', (_what, setting, expected) => {
    expect(advise(setting)).toEqual([injected, expected]);
    expect(advise(setting, { quiet: true })).toEqual([expected]);
  });

  it('is none in a Job whose sidecar is native', () => {
    expect(advise({ kind: 'Job', annotations: { 'sidecar.istio.io/nativeSidecar': 'true' } })).toHaveLength(1);
  });

  it.each<[string, Setting]>([
    ['names that Istio does not own', { annotations: { 'example.com/inject': 'true' }, labels: { app: 'web' } }],
    ['names of other parts of Istio', { labels: { 'istio.io/dataplane-mode': 'none' } }],
    ['the revision that the namespace stands for', { labels: { 'istio.io/rev': 'default' } }],
    ['an annotation that the pod template has as well', sameOnBoth()],
  ])('is none of %s', (_what, setting) => {
    expect(advise(setting)).toEqual([injected]);
  });

  it('comes with a limit', () => {
    const annotations = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`sidecar.istio.io/proxyCPU${index}`, '1']),
    );
    expect(advise({ annotations })).toHaveLength(12);
  });
});

function sameOnBoth(): Setting {
  const annotations = { 'sidecar.istio.io/proxyCPU': '1' };
  return { annotations, own: { annotations } };
}
