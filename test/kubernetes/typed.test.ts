import { describe, expect, it } from 'vitest';
import { DecodeError, decodePod, decodeTyped, decodeTypedYaml, encodeTyped } from '../../src/kubernetes/index.ts';
import { YamlError } from '../../src/yaml/index.ts';

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DecodeError || error instanceof YamlError) return error.message;
    throw error;
  }
  throw new Error('the value was accepted');
}

describe('decodeTyped', () => {
  it('returns an object that is in normal form itself', () => {
    const pod = {
      metadata: { name: 'p', labels: { app: 'a' }, creationTimestamp: '2020-01-02T03:04:05Z' },
      spec: { containers: [{ name: 'c', resources: { limits: { cpu: '1500m' } }, ports: [{ containerPort: 80 }] }] },
      status: {},
    };
    expect(decodeTyped('v1.Pod', pod)).toBe(pod);
  });

  it('shares what is in normal form', () => {
    const container = { name: 'c', resources: {} };
    const pod = { spec: { containers: [container, { name: 'd' }] } };
    expect(decodePod(pod).spec.containers?.[0]).toBe(container);
    expect(pod.spec.containers[1]).toEqual({ name: 'd' });
  });

  it.each<[string, string, unknown, unknown]>([
    ['gives required fields their zero value', 'v1.Pod', {}, { metadata: {}, spec: { containers: null }, status: {} }],
    ['reads null as an empty object', 'v1.Pod', null, { metadata: {}, spec: { containers: null }, status: {} }],
    [
      'reads names in any case',
      'v1.ObjectMeta',
      { NAME: 'x', generatename: 'y', labelſ: { a: 'b' } },
      { name: 'x', generateName: 'y', labels: { a: 'b' } },
    ],
    ['drops unknown fields', 'v1.ObjectMeta', { name: 'x', foo: 1 }, { name: 'x' }],
    ['leaves out empty optional fields', 'v1.ObjectMeta', { name: '', labels: {}, finalizers: [], generation: 0 }, {}],
    [
      'keeps pointers to zero values',
      'v1.PodSpec',
      { containers: [], terminationGracePeriodSeconds: 0, shareProcessNamespace: false },
      { containers: [], terminationGracePeriodSeconds: 0, shareProcessNamespace: false },
    ],
    ['reads nulls as absent', 'v1.ObjectMeta', { name: null, labels: null, deletionTimestamp: null }, {}],
    [
      'reads null in a map or list as the zero value',
      'v1.Container',
      { name: 'c', args: [null], resources: { limits: { cpu: null } } },
      { name: 'c', args: [''], resources: { limits: { cpu: '0' } } },
    ],
    [
      'gives list elements their required fields',
      'v1.PodSpec',
      { containers: [null, {}] },
      {
        containers: [
          { name: '', resources: {} },
          { name: '', resources: {} },
        ],
      },
    ],
    [
      'makes quantities canonical',
      'v1.ResourceRequirements',
      { limits: { cpu: '2000m', memory: ' 1024Mi\u00a0' }, requests: { cpu: 0.5 } },
      { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '500m' } },
    ],
    [
      'makes times canonical',
      'v1.ObjectMeta',
      { creationTimestamp: '2020-01-02T03:04:05.999+02:00' },
      { creationTimestamp: '2020-01-02T01:04:05Z' },
    ],
    ['leaves out the zero time', 'v1.ObjectMeta', { creationTimestamp: '0001-01-01T00:00:00Z' }, {}],
    [
      'writes other zero times as null',
      'v1.PodCondition',
      { type: 'a', status: 'b' },
      { type: 'a', status: 'b', lastProbeTime: null, lastTransitionTime: null },
    ],
    ['reads ports as numbers, names or null', 'v1.HTTPGetAction', { port: null }, { port: 0 }],
    ['keeps raw JSON', 'v1.ManagedFieldsEntry', { fieldsV1: { b: 1, a: 2 } }, { fieldsV1: { b: 1, a: 2 } }],
    ['reads the fields of embedded structs', 'v1.Volume', { name: 'v', emptyDir: {} }, { name: 'v', emptyDir: {} }],
    ['keeps null where Go writes it', 'v1.GRPCAction', { port: 1, service: null }, { port: 1, service: null }],
  ])('%s', (_name, type, raw, value) => {
    expect(decodeTyped(type, raw)).toEqual(value);
  });

  it('keeps labels named like parts of an object', () => {
    const raw = JSON.parse('{"labels":{"__proto__":null,"constructor":"c"}}') as unknown;
    const { labels } = decodeTyped('v1.ObjectMeta', raw) as { labels: object };
    expect(Object.entries(labels)).toEqual([
      ['__proto__', ''],
      ['constructor', 'c'],
    ]);
  });

  it('reads what is written twice one into the other, in the order of the names', () => {
    const raw = {
      spec: {
        containers: [{ name: 'a', ports: [{ containerPort: 80 }, { containerPort: 81 }] }, { name: 'b' }],
        CONTAINERS: [{ image: 'x', Ports: [{ name: 'web' }], stdin: true }],
        Containers: [{ stdin: null }, null],
        nodeSelector: { b: '2' },
        NodeSelector: { a: '1', b: '1' },
        securityContext: { runAsUser: 5 },
        SecurityContext: { runAsGroup: 6, RunAsUser: 7 },
        Hostname: null,
        hostname: 'h',
      },
    };
    expect(decodePod(raw).spec).toEqual({
      containers: [
        { name: 'a', image: 'x', stdin: true, ports: [{ name: 'web', containerPort: 80 }, { containerPort: 81 }] },
        { name: 'b' },
      ].map((container) => ({ ...container, resources: {} })),
      nodeSelector: { a: '1', b: '2' },
      securityContext: { runAsUser: 5, runAsGroup: 6 },
      hostname: 'h',
    });
  });

  it.each(['1Gi\n', '\t1', '1\\', '1\ufeff'])('takes no quantity that JSON has escaped: %j', (memory) => {
    expect(() => decodeTyped('v1.ResourceRequirements', { limits: { memory } })).toThrow('quantities must match');
  });

  it.each<[string, unknown, string]>([
    ['v1.Pod', [], 'array into Go value of type v1.Pod'],
    ['v1.Pod', { spec: 'x' }, 'string into Go struct field Pod.spec of type v1.PodSpec'],
    ['v1.Pod', { kind: 5 }, 'number into Go struct field Pod.TypeMeta.kind of type string'],
    [
      'v1.Pod',
      { spec: { containers: [{ name: 1 }] } },
      'number into Go struct field Container.spec.containers.name of type string',
    ],
    ['v1.Pod', { spec: { hostNetwork: 'true' } }, 'string into Go struct field PodSpec.spec.hostNetwork of type bool'],
    [
      'v1.Pod',
      { metadata: { labels: { a: true } } },
      'bool into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      'v1.Pod',
      { metadata: { labels: ['a'] } },
      'array into Go struct field ObjectMeta.metadata.labels of type map[string]string',
    ],
    ['v1.Pod', { spec: { volumes: 'x' } }, 'string into Go struct field PodSpec.spec.volumes of type []v1.Volume'],
    [
      'v1.Pod',
      { spec: { volumes: [{ emptyDir: { medium: 1 } }] } },
      'number into Go struct field EmptyDirVolumeSource.spec.volumes.VolumeSource.emptyDir.medium of type v1.StorageMedium',
    ],
    [
      'v1.ContainerPort',
      { containerPort: 3e9 },
      'number 3000000000 into Go struct field ContainerPort.containerPort of type int32',
    ],
    [
      'v1.ContainerPort',
      { containerPort: 1.5 },
      'number 1.5 into Go struct field ContainerPort.containerPort of type int32',
    ],
    ['v1.HTTPGetAction', { port: true }, 'bool into Go struct field HTTPGetAction.port of type int32'],
    [
      'v1.ObjectMeta',
      { creationTimestamp: 5 },
      'number into Go struct field ObjectMeta.creationTimestamp of type string',
    ],
    [
      'appsv1.Deployment',
      { spec: { strategy: 1 } },
      'number into Go struct field DeploymentSpec.spec.strategy of type v1.DeploymentStrategy',
    ],
  ])('refuses for %s the value %j', (type, raw, problem) => {
    expect(messageOf(() => decodeTyped(type, raw))).toBe(`json: cannot unmarshal ${problem}`);
  });

  it('names the first misfit, but stops at a wrong quantity or time', () => {
    expect(messageOf(() => decodeTyped('v1.Container', { name: 1, image: 2 }))).toContain('Container.name');
    expect(messageOf(() => decodeTyped('v1.Container', { name: 1, resources: { limits: { cpu: {} } } }))).toContain(
      'quantities must match',
    );
    expect(messageOf(() => decodeTyped('v1.ObjectMeta', { creationTimestamp: 'x' }))).toBe(
      'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
    );
  });
});

describe('encodeTyped', () => {
  it('writes fields as declared and maps sorted', () => {
    const container = { resources: { limits: { memory: '1Gi', cpu: '1' } }, image: 'i', name: 'c' };
    expect(JSON.stringify(encodeTyped('v1.Container', container))).toBe(
      '{"name":"c","image":"i","resources":{"limits":{"cpu":"1","memory":"1Gi"}}}',
    );
    expect(decodeTyped('v1.Container', container)).toBe(container);
  });
});

describe('decodeTypedYaml', () => {
  it('makes strings of numbers and booleans where strings are wanted', () => {
    const text =
      'metadata: {name: off, labels: {a: 5, b: 1.5, c: 12345678901234567890, d: ~}}\nspec: {paused: yes, replicas: 2}';
    expect(decodeTypedYaml('appsv1.Deployment', text)).toMatchObject({
      metadata: { name: 'false', labels: { a: '5', b: '1.5', c: '12345678901234567890', d: '' } },
      spec: { paused: true, replicas: 2 },
    });
  });

  it('does not so below an embedded struct', () => {
    expect(messageOf(() => decodeTypedYaml('v1.Volume', 'name: 5\nhostPath: {path: 5}'))).toBe(
      'error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field HostPathVolumeSource.VolumeSource.hostPath.path of type string',
    );
  });

  it('reads lists and names in any case', () => {
    expect(decodeTypedYaml('v1.Container', 'NAME: 1\nargs: [1, yes]\nextra: [18446744073709551615]')).toMatchObject({
      name: '1',
      args: ['1', 'true'],
    });
  });
});
