import { describe, expect, it } from 'vitest';
import { podForTemplates } from '../../src/injection/template-pod.ts';
import { selectTemplates } from '../../src/injection/template-selection.ts';
import { names, pod } from './support.ts';

const status = 'sidecar.istio.io/status';
const overrides = 'proxy.istio.io/overrides';
const containers = [{ name: 'app' }, { name: 'istio-proxy' }];
const initContainers = [{ name: 'istio-init' }, { name: 'early' }];
const visible = (annotations: object) => podForTemplates(pod({ annotations }, { containers, initContainers }), 15020);

describe('the pod that templates see', () => {
  it('is the pod itself when it was never injected', () => {
    const requested = pod({ annotations: { a: 'b' } });
    expect(podForTemplates(requested, 15020)).toBe(requested);
  });

  it('has lost what the status names', () => {
    const made = visible({ [status]: '{"Containers":["istio-proxy"],"initContainers":["istio-init",null]}', a: 'b' });
    expect([names(made.spec.containers), names(made.spec.initContainers)]).toEqual([['app'], ['early']]);
    expect(made.metadata.annotations).toEqual({ a: 'b' });
  });

  it.each(['nonsense', '[]', '{"containers":"x"}', '{"volumes":[1]}', '{"revision":5}', ''])(
    'is the pod itself when the status is %j',
    (text) => {
      const made = visible({ [status]: text });
      expect(names(made.spec.containers)).toEqual(['app', 'istio-proxy']);
      expect(made.metadata.annotations).toEqual({ [status]: text });
    },
  );

  it('has lost the Prometheus annotations when the last injection wrote them', () => {
    expect(
      visible({ [status]: 'null', 'prometheus.io/port': '15020', 'prometheus.io/scrape': 'true' }).metadata.annotations,
    ).toEqual({});
    expect(visible({ [status]: '{}', 'prometheus.io/port': '9090' }).metadata.annotations).toEqual({
      'prometheus.io/port': '9090',
    });
  });

  it('has the containers of the overrides that it lacks', () => {
    const recorded =
      '{"containers":[{"name":"app","image":"x"},{"name":"extra"},{"name":"extra"}],"initContainers":[{"name":"i"}]}';
    const made = visible({ [overrides]: recorded });
    expect(names(made.spec.containers)).toEqual(['app', 'istio-proxy', 'extra']);
    expect(made.spec.containers?.[0]?.image).toBeUndefined();
    expect(names(made.spec.initContainers)).toEqual(['istio-init', 'early', 'i']);
  });

  it('cannot be made of overrides that are no JSON', () => {
    expect(() => visible({ [overrides]: 'x' })).toThrow("invalid character 'x' looking for beginning of value");
  });
});

describe('the selection of templates', () => {
  const templates = { defaultTemplates: ['sidecar'], aliases: { both: ['a', 'b'], nested: ['both'], none: [] } };
  const select = (annotation?: string) =>
    selectTemplates(
      pod({ annotations: annotation === undefined ? {} : { 'inject.istio.io/templates': annotation } }),
      templates,
    );

  it.each([
    [undefined, ['sidecar']],
    ['', ['']],
    [' x , y ', ['x', 'y']],
    ['both,c', ['a', 'b', 'c']],
    ['nested', ['both']],
    ['none', []],
    ['toString', ['toString']],
    ['a,', ['a', '']],
  ])('%j', (annotation, expected) => {
    expect(select(annotation)).toEqual(expected);
  });
});
