import { describe, expect, it } from 'vitest';
import { writeMetadata } from '../../../src/injection/post-processing/pod-metadata.ts';
import { proxyEnvironment, setProxyEnvironment } from '../../../src/injection/post-processing/proxy-environment.ts';
import { decodeValues } from '../../../src/configuration/index.ts';
import { decodePod } from '../../../src/kubernetes/index.ts';
import { pod, podWithProxy } from '../support.ts';

const templatePod = decodePod({
  spec: {
    containers: [],
    initContainers: [{ name: 'i' }],
    volumes: [{ name: 'v' }, { name: 'w' }],
    imagePullSecrets: [{}],
  },
});

describe('the metadata of an injected pod', () => {
  it('records what the templates name, null for what they do not', () => {
    const made = writeMetadata(pod(), { templatePod, revision: '', environment: {}, injectedAnnotations: {} });
    expect(made.metadata.annotations?.['sidecar.istio.io/status']).toBe(
      '{"initContainers":["i"],"containers":null,"volumes":["v","w"],"imagePullSecrets":[""],"revision":"default"}',
    );
    expect(made.metadata.labels).toBeUndefined();
  });

  it('labels the network, also an empty one', () => {
    const label = (network: string) =>
      writeMetadata(pod({ labels: { a: 'b' } }), {
        templatePod,
        revision: 'r',
        environment: { ISTIO_META_NETWORK: network },
        injectedAnnotations: {},
      }).metadata.labels;
    expect(label('n')).toEqual({ a: 'b', 'topology.istio.io/network': 'n' });
    expect(label('')).toEqual({ a: 'b', 'topology.istio.io/network': '' });
  });

  it('lets the annotations of the configuration win over everything', () => {
    const injectedAnnotations = { 'sidecar.istio.io/status': 'mine', a: '2' };
    const made = writeMetadata(pod({ annotations: { a: '1' } }), {
      templatePod,
      revision: '',
      environment: {},
      injectedAnnotations,
    });
    expect(made.metadata.annotations).toEqual(injectedAnnotations);
  });
});

describe('the environment of the proxy', () => {
  const values = (global: string) => decodeValues({ file: 'values', text: `global: ${global}` });
  const known = values('{multiCluster: {clusterName: c}, network: net}');

  it.each([
    [{}, {}, known, { ISTIO_META_CLUSTER_ID: 'c', ISTIO_META_NETWORK: 'net' }],
    [{}, {}, values('{}'), {}],
    [
      { ISTIO_META_CLUSTER_ID: 'p', ISTIO_META_NETWORK: 'q', X: 'y' },
      {},
      known,
      { ISTIO_META_CLUSTER_ID: 'p', ISTIO_META_NETWORK: 'q', X: 'y' },
    ],
    [
      { ISTIO_META_CLUSTER_ID: '', ISTIO_META_NETWORK: '' },
      {},
      values('{}'),
      { ISTIO_META_CLUSTER_ID: '', ISTIO_META_NETWORK: '' },
    ],
    [{ ISTIO_META_CLUSTER_ID: '' }, {}, known, { ISTIO_META_CLUSTER_ID: 'c', ISTIO_META_NETWORK: 'net' }],
    [
      { ISTIO_META_NETWORK: 'q' },
      { 'topology.istio.io/network': 'l' },
      known,
      { ISTIO_META_CLUSTER_ID: 'c', ISTIO_META_NETWORK: 'l' },
    ],
    [
      { ISTIO_META_NETWORK: 'q' },
      { 'topology.istio.io/network': '' },
      known,
      { ISTIO_META_CLUSTER_ID: 'c', ISTIO_META_NETWORK: 'q' },
    ],
  ])('from %j and labels %j', (path, labels, from, expected) => {
    expect({ ...proxyEnvironment(path, from, pod({ labels })) }).toEqual(expected);
  });

  it('replaces entries and stands sorted at the end', () => {
    const requested = podWithProxy(
      {},
      { containers: [{ name: 'istio-proxy', env: [{ name: 'B', value: '1' }, { name: 'C' }, { name: 'B' }] }] },
    );
    expect(setProxyEnvironment(requested, { B: '2', A: '' }).spec.containers?.[0]?.env).toEqual([
      { name: 'C' },
      { name: 'A' },
      { name: 'B', value: '2' },
    ]);
  });

  it('changes nothing without variables or without a proxy', () => {
    const requested = podWithProxy();
    expect(setProxyEnvironment(requested, {})).toBe(requested);
    expect(setProxyEnvironment(pod(), { A: 'b' })).toEqual(pod());
  });
});
