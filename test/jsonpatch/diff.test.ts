import { type Operation as Applicable, applyPatch } from 'fast-json-patch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Operation, diff, diffAgainstRaw } from '../../src/jsonpatch/index.ts';

function apply(base: unknown, operations: readonly Operation[]): unknown {
  return applyPatch(structuredClone(base), structuredClone(operations) as Applicable[], true).newDocument;
}

describe('diff', () => {
  it.each<[string, unknown, unknown, Operation[]]>([
    ['finds nothing between equals', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
    [
      'adds, replaces and removes fields',
      { a: 1, b: 2 },
      { b: 3, c: 4 },
      [
        { op: 'remove', path: '/a' },
        { op: 'replace', path: '/b', value: 3 },
        { op: 'add', path: '/c', value: 4 },
      ],
    ],
    ['goes into maps', { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, [{ op: 'replace', path: '/a/b/c', value: 2 }]],
    ['escapes keys', { 'a/b~c': 1 }, { 'a/b~c': 2 }, [{ op: 'replace', path: '/a~1b~0c', value: 2 }]],
    ['replaces a value of another type', { a: [1] }, { a: { b: 1 } }, [{ op: 'replace', path: '/a', value: { b: 1 } }]],
    ['replaces the whole', 1, 'a', [{ op: 'replace', path: '', value: 'a' }]],
    [
      'puts elements first',
      [{ name: 'a', x: 1 }, { name: 'b' }],
      [{ name: 'z' }, { name: 'a', x: 2 }, { name: 'b' }],
      [
        { op: 'add', path: '/0', value: { name: 'z' } },
        { op: 'replace', path: '/1/x', value: 2 },
      ],
    ],
    [
      'puts elements between',
      [1, 2],
      [1, 5, 6, 2],
      [
        { op: 'add', path: '/1', value: 5 },
        { op: 'add', path: '/2', value: 6 },
      ],
    ],
    ['puts elements last', [1], [1, 2], [{ op: 'add', path: '/1', value: 2 }]],
    [
      'removes elements from the end on',
      [1, 2, 3, 4],
      [2],
      [
        { op: 'remove', path: '/3' },
        { op: 'remove', path: '/2' },
        { op: 'remove', path: '/0' },
      ],
    ],
    [
      'replaces an element by another',
      [{ name: 'a' }, { name: 'b' }],
      [{ name: 'c' }, { name: 'b' }],
      [{ op: 'replace', path: '/0', value: { name: 'c' } }],
    ],
    [
      'changes an element without a name in place',
      [{ p: 1, q: 1 }],
      [{ p: 1, q: 2 }],
      [{ op: 'replace', path: '/0/q', value: 2 }],
    ],
    [
      'moves an element by one removal and one addition',
      ['a', 'b', 'c'],
      ['c', 'a', 'b'],
      [
        { op: 'remove', path: '/2' },
        { op: 'add', path: '/0', value: 'c' },
      ],
    ],
    [
      'knows null from absent',
      { a: null },
      { b: null },
      [
        { op: 'remove', path: '/a' },
        { op: 'add', path: '/b', value: null },
      ],
    ],
  ])('%s', (_name, base, target, operations) => {
    expect(diff(base, target)).toEqual(operations);
    expect(apply(base, operations)).toEqual(target);
  });

  it('does not mind the order of keys', () => {
    expect(diff([{ a: 1, b: 2 }, 1], [{ b: 2, a: 1 }, 2])).toEqual([{ op: 'replace', path: '/1', value: 2 }]);
  });

  it('compares long lists in good time', () => {
    const base = Array.from({ length: 20_000 }, (_, at) => ({ name: `v${String(at)}` }));
    expect(diff(base, [{ name: 'new' }, ...base])).toHaveLength(1);
    expect(diff(base, base.toReversed()).length).toBeLessThan(40_001);
  });

  const keys = fc.constantFrom('a', 'b', 'a/b', '~', 'name', 'constructor');
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('x', 'y', 1, null, true),
      fc.array(tie('value'), { maxLength: 6 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 4 }).map((record) => ({ ...record })),
    ),
  })).value;

  it('turns anything into anything', () => {
    fc.assert(
      fc.property(json, json, (base, target) => {
        const before = JSON.stringify([base, target]);
        expect(apply(base, diff(base, target))).toEqual(target);
        expect(JSON.stringify([base, target])).toBe(before);
      }),
      { seed: 5, numRuns: 3000 },
    );
  });

  it('turns lists of named things into one another', () => {
    const list = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e'), x: fc.constantFrom(1, 2) }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(list, list, (base, target) => {
        expect(apply({ base }, diff({ base }, { base: target }))).toEqual({ base: target });
      }),
      { seed: 6, numRuns: 2000 },
    );
  });
});

describe('diffAgainstRaw', () => {
  const raw = { spec: { containers: [{ name: 'a', resources: { limits: { cpu: '3000m' } } }, { name: 'b' }] } };
  const base = {
    metadata: {},
    spec: {
      containers: [
        { name: 'a', resources: { limits: { cpu: '3' } } },
        { name: 'b', resources: {} },
      ],
    },
    status: {},
  };

  it('finds nothing where only the normal form differs', () => {
    expect(diffAgainstRaw(raw, base, structuredClone(base))).toEqual([]);
  });

  it('makes parents that the raw object lacks', () => {
    const target = structuredClone(base) as Record<string, unknown>;
    target['metadata'] = { labels: { x: 'y' } };
    expect(diffAgainstRaw(raw, base, target)).toEqual([
      { op: 'add', path: '/metadata', value: { labels: { x: 'y' } } },
    ]);
  });

  it('keeps the text of what is not touched', () => {
    const target = structuredClone(base);
    target.spec.containers.push({ name: 'c', resources: {} });
    expect(apply(raw, diffAgainstRaw(raw, base, target))).toEqual({
      spec: { containers: [...raw.spec.containers, { name: 'c', resources: {} }] },
    });
  });

  it('compares by index where the raw text is not normal, as Istio does', () => {
    const target = { ...base, spec: { containers: [{ name: 'z', resources: {} }, ...base.spec.containers] } };
    const patched = apply(raw, diffAgainstRaw(raw, base, target)) as typeof base;
    expect(patched.spec.containers[1]).toEqual({ name: 'a', resources: { limits: { cpu: '3' } } });
  });

  it.each<[string, unknown, unknown, unknown, unknown]>([
    ['replaces null where an object is to be', { m: null }, { m: {} }, { m: { a: 1 } }, { m: { a: 1 } }],
    ['replaces null where a list is to be', { m: null }, { m: null }, { m: [1] }, { m: [1] }],
    ['overwrites a null that was absent', { m: null }, {}, { m: 1 }, { m: 1 }],
    [
      'names fields as the raw object does',
      { SPEC: { x: 1 } },
      { spec: { x: 1 } },
      { spec: { x: 2 } },
      { SPEC: { x: 2 } },
    ],
    ['removes fields as the raw object names them', { SPEC: 1, foo: 2 }, { spec: 1 }, {}, { foo: 2 }],
    ['removes nothing that is not there', {}, { a: {} }, {}, {}],
    ['leaves unknown fields', { a: 1, foo: 2 }, { a: 1 }, { a: 3 }, { a: 3, foo: 2 }],
    ['replaces a list of another length', { l: [1, 2] }, { l: [1] }, { l: [3] }, { l: [3] }],
    ['leaves a list of another length alone', { l: [1, 2] }, { l: [1] }, { l: [1] }, { l: [1, 2] }],
    ['leaves a value of another type alone', { o: 'x' }, { o: { a: 1 } }, { o: { a: 1 } }, { o: 'x' }],
  ])('%s', (_name, rawValue, baseValue, target, patched) => {
    expect(apply(rawValue, diffAgainstRaw(rawValue, baseValue, target))).toEqual(patched);
  });
});
