import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePods } from '../../src/comparison/index.ts';
import { decodePod, type Pod } from '../../src/kubernetes/index.ts';

const pod = (spec: object, metadata: object = { name: 'p' }): Pod =>
  decodePod({ metadata, spec: { containers: [], ...spec } });
const told = (from: Pod, to: Pod): unknown[] => comparePods(from, to).map(({ steps: _steps, ...change }) => change);
const container = (name: string, more: object = {}): object => ({ name, image: name, ...more });

describe('the differences of two pods', () => {
  it.each<[string, Pod, Pod, unknown[]]>([
    [
      'a field of a container by the name of the container',
      pod({ containers: [container('a'), container('b')] }),
      pod({ containers: [container('a'), container('b', { image: 'x' })] }),
      [{ path: 'spec.containers[b].image', kind: 'changed', from: 'b', to: 'x' }],
    ],
    [
      'a variable that is new and one that is gone',
      pod({ containers: [container('a', { env: [{ name: 'X', value: '1' }] })] }),
      pod({ containers: [container('a', { env: [{ name: 'Y', value: '1' }] })] }),
      [
        { path: 'spec.containers[a].env[X]', kind: 'removed', from: { name: 'X', value: '1' } },
        { path: 'spec.containers[a].env[Y]', kind: 'added', to: { name: 'Y', value: '1' } },
      ],
    ],
    [
      'another order of named elements',
      pod({ containers: [container('a'), container('b')] }),
      pod({ containers: [container('b'), container('a')] }),
      [{ path: 'spec.containers', kind: 'order', from: ['a', 'b'], to: ['b', 'a'] }],
    ],
    [
      'a list of scalars as one value',
      pod({ containers: [container('a', { args: ['x', 'y'] })] }),
      pod({ containers: [container('a', { args: ['x', 'z', 'y'] })] }),
      [{ path: 'spec.containers[a].args', kind: 'changed', from: ['x', 'y'], to: ['x', 'z', 'y'] }],
    ],
    [
      'labels by their key, whatever it is',
      pod({}, { name: 'p', labels: { 'a/b': '1' } }),
      pod({}, { name: 'p', labels: JSON.parse('{"a/b":"1","__proto__":"2"}') as object }),
      [{ path: 'metadata.labels.__proto__', kind: 'added', to: '2' }],
    ],
  ])('name %s', (_title, from, to, expected) => {
    expect(told(from, to)).toEqual(expected);
  });

  it('tell ports of the same number apart', () => {
    const ports = (...protocols: string[]): Pod =>
      pod({ containers: [container('a', { ports: protocols.map((protocol) => ({ containerPort: 53, protocol })) })] });
    expect(told(ports('TCP', 'UDP'), ports('TCP', 'SCTP'))).toEqual([
      { path: 'spec.containers[a].ports[53#2].protocol', kind: 'changed', from: 'UDP', to: 'SCTP' },
    ]);
  });

  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
  const anyPod = fc
    .record({ names, image: fc.constantFrom('x', 'y'), env: names, label: fc.option(fc.string(), { nil: undefined }) })
    .map((made) =>
      pod(
        {
          containers: made.names.map((name) =>
            container(name, { image: made.image, env: made.env.map((one) => ({ name: one })) }),
          ),
        },
        { name: 'p', ...(made.label !== undefined && { labels: { l: made.label } }) },
      ),
    );

  it('are none of a pod and itself, and some of pods whose JSON differs', () => {
    fc.assert(
      fc.property(anyPod, anyPod, (a, b) => {
        expect(comparePods(a, structuredClone(a))).toEqual([]);
        expect(comparePods(a, b).length > 0).toBe(JSON.stringify(a) !== JSON.stringify(b));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('are the same the other way round', () => {
    const turned: Record<string, string> = { added: 'removed', removed: 'added', changed: 'changed', order: 'order' };
    fc.assert(
      fc.property(anyPod, anyPod, (a, b) => {
        const there = comparePods(a, b).map(({ path, kind }) => `${kind} ${path}`);
        const back = comparePods(b, a).map(({ path, kind }) => `${turned[kind] ?? ''} ${path}`);
        expect(back.sort()).toEqual(there.sort());
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
