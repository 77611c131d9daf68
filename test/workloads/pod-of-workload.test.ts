import { describe, expect, it } from 'vitest';
import { workloadOfPod } from '../../src/injection/index.ts';
import { generatedPart, kindsWithPods, podOfWorkload } from '../../src/workloads/pod-of-workload.ts';

const template = {
  metadata: { name: 'ignored', namespace: 'ignored', labels: { app: 'web' }, annotations: { note: 'kept' } },
  spec: { containers: [{ name: 'web', image: 'nginx' }] },
};

function workload(kind: string, apiVersion = 'apps/v1', spec: unknown = { template }) {
  return { apiVersion, kind, metadata: { name: 'web', namespace: 'shop' }, spec };
}

describe('the pod of a workload', () => {
  it.each([
    ['Deployment', 'apps/v1', { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' }],
    ['Rollout', 'argoproj.io/v1alpha1', { kind: 'Rollout', name: 'web', apiVersion: 'v1alpha1' }],
    ['ReplicaSet', 'apps/v1', { kind: 'ReplicaSet', name: 'web', apiVersion: 'apps/v1' }],
    ['StatefulSet', 'apps/v1', { kind: 'StatefulSet', name: 'web', apiVersion: 'apps/v1' }],
    ['DaemonSet', 'apps/v1', { kind: 'DaemonSet', name: 'web', apiVersion: 'apps/v1' }],
    ['ReplicationController', 'v1', { kind: 'ReplicationController', name: 'web', apiVersion: 'v1' }],
    ['DeploymentConfig', 'apps.openshift.io/v1', { kind: 'DeploymentConfig', name: 'web', apiVersion: 'v1' }],
    ['Job', 'batch/v1', { kind: 'Job', name: 'web', apiVersion: 'batch/v1' }],
  ])('belongs to the %s as the injector sees it', (kind, apiVersion, expected) => {
    const made = podOfWorkload(workload(kind, apiVersion));
    expect(made && workloadOfPod(made.pod)).toEqual({ namespace: 'shop', ...expected });
  });

  it('of a CronJob belongs to it through a Job', () => {
    const made = podOfWorkload(workload('CronJob', 'batch/v1', { jobTemplate: { spec: { template } } }));
    expect(made?.pod.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'Job', name: 'web-00000000' });
    expect(made && workloadOfPod(made.pod)).toMatchObject({ kind: 'CronJob', name: 'web', apiVersion: 'batch/v1' });
    expect(made?.template).toEqual(['spec', 'jobTemplate', 'spec', 'template']);
  });

  it("has the template's labels and annotations, the controller's labels, and no name", () => {
    const made = podOfWorkload(workload('Deployment'));
    expect(made?.pod.metadata).toEqual({
      generateName: `web-${generatedPart}-`,
      namespace: 'shop',
      labels: { app: 'web', 'pod-template-hash': generatedPart },
      annotations: { note: 'kept' },
      ownerReferences: [expect.objectContaining({ kind: 'ReplicaSet', controller: true })],
    });
    expect(made?.pod.spec.containers?.[0]?.name).toBe('web');
  });

  it.each([
    ['DaemonSet', ['controller-revision-hash']],
    ['Job', ['batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name', 'controller-uid', 'job-name']],
  ])('of a %s has the labels that selectors may look at', (kind, labels) => {
    expect(Object.keys(podOfWorkload(workload(kind))?.pod.metadata.labels ?? {})).toEqual(['app', ...labels]);
  });

  it('is the object itself for a Pod, in the namespace of the caller when it names none', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'one' }, spec: template.spec };
    expect(podOfWorkload(pod, 'shop')).toMatchObject({
      kind: 'Pod',
      name: 'one',
      namespace: 'shop',
      template: [],
      pod: { metadata: { name: 'one', namespace: 'shop' } },
    });
    expect(podOfWorkload(pod)?.pod.metadata).not.toHaveProperty('namespace');
  });

  it('keeps a label named __proto__', () => {
    const labels = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
    const made = podOfWorkload(workload('StatefulSet', 'apps/v1', { template: { ...template, metadata: { labels } } }));
    expect(Object.keys(made?.pod.metadata.labels ?? {})).toContain('__proto__');
  });

  it.each([
    ['another kind', { kind: 'Service', metadata: { name: 'web' } }],
    ['a Deployment without template', { kind: 'Deployment', metadata: { name: 'web' }, spec: {} }],
    ['a kind named as a property of objects', { kind: 'constructor' }],
    ['text', 'Deployment'],
    ['nothing', null],
  ])('is none for %s', (_what, object) => {
    expect(podOfWorkload(object)).toBeUndefined();
  });

  it('refuses a template that is no pod, with the message of Go', () => {
    const bad = workload('Deployment', 'apps/v1', { template: { spec: { containers: 'none' } } });
    expect(() => podOfWorkload(bad)).toThrow(/cannot unmarshal string into Go struct field/);
  });

  it('knows every kind that is advertised', () => {
    expect(kindsWithPods).toContain('CronJob');
    expect(kindsWithPods).toContain('Pod');
  });
});
