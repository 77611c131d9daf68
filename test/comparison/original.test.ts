import { describe, expect, it } from 'vitest';
import { comparePods, originalPod, outcomeOf, sideOf } from '../../src/comparison/index.ts';
import { compileConfiguration, readFeatures } from '../../src/configuration/index.ts';
import { decodePod, type Pod } from '../../src/kubernetes/index.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../../src/server/built-in-configuration.ts';
import { livePod } from '../support/live-pods.ts';

const configuration = compileConfiguration({
  config: builtInConfig(),
  values: builtInValues(),
  mesh: [builtInMesh()],
  revision: 'default',
  clusterId: 'Kubernetes',
  features: readFeatures({}).features,
});
const side = sideOf(configuration, { isSent: true });

/** With what the API server fills in before it asks webhooks, so that there is nothing else to find. */
function complete(spec: object, metadata: object): Pod {
  const { status: _status, ...pod } = livePod({ metadata: { namespace: 'shop', ...metadata }, spec });
  const {
    annotations: _annotations,
    uid: _uid,
    resourceVersion: _version,
    creationTimestamp: _created,
    managedFields: _fields,
    ...own
  } = pod['metadata'] as Record<string, unknown>;
  const { nodeName: _node, ...rest } = pod['spec'] as Record<string, unknown>;
  const given = (metadata as { annotations?: object }).annotations;
  return decodePod({ metadata: { ...own, ...(given && { annotations: given }) }, spec: rest });
}

const probe = { httpGet: { path: '/ready', port: 8080 } };
const app = { name: 'app', image: 'app:1' };

describe('the pod as it was before its injection', () => {
  it.each<[string, object, object]>([
    ['is what it was', { containers: [app] }, {}],
    [
      'has its probes',
      { containers: [{ ...app, readinessProbe: probe, livenessProbe: { tcpSocket: { port: 90 }, periodSeconds: 7 } }] },
      {},
    ],
    [
      'has its probe of gRPC and its hooks',
      { containers: [{ ...app, startupProbe: { grpc: { port: 9 } }, lifecycle: { preStop: probe } }] },
      {},
    ],
    [
      'has its Prometheus annotations',
      { containers: [app] },
      { annotations: { 'prometheus.io/port': '9100', 'prometheus.io/scrape': 'true' } },
    ],
    [
      'has its own proxy settings',
      {
        containers: [app],
        initContainers: [{ name: 'istio-proxy', image: 'mine:1', env: [{ name: 'A', value: 'b' }] }],
      },
      {},
    ],
    [
      'has its volumes, secrets and labels',
      { containers: [app], volumes: [{ name: 'data', emptyDir: {} }], imagePullSecrets: [{ name: 's' }] },
      { labels: { app: 'x' } },
    ],
  ])('%s', (_title, spec, metadata) => {
    const sent = complete(spec, { name: 'web', labels: { app: 'web' }, ...metadata });
    const outcome = outcomeOf(side, sent);
    if (outcome.kind !== 'injected') throw new Error(`not injected: ${outcome.reason}`);
    const live = decodePod(livePod(outcome.pod));
    const changes = comparePods(sent, originalPod(live)).filter(
      ({ path }) =>
        !path.startsWith('metadata.labels[service.istio.io/canonical-') &&
        !path.startsWith('metadata.annotations[kubectl'),
    );
    expect(changes.filter(({ path }) => path !== 'metadata.annotations')).toEqual([]);
    const template = { metadata: sent.metadata, spec: sent.spec };
    expect(comparePods(sent, originalPod(live, template))).toEqual([]);
  });

  it('has no generated name, but keeps one that a controller gave', () => {
    const named = (name: string): unknown =>
      originalPod(decodePod({ metadata: { name, generateName: 'web-' }, spec: { containers: [app] } })).metadata.name;
    expect([named('web-x7k2p'), named('web-0')]).toEqual([undefined, 'web-0']);
  });

  it('is the pod itself without the fields of the server where it was not injected', () => {
    const live = decodePod(livePod({ metadata: { name: 'a' }, spec: { containers: [app] } }));
    expect(Object.keys(originalPod(live).metadata).sort()).toEqual(['annotations', 'name', 'namespace']);
  });

  it('survives records that say nothing', () => {
    const annotations = { 'sidecar.istio.io/status': '[', 'proxy.istio.io/overrides': '{"containers":7}' };
    const live = decodePod({ metadata: { name: 'a', annotations }, spec: { containers: [app] } });
    expect(originalPod(live).spec.containers).toHaveLength(1);
  });
});
