import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveTarget } from '../../src/server/request-path.ts';

// Expectations were seen from Go 1.26's net/http.ServeMux with the patterns /inject, /inject/, /validate, /validate/ and /ready.
describe('the request path', () => {
  it.each([
    ['/inject', 'inject', '/inject'],
    ['/inject?timeout=10s', 'inject', '/inject'],
    ['/inject?', 'inject', '/inject'],
    ['/inject/', 'inject', '/inject/'],
    ['/inject?x=//', 'inject', '/inject'],
    ['/inject/cluster/c1/net/n1', 'inject', '/inject/cluster/c1/net/n1'],
    ['/%69nject', 'inject', '/inject'],
    ['/inject/a%2Fb', 'inject', '/inject/a/b'],
    ['/inject/a%2F%2Fb', 'inject', '/inject/a//b'],
    ['/inject/%2E%2E/x', 'inject', '/inject/../x'],
    ['/inject/%3AENV%3AA=b:ENV:B=%2F', 'inject', '/inject/:ENV:A=b:ENV:B=/'],
    ['/inject/a;b', 'inject', '/inject/a;b'],
    ['/inject/%C3%BC', 'inject', '/inject/ü'],
    ['/inject/a|b^c', 'inject', '/inject/a|b^c'],
    ['http://host:1/inject/a', 'inject', '/inject/a'],
    ['/validate', 'validate', '/validate'],
    ['/validate/a/b/c', 'validate', '/validate/a/b/c'],
    ['/workloads', 'workloads', '/workloads'],
    ['/workloads/quiet?timeout=3s', 'workloads', '/workloads/quiet'],
    ['/ready', 'ready', '/ready'],
  ])('of %s leads to %s', (target, name, path) => {
    expect(resolveTarget(target)).toMatchObject({ kind: 'route', name, path });
  });

  it.each([
    ['/inject', undefined],
    ['/inject?timeout=10s', 10_000],
    ['/inject/cluster/c1?a=b&timeout=1m30s', 90_000],
    ['/validate?timeout=500ms&x', 500],
    ['/inject?timeout=0s', undefined],
    ['/inject?timeout=-1s', undefined],
    ['/inject?timeout=soon', undefined],
    ['/inject?mytimeout=3s', undefined],
  ])('of %s says that the client waits %s ms', (target, timeout) => {
    expect(resolveTarget(target)).toMatchObject({ timeout });
  });

  it.each([
    ['//inject', '/inject'],
    ['/inject/../inject', '/inject'],
    ['/inject/..', '/'],
    ['/inject/.', '/inject'],
    ['/inject//', '/inject/'],
    ['/inject/./a', '/inject/a'],
    ['/inject//cluster/c1', '/inject/cluster/c1'],
    ['//inject?x=y&z', '/inject?x=y&z'],
    ['//', '/'],
    ['/nothing//here', '/nothing/here'],
    ['/inject//a%20b', '/inject/a%2520b'],
    ['/inject//ü', '/inject/%25C3%25BC'],
    ['/inject//"x"', '/inject/%2522x%2522'],
    ['/inject//a:b+c;d', '/inject/a:b+c;d'],
    ['http://foo//inject/a', '/inject/a'],
  ])('of %s is redirected to its clean form', (target, location) => {
    expect(resolveTarget(target)).toEqual({ kind: 'redirect', location });
  });

  it.each(['/', '/injectx', '/INJECT', '/ready/', '/inject%2Fcluster/x', '/favicon.ico', '/inject#f'])(
    'of %s is not found',
    (target) => {
      expect(resolveTarget(target)).toMatchObject({ kind: 'not-found' });
    },
  );

  it.each(['*', 'inject', '', '/inject/%zz', '/inject/%4'])('of %j is malformed', (target) => {
    expect(resolveTarget(target)).toEqual({ kind: 'malformed' });
  });

  it('is resolved for any text, and a redirect leads to a path that is clean', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\/[a-z./%0-9?]{0,20}$/), (target) => {
        const resolved = resolveTarget(target);
        if (resolved.kind !== 'redirect') return;
        expect(resolveTarget(resolved.location).kind).not.toBe('redirect');
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});
