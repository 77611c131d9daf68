import { describe, expect, it } from 'vitest';
import { decodePod } from '../../src/kubernetes/index.ts';
import { mergeOverlay, mergeSharedOverlay, SharedOverlay, SharedParts } from '../../src/strategic-merge/index.ts';

describe('parts that overlays have in common', () => {
  const pod = decodePod({ spec: { containers: [{ name: 'app', resources: {} }] } });
  const volumes = [
    { name: 'a', emptyDir: null },
    { name: 'b', emptyDir: {} },
    { $patch: 'delete', name: 'c' },
  ];
  const limits = { cpu: '1000m', memory: '1.0Gi' };
  const overlay = (image: string): Record<string, unknown> => ({
    spec: { containers: [{ name: 'proxy', image, resources: { limits } }], volumes },
  });
  const common = new SharedParts();
  common.add(volumes);
  common.add(limits);
  const shared = (image: string) => mergeSharedOverlay(pod, new SharedOverlay(overlay(image), common));

  it('are the same objects in all pods', () => {
    const [first, second] = [shared('x'), shared('y')];
    expect(second.spec['volumes']).toBe(first.spec['volumes']);
    const limitsOf = ({ spec }: typeof first) => spec.containers?.[0]?.resources?.['limits'];
    expect(limitsOf(second)).toBe(limitsOf(first));
    expect(limitsOf(first)).toEqual({ cpu: '1', memory: '1Gi' });
  });

  it.each(['x', 'y'])('change nothing of what is merged: %s', (image) => {
    expect(shared(image)).toEqual(mergeOverlay(pod, overlay(image)));
  });

  it('are left out of a merge where they are directives', () => {
    const directive = { $patch: 'delete', name: 'z' };
    const parts = new SharedParts();
    parts.add(directive);
    const patch = { spec: { affinity: directive, hostname: 'h' } };
    for (let round = 0; round < 2; round++) {
      expect(mergeSharedOverlay(pod, new SharedOverlay(patch, parts))).toEqual(mergeOverlay(pod, patch));
    }
  });
});
