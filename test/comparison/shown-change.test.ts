import { describe, expect, it } from 'vitest';
import { Groups, comparePod, showerOf, sideOf, type Change, type Side } from '../../src/comparison/index.ts';
import { compileConfiguration, readFeatures } from '../../src/configuration/index.ts';
import { decodePod, type Pod } from '../../src/kubernetes/index.ts';

const template = (text: string): string =>
  `policy: enabled\ntemplates:\n  sidecar: |\n    ${text.replaceAll('\n', '\n    ')}\n`;

function side(text: string): Side {
  const configuration = compileConfiguration({
    config: { file: 'config', text: template(text) },
    values: { file: 'values', text: '{}' },
    mesh: [],
    revision: 'default',
    clusterId: 'Kubernetes',
    features: readFeatures({}).features,
  });
  return sideOf(configuration, { isSent: true });
}

const secret = 'hunter2-hunter2';
const pod = (name: string, more: object = {}): Pod =>
  decodePod({
    metadata: { name, namespace: 'shop', ...more },
    spec: {
      containers: [
        {
          name: 'app',
          image: 'app',
          env: [
            { name: 'PASSWORD', value: secret },
            { name: 'PIN', value: '123' },
          ],
        },
      ],
    },
  });

const show = (change: Change, about = pod('web')): unknown =>
  showerOf({ pod: about, outcomes: [], isPublic: (word) => word === 'shop' })(change);

describe('a change that is shown', () => {
  const change = (steps: string[], more: Partial<Change>): Change => ({
    path: steps.join('.'),
    steps,
    kind: 'changed',
    ...more,
  });

  it.each<[string, Change, unknown, unknown]>([
    [
      'no value of a variable of a container of the pod',
      change(['spec', 'containers', 'app', 'env', 'PIN', 'value'], { from: '123', to: '4' }),
      '…',
      '…',
    ],
    [
      'no such value in a whole container',
      change(['spec', 'containers', 'x'], { kind: 'removed', from: { env: [{ name: 'PIN', value: '123' }] } }),
      { env: [{ name: 'PIN', value: '…' }] },
      undefined,
    ],
    ['no such value inside another text', change(['spec', 'x'], { from: `a ${secret} b`, to: 'c' }), 'a … b', 'c'],
    [
      'names of the pod as what they are',
      change(['spec', 'x'], { from: 'pods/web', to: 'webber web-1 shop' }),
      'pods/<workload>',
      'webber web-1 shop',
    ],
    [
      'of JSON what differs',
      change(['spec', 'x'], { from: '{"a":1,"b":{"c":2,"d":3}}', to: '{"a":1,"b":{"c":4,"d":3}}' }),
      '{"b":{"c":2},…}',
      '{"b":{"c":4},…}',
    ],
    [
      'of new JSON only that it is there',
      change(['spec', 'x'], { kind: 'added', to: ['{"a":1}', '[1,2]', '{}'] }),
      undefined,
      ['{…}', '[…]', '{}'],
    ],
    [
      'names in another order',
      change(['spec', 'containers'], { kind: 'order', from: ['web', 'b'], to: ['b', 'web'] }),
      ['web', 'b'],
      ['b', 'web'],
    ],
  ])('has %s', (_title, given, from, to) => {
    expect(show(given)).toEqual({
      path: given.path,
      kind: given.kind,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    });
  });
});

describe('groups of changes', () => {
  const before = side(
    'spec: { containers: [{ name: istio-proxy, image: p:1, env: [{ name: NAME, value: "{{ .ObjectMeta.Name }}" }] }] }',
  );
  const after = side(
    'spec: { containers: [{ name: istio-proxy, image: p:2, env: [{ name: OTHER, value: "{{ .ObjectMeta.Name }}" }] }] }',
  );
  const broken = side(
    '{{ if eq .ObjectMeta.Name "web-1" }}{{ fail .ObjectMeta.Name }}{{ end }}spec: { containers: [{ name: istio-proxy, image: p:1 }] }',
  );

  it('hold pods with the same change, though the pods have other names', () => {
    const groups = new Groups(() => false);
    for (const name of ['web-1', 'web-2', 'web-3']) {
      const about = pod(name);
      groups.add({ kind: 'Pod', namespace: 'shop', name }, about, comparePod(about, before, after));
    }
    expect(
      groups.groups.map(({ result, members, changes }) => [result, members.length, changes.map(({ path }) => path)]),
    ).toEqual([
      [
        'changed',
        3,
        [
          'spec.containers[istio-proxy].image',
          'spec.containers[istio-proxy].env[NAME]',
          'spec.containers[istio-proxy].env[OTHER]',
        ],
      ],
    ]);
    expect(JSON.stringify(groups.groups.map(({ example: _example, ...group }) => group))).not.toContain(secret);
  });

  it('tell failures from changes', () => {
    const groups = new Groups(() => false);
    for (const name of ['web-1', 'web-2']) {
      const about = pod(name);
      groups.add({ kind: 'Pod', namespace: 'shop', name }, about, comparePod(about, before, broken));
    }
    expect(groups.groups.map(({ result, members }) => [result, members[0]?.name])).toEqual([
      ['newly-failing', 'web-1'],
      ['changed', 'web-2'],
    ]);
    expect(groups.groups[0]?.to.message).toContain('<workload>');
    expect([groups.count('newly-failing'), groups.count('changed'), groups.count('unchanged')]).toEqual([1, 1, 0]);
  });

  it('name no values any more where there are too many', () => {
    const groups = new Groups(() => true);
    for (let i = 0; i < 1010; i++) {
      const about = pod(`p${String(i)}`);
      groups.add({ kind: 'Pod', namespace: 'shop', name: `p${String(i)}` }, about, comparePod(about, before, after));
    }
    expect([groups.groups.length, groups.groups.at(-1)?.valuesDiffer, groups.groups.at(-1)?.members.length]).toEqual([
      1001,
      true,
      10,
    ]);
  });
});
