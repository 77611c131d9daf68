import { describe, expect, it } from 'vitest';
import { InjectionError } from '../../../src/injection/index.ts';
import { readOverrides, reapplyUserContainers } from '../../../src/injection/post-processing/overrides.ts';
import { decodePod, type Pod } from '../../../src/kubernetes/index.ts';
import { deepFreeze, pod } from '../support.ts';

const overridesKey = 'proxy.istio.io/overrides';
const statusKey = 'sidecar.istio.io/status';
const templateProxy = { name: 'istio-proxy', image: 'proxy:1', args: ['a'], resources: { limits: { cpu: '2' } } };
const template = (spec: object): Pod => deepFreeze(decodePod({ spec }));
const asContainer = template({ containers: [templateProxy] });
const asInit = template({ initContainers: [templateProxy] });
const withOwn = (own: object, metadata: object = {}) =>
  pod(metadata, { containers: [{ name: 'app' }, { name: 'istio-proxy', ...own }] });

/** What the merge of the template gives, before the pod's own settings are applied again. */
const merged = (requested: Pod, templatePod: Pod): Pod =>
  deepFreeze({
    ...requested,
    spec: {
      ...requested.spec,
      containers: [
        ...(requested.spec.containers ?? []).filter(({ name }) => name !== 'istio-proxy'),
        ...(templatePod.spec.containers ?? []),
      ],
      ...(templatePod.spec.initContainers === undefined ? {} : { initContainers: templatePod.spec.initContainers }),
    },
  });
const reapply = (requested: Pod, templatePod: Pod) =>
  reapplyUserContainers(merged(requested, templatePod), requested, templatePod);
const recorded = (made: Pod): unknown => made.metadata.annotations?.[overridesKey];

describe("the pod's own settings of an injected container", () => {
  it('win over the template field by field and are recorded', () => {
    const made = reapply(withOwn({ image: 'own:2', resources: { limits: { memory: '1Gi' } } }), asContainer);
    expect(made.spec.containers?.at(-1)).toEqual({
      name: 'istio-proxy',
      image: 'own:2',
      args: ['a'],
      resources: { limits: { cpu: '2', memory: '1Gi' } },
    });
    expect(recorded(made)).toBe(
      '{"containers":[{"name":"istio-proxy","image":"own:2","resources":{"limits":{"memory":"1Gi"}}}]}',
    );
  });

  it('leave the image to the template when they say auto', () => {
    const made = reapply(withOwn({ image: 'auto' }), asContainer);
    expect(made.spec.containers?.at(-1)?.image).toBe('proxy:1');
    expect(recorded(made)).toBe('{"containers":[{"name":"istio-proxy","resources":{}}]}');
  });

  it('apply to an init container of the template too, and are recorded as one', () => {
    const made = reapply(withOwn({ image: 'own:2' }), asInit);
    expect(made.spec.initContainers?.[0]?.image).toBe('own:2');
    expect(recorded(made)).toBe('{"initContainers":[{"name":"istio-proxy","image":"own:2","resources":{}}]}');
  });

  it('bring containers of one name together where they are of an init container, as in Istio', () => {
    const names = ['app', 'other', 'app'];
    const requested = pod(
      {},
      { containers: names.map((name) => ({ name })), initContainers: [{ name: 'istio-proxy' }] },
    );
    expect(reapply(requested, asInit).spec.containers?.map(({ name }) => name)).toEqual(['app', 'app', 'other']);
  });

  it('are recorded with their text escaped as Go does', () => {
    expect(recorded(reapply(withOwn({ image: 'a<b>&c' }), asContainer))).toContain(
      '"image":"a\\u003cb\\u003e\\u0026c"',
    );
  });

  it('are nothing where the pod brings no such container', () => {
    const requested = pod();
    expect(recorded(reapply(requested, asContainer))).toBeUndefined();
  });

  it('come from the record when the pod was injected before', () => {
    const annotations = {
      [overridesKey]: '{"containers":[{"name":"istio-proxy","image":"own:3"}]}',
      [statusKey]: '{}',
    };
    const made = reapply(withOwn({}, { annotations }), asContainer);
    expect(made.spec.containers?.at(-1)?.image).toBe('own:3');
    expect(recorded(made)).toBe(annotations[overridesKey]);
  });

  it('are not looked for in the record of the other list', () => {
    const annotations = { [overridesKey]: '{"containers":[{"name":"istio-proxy","image":"own:3"}]}' };
    expect(reapply(pod({ annotations }), asInit).spec.initContainers?.[0]?.image).toBe('proxy:1');
  });

  it('do not come back for a container that the last injection brought', () => {
    const made = reapply(
      withOwn({ image: 'old:1' }, { annotations: { [statusKey]: '{"containers":["istio-proxy"]}' } }),
      asContainer,
    );
    expect(made.spec.containers?.at(-1)?.image).toBe('proxy:1');
  });

  it.each(['{"containers":"x"}', '{"containers":[1]}', '{"initContainers":{}}'])(
    'refuse a status of the wrong type: %s',
    (status) => {
      expect(() => reapply(pod({ annotations: { [statusKey]: status } }), asContainer)).toThrow(InjectionError);
    },
  );

  it.each(['nonsense', '[]', 'null', '{}', '{"containers":null}'])(
    'do not mind a status that says nothing: %s',
    (status) => {
      expect(() => reapply(pod({ annotations: { [statusKey]: status } }), asContainer)).not.toThrow();
    },
  );
});

describe('recorded overrides', () => {
  const read = (text: string) => readOverrides(pod({ annotations: { [overridesKey]: text } }));

  it('are read without regard to the case of keys', () => {
    expect(read('{"Containers":[{"Name":"a"}],"INITCONTAINERS":null,"volumes":5}')).toEqual({
      containers: [{ name: 'a', resources: {} }],
      initContainers: [],
    });
  });

  it('are empty when there are none', () => {
    expect(readOverrides(pod())).toEqual({ containers: [], initContainers: [] });
    expect(read('null')).toEqual({ containers: [], initContainers: [] });
  });

  it.each([
    ['bad', "invalid character 'b' looking for beginning of value"],
    ['{', 'unexpected end of JSON input'],
    ['[]', 'json: cannot unmarshal array into Go value of type inject.podOverrides'],
    [
      '{"containers":"x"}',
      'json: cannot unmarshal string into Go struct field podOverrides.containers of type []v1.Container',
    ],
    [
      '{"initContainers":[{"env":[{"value":1}]}]}',
      'json: cannot unmarshal number into Go struct field EnvVar.initContainers.env.value of type string',
    ],
  ])('are refused in the words of Go: %s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
