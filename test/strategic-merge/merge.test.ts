import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OverlayError, applyOverlay, decodeOverlay, mergeOverlay, mergeRaw } from '../../src/strategic-merge/index.ts';

type Json = Record<string, unknown>;

/** Merges two values of a type without the decoding that follows in an overlay. */
function merge(type: string, original: Json, patch: Json): Json {
  return mergeRaw(type, original, patch);
}

function names(list: unknown): unknown[] {
  return (list as Json[]).map((element) => element['name']);
}

describe('merge keys that are no scalars', () => {
  const original = { containers: [{ name: 'a' }] };
  const name = { b: 'c' };

  it('belong to nothing that could be deleted', () => {
    expect(merge('v1.PodSpec', original, { containers: [{ $patch: 'delete', name }] })).toEqual(original);
  });

  it('stand in a list that replaces another, as long as nothing is compared', () => {
    const replace = { $patch: 'replace' };
    expect(merge('v1.PodSpec', original, { containers: [{ name }, replace] })).toEqual({ containers: [{ name }] });
    expect(() => merge('v1.PodSpec', original, { containers: [{ name }, { name: 'd' }, replace] })).toThrow(
      'a merge key must be a scalar',
    );
  });

  it('cannot be merged', () => {
    expect(() => merge('v1.PodSpec', original, { containers: [{ name }] })).toThrow('a merge key must be a scalar');
  });
});

describe('fields that the overlay writes in another case', () => {
  const overlaid = (original: Json, yaml: string): Json => applyOverlay(original, yaml) as unknown as Json;

  it('are read into those of the pod', () => {
    const pod = { spec: { containers: [{ name: 'a', image: 'x' }], nodeSelector: { a: '1' }, hostNetwork: true } };
    const overlay = 'spec: {Containers: [{image: z}], nodeselector: {b: "2"}, HOSTNETWORK: null, hostnetwork: false}';
    expect(overlaid(pod, overlay)['spec']).toEqual({
      containers: [{ name: 'a', image: 'x', resources: {} }],
      nodeSelector: { a: '1', b: '2' },
    });
  });

  it('come in the order of the names, lists with the length of the last', () => {
    const pod = { spec: { containers: [{ name: 'a' }, { name: 'b' }], affinity: { nodeAffinity: {} } } };
    expect(overlaid(pod, 'spec: {affinitY: {podAffinity: {}}, containerſ: [{image: z}]}')['spec']).toEqual({
      affinity: { nodeAffinity: {}, podAffinity: {} },
      containers: [{ name: 'a', image: 'z', resources: {} }],
    });
  });
});

describe('maps and scalars', () => {
  it.each<[string, Json, Json, Json]>([
    [
      'merges maps field by field',
      { labels: { a: '1', b: '2' } },
      { labels: { b: '3', c: '4' } },
      { labels: { a: '1', b: '3', c: '4' } },
    ],
    ['replaces scalars', { name: 'a' }, { name: 'b' }, { name: 'b' }],
    ['deletes by null', { labels: { a: '1' }, name: 'x' }, { labels: { a: null }, name: null }, { labels: {} }],
    [
      'drops nulls that meet nothing',
      { name: 'x' },
      { labels: { a: null, b: '1' } },
      { name: 'x', labels: { b: '1' } },
    ],
    ['replaces a value of another type', { labels: 'x' }, { labels: { a: null, b: '1' } }, { labels: { b: '1' } }],
    [
      'replaces a map by $patch: replace',
      { labels: { a: '1' } },
      { labels: { $patch: 'replace', b: '2' } },
      { labels: { b: '2' } },
    ],
    ['empties a map by $patch: delete', { labels: { a: '1' } }, { labels: { $patch: 'delete' } }, { labels: {} }],
    ['ignores a directive that meets nothing', {}, { labels: { $patch: 'delete' } }, {}],
    [
      'keeps keys that name parts of an object',
      { labels: {} },
      { labels: JSON.parse('{"__proto__":"x"}') as Json },
      { labels: JSON.parse('{"__proto__":"x"}') as Json },
    ],
    [
      'clears what $retainKeys leaves out',
      { labels: { a: '1', b: '2' } },
      { labels: { $retainKeys: ['b', 'c'], c: '3' } },
      { labels: { b: '2', c: '3' } },
    ],
  ])('%s', (_name, original, patch, merged) => {
    expect(merge('v1.ObjectMeta', original, patch)).toEqual(merged);
  });
});

describe('lists', () => {
  const containers = [{ name: 'app', image: 'a' }, { name: 'side' }];

  it('merges elements by key, the patch first and in its order', () => {
    const patch = {
      containers: [
        { name: 'proxy', args: null },
        { name: 'side', image: 's' },
      ],
    };
    expect(merge('v1.PodSpec', { containers }, patch)).toEqual({
      containers: [
        { name: 'proxy', args: null },
        { name: 'app', image: 'a' },
        { name: 'side', image: 's' },
      ],
    });
    expect(names(merge('v1.PodSpec', { containers }, { containers: [{ name: 'proxy' }] })['containers'])).toEqual([
      'proxy',
      'app',
      'side',
    ]);
  });

  it.each<[string, string, Json, Json, Json]>([
    ['replaces lists without merge strategy', 'v1.Container', { args: ['a'] }, { args: ['b'] }, { args: ['b'] }],
    ['empties them too', 'v1.PodSpec', { tolerations: [{ key: 'a' }] }, { tolerations: [] }, { tolerations: [] }],
    [
      'leaves merged lists alone when the patch is empty',
      'v1.PodSpec',
      { containers },
      { containers: [] },
      { containers },
    ],
    [
      'merges lists of scalars as sets',
      'v1.ObjectMeta',
      { finalizers: ['a', 'b'] },
      { finalizers: ['c', 'a'] },
      { finalizers: ['c', 'a', 'b'] },
    ],
    [
      'deletes from lists of scalars',
      'v1.ObjectMeta',
      { finalizers: ['a', 'b'] },
      { '$deleteFromPrimitiveList/finalizers': ['a', 'x'] },
      { finalizers: ['b'] },
    ],
    ['deletes from nothing', 'v1.ObjectMeta', {}, { '$deleteFromPrimitiveList/finalizers': ['a'] }, {}],
    [
      'deletes elements',
      'v1.PodSpec',
      { containers },
      { containers: [{ $patch: 'delete', name: 'app' }] },
      { containers: [{ name: 'side' }] },
    ],
    [
      'replaces all elements',
      'v1.PodSpec',
      { containers },
      { containers: [{ $patch: 'replace' }, { name: 'b' }] },
      { containers: [{ name: 'b' }] },
    ],
    [
      'merges into the first of equal elements',
      'v1.PodSpec',
      { volumes: [{ name: 'v' }, { name: 'v', x: 1 }] },
      { volumes: [{ name: 'v', y: 2 }] },
      {
        volumes: [
          { name: 'v', y: 2 },
          { name: 'v', x: 1 },
        ],
      },
    ],
    [
      'collapses equal elements of the patch',
      'v1.PodSpec',
      { volumes: [{ name: 'a' }] },
      {
        volumes: [
          { name: 'v', x: 1 },
          { name: 'v', y: 2 },
        ],
      },
      { volumes: [{ name: 'v', x: 1, y: 2 }, { name: 'a' }] },
    ],
    [
      'keeps equal elements of a new list',
      'v1.PodSpec',
      {},
      { volumes: [{ name: 'v' }, { name: 'v' }] },
      { volumes: [{ name: 'v' }, { name: 'v' }] },
    ],
    [
      'merges ports by containerPort',
      'v1.Container',
      { ports: [{ containerPort: 80, name: 'a' }] },
      { ports: [{ containerPort: 80, name: 'b' }] },
      { ports: [{ containerPort: 80, name: 'b' }] },
    ],
    [
      'reads field names in any case',
      'v1.PodSpec',
      { Containers: containers },
      { Containers: [{ name: 'app', image: 'b' }] },
      { Containers: [{ name: 'app', image: 'b' }, { name: 'side' }] },
    ],
    [
      'clears a volume source by $retainKeys',
      'v1.PodSpec',
      { volumes: [{ name: 'v', emptyDir: {} }] },
      { volumes: [{ name: 'v', $retainKeys: ['name', 'secret'], secret: {} }] },
      { volumes: [{ name: 'v', secret: {} }] },
    ],
    [
      'drops duplicates as Go does',
      'v1.ObjectMeta',
      { finalizers: ['x', 'x', 'y'] },
      { finalizers: ['z'] },
      { finalizers: ['x', 'z', 'y'] },
    ],
  ])('%s', (_name, type, original, patch, merged) => {
    expect(merge(type, original, patch)).toEqual(merged);
  });

  it.each<[string, Json, string[]]>([
    [
      'orders by $setElementOrder',
      { '$setElementOrder/containers': [{ name: 'side' }, { name: 'app' }] },
      ['side', 'app'],
    ],
    [
      'merges what it orders',
      { '$setElementOrder/containers': [{ name: 'new' }, { name: 'app' }], containers: [{ name: 'new' }] },
      ['new', 'app', 'side'],
    ],
    [
      'deletes while ordering',
      { '$setElementOrder/containers': [{ name: 'side' }], containers: [{ $patch: 'delete', name: 'app' }] },
      ['side'],
    ],
    [
      'shows the places that a deletion left',
      {
        '$setElementOrder/containers': [{ name: 'new' }],
        containers: [{ name: 'new' }, { $patch: 'delete', name: 'app' }],
      },
      ['side', 'new'],
    ],
  ])('%s', (_name, patch, order) => {
    expect(names(merge('v1.PodSpec', { containers }, patch)['containers'])).toEqual(order);
  });

  it('orders new lists and lists of scalars', () => {
    const patch = { '$setElementOrder/finalizers': ['c', 'a'], finalizers: ['c', 'a'] };
    expect(merge('v1.ObjectMeta', {}, patch)).toEqual({ finalizers: ['c', 'a'] });
    expect(merge('v1.ObjectMeta', { finalizers: ['a', 'b'] }, patch)).toEqual({ finalizers: ['c', 'a', 'b'] });
    expect(merge('v1.ObjectMeta', {}, { '$setElementOrder/finalizers': ['a'] })).toEqual({});
  });
});

describe('what cannot be merged', () => {
  it.each<[string, Json, Json, string]>([
    [
      'v1.PodSpec',
      { containers: [{ name: 'a' }] },
      { containers: [{ image: 'x' }] },
      'map: map[image:x] does not contain declared merge key: name',
    ],
    [
      'v1.PodSpec',
      { containers: [{ name: 'a' }] },
      { containers: ['x'] },
      'list element types are not identical: [[map[name:a]] [x]]',
    ],
    [
      'v1.PodSpec',
      { containers: [{ name: 'a' }] },
      { containers: [{ $patch: 'merge', name: 'a' }] },
      'merging lists cannot yet be specified in the patch',
    ],
    [
      'v1.PodSpec',
      { containers: [{ name: 'a' }] },
      { containers: [{ $patch: 'bogus', name: 'a' }] },
      'unknown patch type: bogus in map: map[$patch:bogus name:a]',
    ],
    [
      'v1.PodSpec',
      { containers: [{ name: 'a' }] },
      { containers: [{ $patch: 'delete' }] },
      'map: map[$patch:delete] does not contain declared merge key: name',
    ],
    ['v1.PodSpec', { containers: [{ name: 'a' }] }, { containers: [{ name: {} }] }, 'a merge key must be a scalar'],
    ['v1.Pod', {}, { $patch: 1 }, 'unknown patch type: %!s(float64=1) in map: map[$patch:1]'],
    ['v1.Pod', {}, { $patch: null }, 'unknown patch type: %!s(<nil>) in map: map[$patch:<nil>]'],
    ['v1.Pod', {}, { $patch: ['a'] }, 'unknown patch type: [a] in map: map[$patch:[a]]'],
    [
      'v1.ObjectMeta',
      { finalizers: ['a'] },
      { finalizers: [['b']] },
      'list element types are not identical: [[a] [[b]]]',
    ],
    ['v1.ObjectMeta', { finalizers: [['a']] }, { finalizers: [['b']] }, 'lists of lists are not supported'],
    ['v1.ObjectMeta', { finalizers: [null] }, { finalizers: [null] }, 'lists of nulls are not supported'],
    [
      'v1.ObjectMeta',
      { finalizers: [{}] },
      { finalizers: [{ a: 1e21 }] },
      'cannot merge lists without merge key for string',
    ],
    [
      'v1.ObjectMeta',
      { labels: { $retainKeys: 1 } },
      { labels: { $retainKeys: 'a' } },
      'invalid patch format of retainKeys',
    ],
    ['v1.ObjectMeta', { labels: { a: '1' } }, { labels: { $retainKeys: [[]] } }, 'invalid patch format of retainKeys'],
    [
      'v1.ObjectMeta',
      { labels: { a: '1' } },
      { labels: { $retainKeys: ['a'], b: '2' } },
      'invalid patch format of retainKeys',
    ],
    ['v1.ObjectMeta', {}, { $deleteFromPrimitiveList: ['a'] }, 'invalid patch format of primitive list'],
    ['v1.ObjectMeta', {}, { $setElementOrder: ['a'] }, 'invalid patch format of setElementOrder list'],
    ['v1.ObjectMeta', {}, { '$setElementOrder/finalizers': true }, 'expected a []interface {}, but received a bool'],
    ['v1.ObjectMeta', { finalizers: ['a'] }, { '$setElementOrder/finalizers': [{}] }, 'a merge key must be a scalar'],
    [
      'v1.ObjectMeta',
      { finalizers: 'a' },
      { '$setElementOrder/finalizers': ['a'] },
      'expected a []interface {}, but received a string',
    ],
    [
      'v1.ObjectMeta',
      {},
      { '$setElementOrder/finalizers': ['a'], finalizers: ['b'] },
      "The order in patch list:\n[b]\n doesn't match $setElementOrder list:\n[a]\n",
    ],
    [
      'v1.PodSpec',
      { containers: [] },
      { '$setElementOrder/containers': [{ name: 'a' }] },
      'no elements in any of the given slices',
    ],
    [
      'v1.PodSpec',
      { containers: [{ name: 'a' }] },
      { '$setElementOrder/containers': ['a'] },
      'value for key 0 is not a map',
    ],
    [
      'v1.PodSpec',
      {},
      { '$setElementOrder/containers': [1], containers: [{ name: 'a' }] },
      'expected a map[string]interface {}, but received a float64',
    ],
    [
      'v1.PodSpec',
      {},
      { '$setElementOrder/containers': [{}], containers: [null] },
      'expected a map[string]interface {}, but received a %!s(<nil>)',
    ],
    ['v1.ObjectMeta', {}, { '$setElementOrder/labels': ['a'] }, 'expected slice or array type, but got: struct'],
    [
      'v1.ObjectMeta',
      { labels: { a: {} } },
      { labels: { a: {} } },
      'merging an object in json but data type is not struct, instead is: map',
    ],
    ['v1.Pod', { foo: {} }, { foo: {} }, 'unable to find api field in struct Pod for the json field "foo"'],
  ])('in %s %j with %j', (type, original, patch, problem) => {
    expect(() => merge(type, original, patch)).toThrow(new OverlayError('merge', problem));
  });
});

describe('applyOverlay', () => {
  const pod = {
    metadata: { name: 'p', labels: { app: 'a' } },
    spec: { containers: [{ name: 'app', image: 'a', resources: {} }] },
    status: {},
  };

  it('merges rendered YAML and writes the pod as Kubernetes does', () => {
    const overlay =
      'metadata: {labels: {x: "1"}}\nspec:\n  containers:\n  - name: istio-proxy\n    resources: {limits: {cpu: 2000m}}\n    foo: dropped\n';
    expect(applyOverlay(pod, overlay)).toEqual({
      metadata: { name: 'p', labels: { app: 'a', x: '1' } },
      spec: {
        containers: [
          { name: 'istio-proxy', resources: { limits: { cpu: '2' } } },
          { name: 'app', image: 'a', resources: {} },
        ],
      },
      status: {},
    });
  });

  it.each(['', 'null', '# nothing', '{}'])('changes nothing for %j', (overlay) => {
    expect(applyOverlay(pod, overlay)).toEqual(pod);
  });

  it.each(['a: b: c', '[]', 'text', 'a: .inf'])('refuses %j, which is no map', (overlay) => {
    expect(() => applyOverlay(pod, overlay)).toThrow('strategic merge: invalid JSON document');
  });

  it.each([
    ['metadata: {labels: {app: y}}', 'bool into Go struct field ObjectMeta.metadata.labels of type string'],
    [
      'spec: {hostNetwork: 5, activeDeadlineSeconds: x}',
      'string into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64',
    ],
  ])('names the first misfit of %s', (overlay, problem) => {
    expect(() => applyOverlay(pod, overlay)).toThrow(new OverlayError('decode', `json: cannot unmarshal ${problem}`));
  });

  it('changes neither the pod nor the overlay', () => {
    const scalar = fc.constantFrom<unknown>('a', 'b', null, 1, true);
    const element = fc.record(
      { name: fc.constantFrom('app', 'b', 'c'), image: scalar, $patch: fc.constantFrom('delete', 'replace') },
      { requiredKeys: ['name'] },
    );
    const overlay = fc.record({
      metadata: fc.record({ labels: fc.dictionary(fc.constantFrom('app', 'x', '$patch'), scalar) }),
      spec: fc.record({
        containers: fc.array(element, { maxLength: 4 }),
        volumes: fc.array(element, { maxLength: 2 }),
      }),
    });
    fc.assert(
      fc.property(overlay, (patch) => {
        const before = JSON.stringify([pod, patch]);
        try {
          mergeOverlay(pod, patch);
        } catch (error) {
          expect(error).toBeInstanceOf(OverlayError);
        }
        expect(JSON.stringify([pod, patch])).toBe(before);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it('decodes an overlay once for many pods', () => {
    const overlay = decodeOverlay('metadata: {name: q}');
    expect(mergeOverlay(pod, overlay).metadata.name).toBe('q');
    expect(mergeOverlay(pod, overlay)).toEqual(applyOverlay(pod, 'metadata: {name: q}'));
  });
});
