import { describe, expect, it } from 'vitest';
import { orderContainers } from '../../../src/injection/post-processing/container-order.ts';
import { names, pod } from '../support.ts';

const list = (text: string) =>
  text
    .split(' ')
    .filter((name) => name !== '')
    .map((name, index) => ({ name, image: String(index) }));
const ordered = (containers: string, init: string, hold = false) => {
  const { spec } = orderContainers(pod({}, { containers: list(containers), initContainers: list(init) }), hold);
  return [names(spec.containers).join(' '), names(spec.initContainers).join(' ')];
};

describe('the order of containers', () => {
  it.each([
    ['istio-proxy a b', '', false, 'a b istio-proxy', ''],
    ['a istio-proxy b', '', true, 'istio-proxy a b', ''],
    [
      'a',
      'x istio-init istio-validation y enable-core-dump',
      false,
      'a',
      'istio-validation x y istio-init enable-core-dump',
    ],
    [
      'a',
      'enable-core-dump x istio-proxy istio-validation istio-init',
      false,
      'a',
      'istio-init istio-validation istio-proxy enable-core-dump x',
    ],
    ['a b', 'x y', true, 'a b', 'x y'],
    ['', 'istio-proxy', false, '', 'istio-proxy'],
  ])('of "%s" and "%s" (holding: %s)', (containers, init, hold, expected, expectedInit) => {
    expect(ordered(containers, init, hold)).toEqual([expected, expectedInit]);
  });

  it('keeps the last of several containers of a moved name', () => {
    const { spec } = orderContainers(pod({}, { containers: list('istio-proxy a istio-proxy') }), false);
    expect(spec.containers?.map(({ name, image }) => `${name}${image ?? ''}`)).toEqual(['a1', 'istio-proxy2']);
  });

  it('makes an empty list of no containers', () => {
    expect(orderContainers(pod({}, { containers: null }), false).spec.containers).toEqual([]);
  });
});
