import { describe, expect, it } from 'vitest';
import { createInjector, OverlayCache } from '../../src/injection/index.ts';
import { answerWorkloadReview } from '../../src/workloads/index.ts';
import { reviewOf, workloadOf } from './support.ts';

const config = `
policy: enabled
templates:
  sidecar: |
    spec: {containers: [{name: istio-proxy, env: [{name: CLUSTER, value: "{{ len .Spec.Containers }}"}]}]}
`;
const adviser = { injector: createInjector({ config, values: '{}' }), cache: new OverlayCache() };
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'a:1' }] } };
const changed = { ...template, spec: { containers: [{ name: 'app', image: 'a:2' }] } };

interface Response {
  readonly uid: string;
  readonly allowed: boolean;
  readonly warnings?: readonly string[];
}

function answer(body: string, path = '/workloads'): Response {
  const { text } = answerWorkloadReview(body, path, adviser);
  return (JSON.parse(text) as { response: Response }).response;
}

describe('an answer of /workloads', () => {
  it('allows the object, with warnings', () => {
    const { text, advice } = answerWorkloadReview(reviewOf(workloadOf('Deployment', template)), '/workloads', adviser);
    expect(advice?.verdict).toBe('injected');
    expect(JSON.parse(text)).toEqual({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      response: { uid: 'u1', allowed: true, warnings: advice?.warnings.map((warning) => warning.text) },
    });
  });

  it.each(['/workloads/quiet', '/workloads/quiet/cluster/c1'])('says only what is a problem at %s', (path) => {
    expect(answer(reviewOf(workloadOf('Deployment', template)), path)).toEqual({ uid: 'u1', allowed: true });
    expect(answer(reviewOf(workloadOf('Job', template)), path).warnings).toHaveLength(1);
  });

  it('says all at a path that only begins so', () => {
    expect(answer(reviewOf(workloadOf('Deployment', template)), '/workloads/quietly/yes').warnings).toHaveLength(1);
  });

  describe('to an update', () => {
    const before = workloadOf('Deployment', template);
    it.each([
      ['with another template', workloadOf('Deployment', changed), 1],
      ['with the same template', workloadOf('Deployment', template), 0],
      ['of the status', { ...before, status: { replicas: 3 } }, 0],
      ['of the scale', { ...before, spec: { template, replicas: 9 } }, 0],
      ['of foreign annotations', workloadOf('Deployment', template, { annotations: { 'a.example/b': 'c' } }), 0],
      ['of labels of Istio', workloadOf('Deployment', template, { labels: { 'istio.io/rev': 'c' } }), 1],
    ])('%s', (_what, after, count) => {
      expect(answer(reviewOf(after, before)).warnings ?? []).toHaveLength(count);
    });

    it('of a state that could not be read', () => {
      const broken = workloadOf('Deployment', { spec: { containers: 'none' } });
      expect(answer(reviewOf(before, broken)).warnings).toHaveLength(1);
    });

    it('of a CronJob looks at its pod template', () => {
      const [old, after] = [workloadOf('CronJob', template), workloadOf('CronJob', changed)];
      expect(answer(reviewOf(after, old), '/workloads/quiet').warnings).toHaveLength(1);
      expect(answer(reviewOf(old, old)).warnings).toBeUndefined();
    });
  });

  it('says nothing about what controllers make, whose makers were looked at', () => {
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'u', controller: true }];
    expect(answer(reviewOf(workloadOf('ReplicaSet', template, { ownerReferences }))).warnings).toBeUndefined();
    const owner = [{ ...ownerReferences[0], controller: false }];
    expect(answer(reviewOf(workloadOf('ReplicaSet', template, { ownerReferences: owner }))).warnings).toHaveLength(1);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no review', '{"apiVersion":"v1","kind":"Pod"}'],
    ['another version', '{"apiVersion":"admission.k8s.io/v9","kind":"AdmissionReview","request":{"uid":"u1"}}'],
    ['endless depth', '{"a":'.repeat(200_000)],
    ['YAML of aliases', 'a: &a [1]\nb: *c'],
  ])('allows %s', (_what, body) => {
    const { text, problem } = answerWorkloadReview(body, '/workloads', adviser);
    expect(JSON.parse(text)).toEqual({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      response: { uid: '', allowed: true },
    });
    expect(problem).toBeDefined();
  });

  it.each([
    ['without request', undefined],
    ['that deletes', { uid: 'u1', operation: 'DELETE', object: null, oldObject: workloadOf('Job', template) }],
    ['of a kind without pods', { uid: 'u1', object: { kind: 'Scale', spec: { replicas: 1 } } }],
    ['of text', { uid: 'u1', object: 'Deployment' }],
    ['of a kind of odd name', { uid: 'u1', object: { kind: '__proto__', spec: {} } }],
    ['with metadata of the wrong type', { uid: 'u1', object: { kind: 'Job', metadata: 'x', spec: { template: 'y' } } }],
  ])('allows a review %s in silence', (_what, request) => {
    const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
    expect(answer(body)).toEqual({ uid: request?.uid ?? '', allowed: true });
  });

  it('keeps the version of the review', () => {
    const body = reviewOf(workloadOf('Deployment', template)).replace(
      'admission.k8s.io/v1',
      'admission.k8s.io/v1beta1',
    );
    expect(answerWorkloadReview(body, '/workloads', adviser).text).toContain('"apiVersion":"admission.k8s.io/v1beta1"');
  });
});
