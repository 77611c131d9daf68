import { describe, expect, it } from 'vitest';
import {
  keepConfigMap,
  keepNamespace,
  keepNode,
  keepProxyConfig,
  revisioned,
} from '../../src/cluster/watched-objects.ts';
import { indexClusterObjects } from '../../src/configuration/index.ts';
import type { KubernetesObject } from '../../src/cluster/client.ts';

describe('the name of an object of a revision', () => {
  it.each([
    ['', 'istio'],
    ['default', 'istio'],
    ['canary', 'istio-canary'],
  ])('of %j is %s', (revision, name) => {
    expect(revisioned('istio', revision)).toBe(name);
  });
});

describe('what is kept', () => {
  const metadata = {
    name: 'x',
    namespace: 'ns',
    creationTimestamp: '2024-01-02T03:04:05Z',
    labels: { 'istio.io/rev': 'canary', other: 'label' },
    annotations: { 'openshift.io/sa.scc.uid-range': '1/2', secret: 'text' },
    managedFields: [{ manager: 'm' }],
  };

  it('of a ConfigMap are the texts of its configuration', () => {
    const data = { config: 'c', values: 'v', mesh: 'm', merged: 'unused', __proto__: null };
    expect(keepConfigMap({ metadata, data } as KubernetesObject)).toEqual({ config: 'c', values: 'v', mesh: 'm' });
    expect(keepConfigMap({ metadata, data: { config: 1 } } as KubernetesObject)).toEqual({});
    expect(keepConfigMap({ metadata })).toEqual({});
  });

  it('of other objects is what injection reads, and nothing else', () => {
    const node = {
      metadata,
      status: { images: ['large'], nodeInfo: { kubeletVersion: 'v1.33.0', kernelVersion: '6' } },
    };
    const proxyConfig = { metadata, spec: { concurrency: 2 }, status: {} };
    const kept = [keepNamespace({ metadata }), keepNode(node), keepProxyConfig(proxyConfig)];
    expect(JSON.stringify(kept)).not.toMatch(/other|secret|managed|images|kernel/);
    const { namespaces, nodes, proxyConfigs } = indexClusterObjects(kept);
    expect(namespaces.get('x')?.annotations['openshift.io/sa.scc.uid-range']).toBe('1/2');
    expect(namespaces.get('x')?.labels).toEqual({ 'istio.io/rev': 'canary' });
    expect(nodes.get('x')).toBe('v1.33.0');
    expect(proxyConfigs).toMatchObject([
      {
        name: 'x',
        namespace: 'ns',
        labels: { 'istio.io/rev': 'canary' },
        creationTimestamp: '2024-01-02T03:04:05Z',
        spec: { concurrency: 2 },
      },
    ]);
  });

  it('of objects without what is looked for is a name', () => {
    const bare = { metadata: { name: 'x' } };
    const { namespaces, nodes, proxyConfigs } = indexClusterObjects([
      keepNamespace(bare),
      keepNode(bare),
      keepProxyConfig({ metadata: { name: 'x', namespace: 'ns' } }),
    ]);
    expect([namespaces.size, nodes.get('x'), proxyConfigs[0]?.spec]).toEqual([1, '', {}]);
  });
});
