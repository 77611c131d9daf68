import { describe, expect, it } from 'vitest';
import { clearSharedProxyIds, openshiftProxyIds } from '../../src/injection/openshift.ts';
import { pod } from './support.ts';

const range = 'openshift.io/sa.scc.uid-range';
const groups = 'openshift.io/sa.scc.supplemental-groups';

describe('ids on OpenShift', () => {
  it.each([
    [{ [range]: '1000620000/10000' }, 1000629999, 1000629999],
    [{ [range]: '1000000000-1000009999' }, 1000009999, 1000009999],
    [{ [range]: '10/5zzz' }, 14, 14],
    [{ [range]: '10/ 5' }, 14, 14],
    [{ [range]: '0/0' }, 4294967295, 4294967295],
    [{ [range]: '4294967296/5' }, 1337, 1337],
    [{ [range]: 'nonsense' }, 1337, 1337],
    [{ [range]: '1-5/3' }, 1337, 1337],
    [{ [range]: '' }, 1337, 1337],
    [{ [range]: '10/5', [groups]: '20/5,30/5' }, 14, 24],
    [{ [range]: '10/5', [groups]: 'x' }, 14, 1337],
    [{ [range]: '10/5', [groups]: '20/5,x' }, 14, 1337],
    [{ [range]: '10/5', [groups]: '' }, 14, 1337],
    [{ [groups]: '20/5' }, 1337, 24],
  ])('%j', (annotations, uid, gid) => {
    expect(openshiftProxyIds({ labels: {}, annotations: annotations as unknown as Record<string, string> })).toEqual({
      uid,
      gid,
    });
  });

  it('are the usual ones for a namespace that is not known', () => {
    expect(openshiftProxyIds(undefined)).toEqual({ uid: 1337, gid: 1337 });
  });
});

describe('ids that OpenShift gave to all containers', () => {
  const withUsers = (proxy: object | undefined, ...apps: (object | undefined)[]) =>
    pod(
      {},
      {
        containers: [
          ...apps.map((securityContext, index) => ({ name: `app-${index}`, securityContext: securityContext ?? null })),
          { name: 'istio-proxy', securityContext: proxy ?? null },
        ],
        initContainers: [{ name: 'istio-init', securityContext: { runAsUser: 0 } }],
      },
    );
  const proxyOf = (made: ReturnType<typeof pod>) => made.spec.containers?.at(-1)?.securityContext;

  it('are taken from the proxy', () => {
    expect(
      proxyOf(clearSharedProxyIds(withUsers({ runAsUser: 5, runAsGroup: 5, privileged: false }, { runAsUser: 5 }))),
    ).toEqual({ privileged: false });
  });

  it('count by the last application container that names one', () => {
    const made = withUsers({ runAsUser: 5 }, { runAsUser: 4 }, { runAsUser: 5 }, {});
    expect(proxyOf(clearSharedProxyIds(made))).toEqual({});
  });

  it('stay when they differ', () => {
    const made = withUsers({ runAsUser: 5 }, { runAsUser: 4 });
    expect(clearSharedProxyIds(made)).toBe(made);
  });

  it('are cleared when nobody names one', () => {
    expect(proxyOf(clearSharedProxyIds(withUsers({ runAsGroup: 5 }, undefined)))).toEqual({});
  });

  it('stay as they are in a pod whose proxy says nothing', () => {
    const made = withUsers(undefined, { runAsUser: 5 });
    expect(clearSharedProxyIds(made)).toBe(made);
  });
});
