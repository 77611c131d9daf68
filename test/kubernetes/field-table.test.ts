import { describe, expect, it } from 'vitest';
import { decodeTyped, flattenFields, parseGoType, typeDefinition, workloadKinds } from '../../src/kubernetes/index.ts';

describe('field tables', () => {
  it('know merge keys and strategies', () => {
    const volumes = flattenFields('v1.PodSpec').find((field) => field.json === 'volumes');
    expect(volumes).toMatchObject({
      name: 'Volumes',
      type: '[]v1.Volume',
      patchStrategy: ['merge', 'retainKeys'],
      patchMergeKey: 'name',
    });
  });

  it('put the fields of embedded structs in place', () => {
    const names = flattenFields('v1.Volume').map((field) => field.path);
    expect(names.slice(0, 2)).toEqual(['name', 'VolumeSource.hostPath']);
  });

  it.each([
    ['*int64', { kind: 'pointer', element: 'int64' }],
    ['[]v1.Container', { kind: 'slice', element: 'v1.Container' }],
    ['map[string]string', { kind: 'map', element: 'string' }],
    ['v1.ResourceList', { kind: 'map', element: 'resource.Quantity' }],
    ['v1.Pod', { kind: 'named', name: 'v1.Pod' }],
  ])('take %s apart', (type, parsed) => {
    expect(parseGoType(type)).toEqual(parsed);
  });

  it('have a definition for every type they name', () => {
    const builtin = new Set(['string', 'bool', 'int', 'int32', 'int64']);
    const seen = new Set<string>();
    const visit = (type: string): void => {
      const parsed = parseGoType(type);
      if (parsed.kind !== 'named') return visit(parsed.element);
      if (seen.has(type) || builtin.has(type)) return;
      seen.add(type);
      expect(typeDefinition(type), type).toBeDefined();
      for (const field of typeDefinition(type)?.fields ?? []) visit(field.type);
    };
    for (const { type } of workloadKinds.values()) visit(type);
    expect(seen.size).toBeGreaterThan(150);
  });

  it('read every workload kind at its zero value', () => {
    for (const { type } of workloadKinds.values()) expect(decodeTyped(type, {})).toMatchObject({ metadata: {} });
  });
});
