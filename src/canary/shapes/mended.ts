/**
 * Pods with one mistake for which the API server refuses them. Webhooks see pods before that, and a template may well put something valid
 * in the place: templates replace labels by `$patch: replace`, and write fields that the pod has, too. Whoever takes that out of a template breaks
 * such pods, and no others.
 */
import { app, httpGet, image, relying, replicaSetMetadata, type CanaryShape, type Json } from './shape.ts';

/** A plain pod with metadata of its own. */
const withMetadata = (name: string, metadata: Json): CanaryShape =>
  relying(name, { containers: [app] }, { ...replicaSetMetadata, ...metadata });

/** A plain pod with a field of its spec. */
const withField = (name: string, field: Json): CanaryShape => relying(name, { containers: [app], ...field });

/** A pod whose container has a field. Whatever a container says itself counts for more than templates do, so that they mend nothing but what it does not say. */
const withContainer = (name: string, field: Json): CanaryShape => relying(name, { containers: [{ ...app, ...field }] });

/** The pods. */
export const mendedShapes: readonly CanaryShape[] = [
  withMetadata('label that is too long', { labels: { app: 'web', note: 'x'.repeat(64) } }),
  withMetadata('label without a valid name', { labels: { app: 'web', 'a/b/c': 'd' } }),
  withMetadata('annotation without a valid name', { annotations: { 'a/b/c': 'd' } }),
  withMetadata('annotation of Prometheus with slashes', { annotations: { 'prometheus/io/path': '/metrics' } }),
  withField('deadline of zero', { activeDeadlineSeconds: 0 }),
  withField('unknown restart policy', { restartPolicy: 'Sometimes' }),
  withField('unknown DNS policy', { dnsPolicy: 'Cluster' }),
  withField('host name in capitals', { hostname: 'Web' }),
  withField('service account in capitals', { serviceAccountName: 'Web' }),
  withField('node selector without a valid value', { nodeSelector: { disk: 'a b' } }),
  withField('user below zero', { securityContext: { runAsUser: -1, fsGroup: -1 } }),
  withField('volume of two kinds', { volumes: [{ name: 'data', emptyDir: {}, hostPath: { path: '/data' } }] }),
  relying('no containers', { containers: [] }),
  withContainer('container without an image', { image: '' }),
  withContainer('mount of a volume that is missing', { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
  withContainer('probe without a port', { readinessProbe: httpGet(0) }),
  withContainer('probe of a number in quotes', { readinessProbe: httpGet('8080') }),
  relying('native sidecar with a probe without a port', {
    initContainers: [{ name: 'logs', image, restartPolicy: 'Always', readinessProbe: httpGet(0) }],
    containers: [app],
  }),
];
