import { describe, expect, it } from 'vitest';
import { explainPod, explainReview, type Explanation, type Surroundings } from '../../src/explanation/index.ts';
import { pod } from '../injection/support.ts';
import { namespace, smallInjector } from './support.ts';

const enabled = 'policy: enabled\n';
const inject = 'sidecar.istio.io/inject';

/** The steps as `rule outcome`, the decisive one marked. */
const trace = ({ steps }: Explanation): string[] =>
  steps.map(({ rule, outcome, decisive }) => `${decisive ? '>' : ''}${rule} ${outcome}`);

const injectedTail = [
  'annotation-values passed',
  'templates noted',
  'proxy-config noted',
  'native-sidecar noted',
  'rendering passed',
  'overrides passed',
  'result inject',
];

describe('a trace', () => {
  it('asks every rule, in order, for a pod that says nothing', () => {
    expect(trace(explainPod(smallInjector(enabled), pod()))).toEqual([
      'webhook unknown',
      'host-network passed',
      'ignored-namespace passed',
      'inject-label passed',
      'inject-annotation passed',
      'never-inject-selectors passed',
      'always-inject-selectors passed',
      '>policy inject',
      ...injectedTail,
    ]);
  });

  it.each<[string, object, object, string, string[]]>([
    ['host network', {}, { hostNetwork: true }, enabled, ['>host-network skip', 'result skip']],
    [
      'a system namespace',
      { namespace: 'kube-system' },
      {},
      enabled,
      ['host-network passed', '>ignored-namespace skip', 'result skip'],
    ],
    [
      'a label that refuses, though the policy could not be met anyway',
      { labels: { [inject]: 'false' } },
      {},
      'policy: disabled\n',
      ['host-network passed', 'ignored-namespace passed', '>inject-label skip', 'policy skip', 'result skip'],
    ],
    [
      'an annotation that asks: the policy only allows',
      { annotations: { [inject]: 'true' } },
      {},
      'policy: disabled\n',
      [
        'host-network passed',
        'ignored-namespace passed',
        'inject-label passed',
        '>inject-annotation inject',
        'policy passed',
        ...injectedTail,
      ],
    ],
  ])('of %s', (_what, metadata, spec, config, expected) => {
    expect(trace(explainPod(smallInjector(config), pod(metadata, spec)))).toEqual(['webhook unknown', ...expected]);
  });

  it('shows the labels that selectors look at, and the one that matched', () => {
    const config = `${enabled}neverInjectSelector:\n- matchLabels: { job: batch }\n- matchExpressions: [{ key: os, operator: Exists }]\n`;
    const explanation = explainPod(smallInjector(config), pod({ labels: { os: 'windows', other: 'x' } }));
    const step = explanation.steps.find(({ decisive }) => decisive);
    expect(step).toMatchObject({
      rule: 'never-inject-selectors',
      reference: 'docs/explain.md#never-inject-selectors',
      inputs: [
        { source: 'pod label', name: 'job', value: null },
        { source: 'pod label', name: 'os', value: 'windows' },
      ],
    });
    expect(step?.text).toContain('"key":"os"');
  });

  it.each([
    ['annotation-values', { 'sidecar.istio.io/proxyCPU': 'banana' }, 'invalid-annotations'],
    ['templates', { 'inject.istio.io/templates': 'nope' }, 'template-not-found'],
    ['rendering', { 'inject.istio.io/templates': 'broken' }, 'template-failed'],
    ['overrides', { 'proxy.istio.io/overrides': '{' }, 'invalid-overrides'],
    ['overrides', { 'sidecar.istio.io/status': '{"containers":"x"}' }, 'invalid-status'],
  ])('ends at %s, which denies', (rule, annotations, reason) => {
    const explanation = explainPod(smallInjector(enabled), pod({ annotations }));
    expect(explanation).toMatchObject({ verdict: 'denied', reason });
    expect(trace(explanation).slice(-2)).toEqual([`>${rule} deny`, 'result deny']);
    expect(explanation.message).not.toBe('');
  });

  it('names the sources of the proxy configuration, lowest first', () => {
    const proxyConfig = (name: string, where: string, spec: object): object => ({
      apiVersion: 'networking.istio.io/v1beta1',
      kind: 'ProxyConfig',
      metadata: { name, namespace: where },
      spec,
    });
    const injector = smallInjector(enabled, [
      proxyConfig('all', 'istio-system', { concurrency: 1 }),
      proxyConfig('ns', 'shop', { concurrency: 2 }),
      proxyConfig('own', 'shop', { selector: { matchLabels: { app: 'web' } }, concurrency: 3 }),
      proxyConfig('other', 'shop', { selector: { matchLabels: { app: 'other' } }, concurrency: 4 }),
    ]);
    const metadata = { labels: { app: 'web' }, annotations: { 'proxy.istio.io/config': 'concurrency: 5' } };
    const step = explainPod(injector, pod(metadata)).steps.find(({ rule }) => rule === 'proxy-config');
    expect(step?.inputs.map(({ name }) => name)).toEqual([
      'mesh.defaultConfig',
      'istio-system/all',
      'shop/ns',
      'proxy.istio.io/config',
      'shop/own',
    ]);
  });
});

describe('whether the API server sends the pod', () => {
  const explain = (metadata: object, surroundings: Surroundings, objects: object[] = []): Explanation =>
    explainPod(smallInjector(enabled, objects), pod(metadata), surroundings);

  it('is decided by the namespace of the cluster', () => {
    const explanation = explain({}, {}, [namespace('shop', { 'istio-injection': 'disabled' })]);
    expect(explanation).toMatchObject({ verdict: 'not-called', reason: 'webhook-not-called', certain: true });
    expect(explanation.steps[0]).toMatchObject({ rule: 'webhook', outcome: 'skip', decisive: true });
    expect(explanation.flip?.changes).toEqual([
      { target: 'namespace-label', name: 'istio-injection', value: 'enabled' },
    ]);
  });

  it('is decided by the labels that are given, before those of the cluster', () => {
    const namespaceLabels = { 'istio-injection': 'enabled' };
    const explanation = explain({}, { namespaceLabels }, [namespace('shop', { 'istio-injection': 'disabled' })]);
    expect(explanation).toMatchObject({ verdict: 'injected', certain: true });
  });

  it('is not decided by annotations', () => {
    const explanation = explain({ annotations: { [inject]: 'true' } }, { namespaceLabels: {} });
    expect(explanation.verdict).toBe('not-called');
    expect(explanation.flip?.changes).toEqual([{ target: 'pod-label', name: inject, value: 'true' }]);
  });

  const configuration = (name: string, revision: string, more: object = {}): object => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name, labels: { 'istio.io/rev': revision } },
    webhooks: [
      {
        name: 'all.example.com',
        clientConfig: { service: { name: 'istiod', namespace: 'istio-system', path: '/inject' } },
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
        namespaceSelector: { matchLabels: { mesh: 'on' } },
        ...more,
      },
    ],
  });

  it('is decided by the webhook configurations of the cluster', () => {
    const objects = [configuration('one', 'default')];
    expect(explain({}, { namespaceLabels: { mesh: 'on' } }, objects).verdict).toBe('injected');
    const explanation = explain({}, { namespaceLabels: { 'istio-injection': 'enabled' } }, objects);
    expect(explanation.flip?.changes).toEqual([{ target: 'namespace-label', name: 'mesh', value: 'on' }]);
  });

  it('is no where only another revision is asked, and twice where two configurations match', () => {
    const namespaceLabels = { mesh: 'on' };
    const other = explain({}, { namespaceLabels }, [configuration('canary', 'canary')]);
    expect(other.verdict).toBe('not-called');
    expect(other.steps[0]?.text).toContain('revision canary');
    expect(other).not.toHaveProperty('flip');
    const both = explain({}, { namespaceLabels }, [configuration('a', 'default'), configuration('b', 'canary')]);
    expect(both).toMatchObject({ verdict: 'injected', warnings: [expect.stringContaining('a, b all match')] });
  });

  it('is not certain where matchConditions decide, which are only named', () => {
    const more = { matchConditions: [{ name: 'no-robots', expression: 'true' }] };
    const explanation = explain({}, { namespaceLabels: { mesh: 'on' } }, [configuration('one', 'default', more)]);
    expect(explanation).toMatchObject({ verdict: 'injected', certain: false });
    expect(explanation.steps[0]).toMatchObject({ outcome: 'unknown', text: expect.stringContaining('no-robots') });
  });

  it('cannot be helped for an entry that is switched off', () => {
    const off = { namespaceSelector: { matchLabels: { 'istio.io/deactivated': 'never-match' } } };
    expect(explain({}, { namespaceLabels: {} }, [configuration('one', 'default', off)])).not.toHaveProperty('flip');
  });

  it('is known of a review, which was sent', () => {
    const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: { uid: 'u', object: pod() } };
    const injector = smallInjector(enabled, [namespace('shop', { 'istio-injection': 'disabled' })]);
    expect(explainReview(injector, review)).toMatchObject({ verdict: 'injected', certain: true });
  });
});

describe('the smallest change that flips the result', () => {
  it.each<[string, string, object, object, string]>([
    ['a refusing label', enabled, { labels: { [inject]: 'false' } }, {}, `label the pod ${inject}=true`],
    ['a disabled policy', 'policy: disabled\n', {}, {}, `label the pod ${inject}=true`],
    ['a policy that is none', 'policy: on\n', {}, {}, 'set policy to enabled in the injector configuration'],
    ['host network', enabled, {}, { hostNetwork: true }, 'set spec.hostNetwork to false'],
    [
      'a system namespace',
      enabled,
      { namespace: 'kube-system' },
      {},
      'move the Pod to another namespace, such as default',
    ],
    [
      'two obstacles',
      'policy: disabled\n',
      {},
      { hostNetwork: true },
      `set spec.hostNetwork to false, and label the pod ${inject}=true`,
    ],
    [
      'a bad annotation',
      enabled,
      { annotations: { 'sidecar.istio.io/proxyCPU': 'banana', other: 'kept' } },
      {},
      'remove the annotation sidecar.istio.io/proxyCPU from the pod',
    ],
    [
      'a template that fails',
      enabled,
      { annotations: { 'inject.istio.io/templates': 'broken' } },
      {},
      'remove the annotation inject.istio.io/templates from the pod',
    ],
    ['nothing in the way', enabled, {}, {}, `label the pod ${inject}=false`],
  ])('is said for %s', (_what, config, metadata, spec, text) => {
    const { flip } = explainPod(smallInjector(config), pod(metadata, spec));
    expect(flip?.text.replaceAll(/ \(metadata\.[a-z]+\)/g, '')).toBe(text);
  });

  it('asks for a template that exists where the default one does not', () => {
    const { flip } = explainPod(smallInjector(`${enabled}defaultTemplates: [nope]\n`), pod());
    expect(flip?.changes).toEqual([{ target: 'pod-annotation', name: 'inject.istio.io/templates', value: 'sidecar' }]);
  });

  it('is absent where nothing about the pod helps', () => {
    const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: { uid: 'u', object: [] } };
    expect(explainReview(smallInjector(enabled), review)).not.toHaveProperty('flip');
  });
});

describe('what is injected', () => {
  it('is told by names, images and resources', () => {
    const probe = { httpGet: { path: '/', port: 80 } };
    const containers = [
      { name: 'app', readinessProbe: probe },
      { name: 'istio-proxy', resources: { limits: { cpu: '1' } } },
    ];
    const { injection } = explainPod(smallInjector(enabled), pod({}, { containers }));
    expect(injection).toMatchObject({
      templates: ['sidecar'],
      native: false,
      volumes: ['istio-envoy'],
      labels: ['injected'],
      probes: [{ container: 'app', probe: 'readinessProbe' }],
      containers: [
        { name: 'istio-init', list: 'initContainers', own: false, env: ['SECRET_OF_TEMPLATE'] },
        { name: 'istio-proxy', list: 'containers', own: true, requests: { cpu: '100m' }, limits: { cpu: '1' } },
      ],
    });
  });
});

describe('secrets', () => {
  const secret = 'hunter2"hunter2';
  const spec = {
    containers: [
      {
        name: 'app',
        env: [
          { name: 'PASSWORD', value: secret },
          { name: 'ON', value: 'on' },
        ],
      },
    ],
  };

  it.each<[string, object]>([
    ['an injected pod', {}],
    ['one whose annotation is refused', { 'proxy.istio.io/config': `proxyMetadata: { TOKEN: '${secret}', A: 1 }` }],
    ['one whose overrides cannot be read', { 'proxy.istio.io/overrides': `{"containers": ${JSON.stringify(secret)}}` }],
    ['one whose template fails with a value', { 'inject.istio.io/templates': 'leaks' }],
  ])('of %s stay where they are', (_what, annotations) => {
    const explanation = explainPod(smallInjector(enabled), pod({ annotations }, spec));
    const text = JSON.stringify(explanation);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('template-secret');
    // The message is still there, without the value.
    expect(explanation.message === undefined).toBe(explanation.verdict === 'injected');
  });
});
