import { describe, expect, it } from 'vitest';
import { PodPicker } from '../../src/comparison/index.ts';
import type { JsonRecord } from '../../src/yaml/index.ts';

const spec = { containers: [{ name: 'app', image: 'app' }] };
const owned = (kind: string, name: string): object => ({
  ownerReferences: [{ kind, name, apiVersion: 'apps/v1', uid: 'u', controller: true }],
});
const deployment = { kind: 'Deployment', metadata: { name: 'web' }, spec: { template: { spec } } };
const replicaSet = (replicas = 1): JsonRecord => ({
  kind: 'ReplicaSet',
  metadata: { name: 'web-1', ...owned('Deployment', 'web') },
  spec: { replicas, template: { spec } },
});
const pod = (name: string): JsonRecord => ({
  kind: 'Pod',
  metadata: { name, generateName: 'web-1-', labels: { 'pod-template-hash': '1' }, ...owned('ReplicaSet', 'web-1') },
  spec,
});

const names = (...objects: JsonRecord[]): string[] => {
  const picker = new PodPicker('shop');
  return objects.flatMap((object) => {
    const picked = picker.pick(object);
    return picked === undefined ? [] : [`${picked.member.kind} ${picked.member.name}`];
  });
};

describe('pods of objects', () => {
  it.each<[string, JsonRecord[], string[]]>([
    ['of a Deployment once, and not those of what it made', [deployment, replicaSet(), pod('a')], ['Deployment web']],
    ['one by one where they come first', [pod('a'), pod('b'), replicaSet(), deployment], ['Pod a', 'Pod b']],
    ['of a ReplicaSet whose Deployment comes later', [replicaSet(), deployment], ['ReplicaSet web-1']],
    ['not of a ReplicaSet that is no longer used', [replicaSet(0), deployment], ['Deployment web']],
    ['of nothing else', [{ kind: 'Service', metadata: { name: 'x' } }], []],
  ])('are picked %s', (_title, objects, expected) => {
    expect(names(...objects)).toEqual(expected);
  });

  it('that cannot be read are told', () => {
    const picked = new PodPicker('shop').pick({ kind: 'Pod', metadata: { name: 'x' }, spec: { containers: 'none' } });
    expect(picked).toMatchObject({ member: { kind: 'Pod', namespace: 'shop', name: 'x' } });
    expect(picked).toHaveProperty('problem');
  });
});
