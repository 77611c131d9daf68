/** Pods by who owns them, and by their labels. */
import { app, image, namespace, odd, owned, longName, replicaSetMetadata, shape, type CanaryShape } from './shape.ts';

/** The pods. */
export const ownerShapes: readonly CanaryShape[] = [
  shape(
    'stateful set',
    { containers: [app], hostname: 'db-0', subdomain: 'db' },
    { ...owned('StatefulSet', 'apps/v1', 'db'), name: 'db-0', generateName: 'db-' },
  ),
  shape('daemon set', { containers: [app] }, owned('DaemonSet', 'apps/v1', 'agent')),
  shape(
    'job',
    { restartPolicy: 'Never', activeDeadlineSeconds: 600, containers: [{ name: 'job', image }] },
    owned('Job', 'batch/v1', 'import-28123456'),
  ),
  shape(
    'deployment config',
    { containers: [app] },
    { ...owned('ReplicationController', 'v1', 'shop-1'), labels: { deploymentconfig: 'shop' } },
  ),
  odd('long name of a workload', { containers: [app] }, { ...owned('StatefulSet', 'apps/v1', longName), labels: {} }),
  odd(
    'long labels',
    { containers: [app] },
    { ...replicaSetMetadata, labels: { app: longName.slice(0, 63).replace(/-$/, 'x'), version: 'v'.repeat(63) } },
  ),
  shape('no labels', { containers: [app] }, { generateName: 'x-', namespace }),
  shape(
    'labels of the mesh',
    { containers: [app] },
    {
      ...replicaSetMetadata,
      labels: {
        'app.kubernetes.io/name': 'shop',
        'app.kubernetes.io/version': '1.2.3',
        'service.istio.io/canonical-name': 'shop',
        'service.istio.io/canonical-revision': 'blue',
        'service.istio.io/workload-name': 'shop',
        'security.istio.io/tlsMode': 'disabled',
        'networking.istio.io/tunnel': 'none',
        'topology.istio.io/network': 'network-2',
        'sidecar.istio.io/inject': 'true',
        'istio.io/rev': 'default',
      },
    },
  ),
  shape(
    'ambient',
    { containers: [app] },
    { ...replicaSetMetadata, labels: { app: 'web', 'istio.io/dataplane-mode': 'ambient' } },
  ),
];
