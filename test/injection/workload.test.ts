import { describe, expect, it } from 'vitest';
import { workloadOfPod } from '../../src/injection/index.ts';
import { pod } from './support.ts';

const owner = (kind: string, name: string, apiVersion = 'apps/v1', controller = true) => ({
  kind,
  name,
  apiVersion,
  uid: 'u',
  controller,
});

describe('the workload of a pod', () => {
  it.each([
    [
      'a ReplicaSet with the hash of its Deployment',
      owner('ReplicaSet', 'web-abc'),
      { 'pod-template-hash': 'abc' },
      ['web', 'Deployment', 'apps/v1'],
    ],
    [
      'a ReplicaSet with another hash',
      owner('ReplicaSet', 'web-abc'),
      { 'pod-template-hash': 'x' },
      ['web-abc', 'ReplicaSet', 'apps/v1'],
    ],
    [
      'a hash without a dash before it',
      owner('ReplicaSet', 'webabc'),
      { 'pod-template-hash': 'abc' },
      ['webabc', 'Deployment', 'apps/v1'],
    ],
    [
      'a Rollout',
      owner('ReplicaSet', 'web-abc', 'argoproj.io/v1alpha1'),
      { 'rollouts-pod-template-hash': 'abc' },
      ['web', 'Rollout', 'v1alpha1'],
    ],
    [
      'a DeploymentConfig',
      owner('ReplicationController', 'web-1', 'v1'),
      { deploymentconfig: 'web' },
      ['web', 'DeploymentConfig', 'v1'],
    ],
    [
      'a bare ReplicationController',
      owner('ReplicationController', 'web-1', 'v1'),
      {},
      ['web-1', 'ReplicationController', 'v1'],
    ],
    ['a CronJob', owner('Job', 'tidy-28123456', 'batch/v1'), {}, ['tidy', 'CronJob', 'batch/v1']],
    ['a Job with a short number', owner('Job', 'tidy-1234567', 'batch/v1'), {}, ['tidy-1234567', 'Job', 'batch/v1']],
    ['a StatefulSet', owner('StatefulSet', 'db'), {}, ['db', 'StatefulSet', 'apps/v1']],
    ['an owner that does not control it', owner('StatefulSet', 'db', 'apps/v1', false), {}, ['', 'Pod', 'v1']],
    [
      'an owner whose name is nothing but the hash',
      owner('ReplicaSet', '-abc'),
      { 'pod-template-hash': 'abc' },
      ['', 'Deployment', 'apps/v1'],
    ],
  ])('is found behind %s', (_what, reference, labels, [name, kind, apiVersion]) => {
    const made = pod({ name: '', generateName: 'web-', labels, ownerReferences: [reference] });
    expect(workloadOfPod(made)).toEqual({ name, kind, apiVersion, namespace: 'shop' });
  });

  it('is the pod itself unless its name was generated', () => {
    expect(workloadOfPod(pod({ ownerReferences: [owner('ReplicaSet', 'web-abc')] }))).toEqual({
      name: 'web',
      kind: 'Pod',
      apiVersion: 'v1',
      namespace: 'shop',
    });
  });
});
