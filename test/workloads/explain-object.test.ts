import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainObject } from '../../src/workloads/explain-object.ts';
import { kindsWithPods } from '../../src/workloads/pod-of-workload.ts';
import { smallInjector } from '../explanation/support.ts';

const injector = smallInjector('policy: enabled\n');
const template = { metadata: {}, spec: { containers: [{ name: 'app', image: 'app' }] } };
const deployment = (labels: object, annotations: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels },
  spec: { template: { ...template, metadata: { annotations } } },
});

describe('the explanation of an object', () => {
  it('names the workload, and where its pod stands', () => {
    const [explanation] = explainObject(injector, deployment({}), { namespace: 'shop' });
    expect(explanation).toMatchObject({
      subject: { kind: 'Deployment', name: 'web', namespace: 'shop', template: 'spec.template' },
      flip: { text: 'label the pod template sidecar.istio.io/inject=false (spec.template.metadata.labels)' },
    });
  });

  it.each([
    [deployment({ 'sidecar.istio.io/inject': 'true' }), /on the Deployment, not on the pod template/],
    [deployment({}, { 'sidecar.istio.io/proxyCpu': '1' }), /did you mean sidecar.istio.io\/proxyCPU/],
  ])('warns of what stands in the wrong place, or is misspelt', (object, text) => {
    const [explanation] = explainObject(injector, object, { namespaceLabels: {} });
    expect(explanation?.warnings.join('\n')).toMatch(text);
  });

  it('is one for each pod of lists in lists, and none for what has no pods', () => {
    const list = { kind: 'List', items: [{ kind: 'DeploymentList', items: [deployment({})] }, { kind: 'Service' }, 7] };
    expect(explainObject(injector, list)).toHaveLength(1);
  });

  it('of a template that is no pod is a denial, with the message of Go', () => {
    const bad = { kind: 'Job', metadata: { name: 'j', namespace: 'shop' }, spec: { template: { spec: [] } } };
    expect(explainObject(injector, bad)).toMatchObject([
      {
        subject: { kind: 'Job', name: 'j', namespace: 'shop' },
        verdict: 'denied',
        reason: 'pod-undecodable',
        message: expect.stringContaining('json: cannot unmarshal array'),
      },
    ]);
  });

  it('never throws, whatever the object is', () => {
    const value = fc.anything({ withNullPrototype: true, maxDepth: 3 });
    const object = fc.record(
      {
        kind: fc.constantFrom(...kindsWithPods, 'AdmissionReview', 'List'),
        metadata: fc.oneof(value, fc.record({ name: fc.string(), labels: fc.dictionary(fc.string(), fc.string()) })),
        spec: fc.oneof(value, fc.record({ template: fc.record({ metadata: value, spec: value }) })),
        items: fc.array(value),
      },
      { requiredKeys: ['kind'] },
    );
    fc.assert(
      fc.property(object, (input) => {
        // What comes over a wire is JSON.
        const json: unknown = JSON.parse(toJson(input));
        expect(Array.isArray(explainObject(injector, json))).toBe(true);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});

function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item));
}
