import { describe, expect, it } from 'vitest';
import { readPathEnvironment } from '../../src/injection/index.ts';
import { pathOfTarget } from '../../src/injection/path-environment.ts';

describe('the environment in the path', () => {
  it.each([
    ['/inject', {}],
    ['/inject/', {}],
    ['inject', {}],
    ['/inject/cluster/c1/net/n1', { ISTIO_META_CLUSTER_ID: 'c1', ISTIO_META_NETWORK: 'n1' }],
    ['/inject/cluster/c1/', { ISTIO_META_CLUSTER_ID: 'c1' }],
    ['/inject/cluster', {}],
    ['/inject/MyVar/x', { MYVAR: 'x' }],
    ['/inject/Cluster/x', { CLUSTER: 'x' }],
    ['/inject/a/1/b/2/A/3', { A: '3', B: '2' }],
    ['/inject/a--slash--b/c--slash--d', { 'A--SLASH--B': 'c/d' }],
    ['/inject//value/a/b', { A: 'b' }],
    [
      '/inject/:ENV:cluster=c:ENV:x=:ENV:=y:ENV:z:ENV:net=a=b--slash--',
      { ISTIO_META_CLUSTER_ID: 'c', X: '', ISTIO_META_NETWORK: 'a=b--slash--' },
    ],
    ['/inject/__proto__/x', { __PROTO__: 'x' }],
    ['/inject/straße/x', { STRAßE: 'x' }],
  ])('%s', (path, expected) => {
    expect({ ...readPathEnvironment(path).env }).toEqual(expected);
  });

  it('says which key has no value', () => {
    expect(readPathEnvironment('/inject/cluster/c1/net').warnings).toEqual([
      'Odd number of inject env entries, ignore the last key net',
    ]);
    expect(readPathEnvironment('/inject/cluster/c1').warnings).toEqual([]);
  });
});

describe('the path of a request target', () => {
  it.each([
    ['/inject?timeout=10s', '/inject'],
    ['/inject/%3AENV%3Aa=%C3%A9', '/inject/:ENV:a=é'],
    ['/inject/100%', '/inject/100%'],
  ])('%s', (target, path) => {
    expect(pathOfTarget(target)).toBe(path);
  });
});
