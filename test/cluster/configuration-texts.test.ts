import { describe, expect, it } from 'vitest';
import { sameTexts, textsOf, type ConfigMapSources } from '../../src/cluster/configuration-texts.ts';
import type { ConfigMapTexts } from '../../src/cluster/watched-objects.ts';

const builtIn = {
  config: { file: 'config.yaml', text: 'C' },
  values: { file: 'values.yaml', text: 'V' },
  mesh: [{ file: 'mesh.yaml', text: 'M' }],
};

function sources(maps: Partial<Record<keyof ConfigMapSources, ConfigMapTexts>> = {}, shared = false): ConfigMapSources {
  return {
    injector: { name: 'ns/istio-sidecar-injector', texts: maps.injector },
    own: { name: 'ns/outrigger', texts: maps.own },
    mesh: { name: 'ns/istio', texts: maps.mesh },
    shared: shared || maps.shared !== undefined ? { name: 'ns/shared', texts: maps.shared } : undefined,
  };
}

const injector = { config: 'c', values: 'v' };
const place = (map: string, key: string): string => `configmap ns/${map} key ${key}`;

describe('the texts of a configuration', () => {
  it('are built in where there is no ConfigMap', () => {
    expect(textsOf(sources(), builtIn, undefined)).toEqual(builtIn);
  });

  it('are those of our own ConfigMap where there is none of Istio', () => {
    expect(textsOf(sources({ own: { ...injector, mesh: 'm' } }), builtIn, undefined)).toEqual({
      config: { file: place('outrigger', 'config'), text: 'c' },
      values: { file: place('outrigger', 'values'), text: 'v' },
      mesh: [{ file: place('outrigger', 'mesh'), text: 'm' }],
    });
  });

  it('are those of Istio before our own', () => {
    const texts = textsOf(sources({ injector, own: { config: 'x', values: 'x', mesh: 'x' } }), builtIn, undefined);
    expect(texts).toEqual({
      config: { file: place('istio-sidecar-injector', 'config'), text: 'c' },
      values: { file: place('istio-sidecar-injector', 'values'), text: 'v' },
      mesh: [],
    });
  });

  it.each([
    ['Istio', { injector, mesh: { mesh: 'm' } }, ['m']],
    ['Istio beside a built-in injector', { mesh: { mesh: 'm' } }, ['m']],
    ['the defaults, since it has no key', { injector, mesh: {} }, []],
    ['our own ConfigMap without the key: the defaults', { own: injector }, []],
    ['a shared ConfigMap, then Istio', { injector, mesh: { mesh: 'm' }, shared: { mesh: 's' } }, ['s', 'm']],
    ['a shared ConfigMap, then built in', { shared: { mesh: 's' } }, ['s', 'M']],
    ['a shared ConfigMap alone', { injector, shared: { mesh: 's' } }, ['s']],
  ])('have the mesh configuration of %s', (_what, maps, expected) => {
    expect(textsOf(sources(maps), builtIn, undefined).mesh.map(({ text }) => text)).toEqual(expected);
  });

  it('do without a shared ConfigMap that does not exist', () => {
    expect(textsOf(sources({ injector }, true), builtIn, undefined).mesh).toEqual([]);
  });

  it.each([
    ['config', { values: 'v' }],
    ['values', { config: 'c' }],
  ])('cannot be had without the key %s', (key, texts) => {
    expect(() => textsOf(sources({ injector: texts }), builtIn, undefined)).toThrow(
      `configmap ns/istio-sidecar-injector: missing ConfigMap ${key} key "${key}"`,
    );
  });

  it.each(['injector', 'own'] as const)('do not vanish with the ConfigMap they came from: %s', (which) => {
    const inUse = textsOf(sources({ [which]: injector }), builtIn, undefined);
    expect(() => textsOf(sources(), builtIn, inUse)).toThrow(/^configmap ns\/\S+: no ConfigMap found$/);
    expect(textsOf(sources({ [which]: injector }), builtIn, inUse)).toEqual(inUse);
  });

  it('change from our own ConfigMap to that of Istio', () => {
    const inUse = textsOf(sources({ own: injector }), builtIn, undefined);
    expect(textsOf(sources({ injector }), builtIn, inUse).config.file).toBe(place('istio-sidecar-injector', 'config'));
  });

  it('do not change back when Istio’s is deleted', () => {
    const inUse = textsOf(sources({ injector }), builtIn, undefined);
    expect(() => textsOf(sources({ own: injector }), builtIn, inUse)).toThrow('no ConfigMap found');
  });

  it('are the same only with the same texts from the same places', () => {
    const one = textsOf(sources({ injector }), builtIn, undefined);
    expect(sameTexts(one, textsOf(sources({ injector: { ...injector } }), builtIn, undefined))).toBe(true);
    expect(sameTexts(one, textsOf(sources({ own: injector }), builtIn, undefined))).toBe(false);
    expect(sameTexts(one, textsOf(sources({ injector: { config: 'c', values: 'w' } }), builtIn, undefined))).toBe(
      false,
    );
    expect(sameTexts(one, textsOf(sources({ injector, mesh: { mesh: 'm' } }), builtIn, undefined))).toBe(false);
  });
});
