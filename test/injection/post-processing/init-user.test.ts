import { describe, expect, it } from 'vitest';
import { InjectionError } from '../../../src/injection/index.ts';
import { adjustInitUser } from '../../../src/injection/post-processing/init-user.ts';
import { applyProxyConfigAnnotation, defaultProxyConfig } from '../../../src/mesh/index.ts';
import { pod } from '../support.ts';

const tproxy = applyProxyConfigAnnotation(defaultProxyConfig, 'interceptionMode: TPROXY');
const requested = (securityContext: object | null) =>
  pod({}, { containers: [{ name: 'istio-proxy', securityContext }] });
const merged = (init: object[], proxy: object | null = { runAsUser: 1, privileged: false }, metadata: object = {}) =>
  pod(metadata, { containers: [{ name: 'istio-proxy', securityContext: proxy }], initContainers: init });
const initOf = (name: string, args: string[] = ['-m', 'x', '-u', '1337', '-u', '1']) => ({
  name,
  args,
  securityContext: { runAsNonRoot: true },
});
const args = (made: ReturnType<typeof pod>) => made.spec.initContainers?.[0]?.args;

describe('the user of the proxy', () => {
  it('is told to the init container', () => {
    const made = adjustInitUser(merged([initOf('istio-init')]), requested({ runAsUser: 42 }), defaultProxyConfig, []);
    expect(args(made)).toEqual(['-m', 'x', '-u', '42', '-u', '1']);
    expect(made.spec.initContainers?.[0]?.securityContext).toEqual({ runAsNonRoot: true });
  });

  it('is also that of the validation container', () => {
    const made = adjustInitUser(
      merged([initOf('istio-validation')]),
      requested({ runAsUser: 42, runAsGroup: 43 }),
      defaultProxyConfig,
      [],
    );
    expect(made.spec.initContainers?.[0]).toMatchObject({
      args: ['-m', 'x', '-u', '42', '-u', '1'],
      securityContext: { runAsUser: 42, runAsGroup: 43 },
    });
  });

  it('takes the group alone', () => {
    const made = adjustInitUser(
      merged([initOf('istio-validation')]),
      requested({ runAsGroup: 43 }),
      defaultProxyConfig,
      [],
    );
    expect(made.spec.initContainers?.[0]).toMatchObject({
      args: ['-m', 'x', '-u', '1337', '-u', '1'],
      securityContext: { runAsGroup: 43 },
    });
  });

  it.each([
    ['the proxy configuration', tproxy, {}],
    ['the annotation', defaultProxyConfig, { annotations: { 'sidecar.istio.io/interceptionMode': 'TPROXY' } }],
  ])('stays root where %s asks for TPROXY', (_what, config, metadata) => {
    const made = adjustInitUser(
      merged([initOf('istio-validation')], { runAsUser: 42 }, metadata),
      requested({ runAsUser: 42 }),
      config,
      [],
    );
    expect(made.spec.containers?.[0]?.securityContext).toEqual({ runAsUser: 0 });
    expect(made.spec.initContainers?.[0]).toMatchObject({
      args: ['-m', 'x', '-u', '42', '-u', '1'],
      securityContext: { runAsNonRoot: true },
    });
  });

  it('of 0 is not told to the init container, for its traffic would escape', () => {
    const made = adjustInitUser(merged([initOf('istio-init')]), requested({ runAsUser: 0 }), defaultProxyConfig, []);
    expect(args(made)).toEqual(['-m', 'x', '-u', '1337', '-u', '1']);
  });

  it.each([null, {}, { privileged: true }])('changes nothing when the pod does not choose one: %j', (security) => {
    const made = merged([initOf('istio-init')]);
    expect(adjustInitUser(made, requested(security), defaultProxyConfig, [])).toBe(made);
  });

  it('has nobody to be told to without an init container', () => {
    const warnings: string[] = [];
    const made = merged([initOf('other')]);
    expect(adjustInitUser(made, requested({ runAsUser: 42 }), defaultProxyConfig, warnings)).toBe(made);
    expect(warnings).toEqual(['Could not find either istio-init or istio-validation container']);
  });

  it.each([
    [
      'no value after -u',
      () =>
        adjustInitUser(merged([initOf('istio-init', ['-u'])]), requested({ runAsUser: 42 }), defaultProxyConfig, []),
    ],
    [
      'a proxy without a user',
      () => adjustInitUser(merged([initOf('istio-init')], null), requested({ runAsUser: 42 }), tproxy, []),
    ],
  ])('is refused where Istio crashes: %s', (_what, adjust) => {
    expect(adjust).toThrow(InjectionError);
  });
});
