/** Names that Istio and Kubernetes gave to what the injector reads and writes. */

/** Annotations of pods that the injector's own code reads or writes; templates read more, see annotation-registry.ts. */
export const annotation = {
  inject: 'sidecar.istio.io/inject',
  templates: 'inject.istio.io/templates',
  proxyConfig: 'proxy.istio.io/config',
  overrides: 'proxy.istio.io/overrides',
  status: 'sidecar.istio.io/status',
  nativeSidecar: 'sidecar.istio.io/nativeSidecar',
  proxyImageType: 'sidecar.istio.io/proxyImageType',
  interceptionMode: 'sidecar.istio.io/interceptionMode',
  rewriteProbers: 'sidecar.istio.io/rewriteAppHTTPProbers',
  statusPort: 'status.sidecar.istio.io/port',
  mergeMetrics: 'prometheus.istio.io/merge-metrics',
  openshiftUidRange: 'openshift.io/sa.scc.uid-range',
  openshiftGroups: 'openshift.io/sa.scc.supplemental-groups',
} as const;

/** Labels of pods. */
export const label = {
  inject: 'sidecar.istio.io/inject',
  network: 'topology.istio.io/network',
  podTemplateHash: 'pod-template-hash',
  rolloutsPodTemplateHash: 'rollouts-pod-template-hash',
  deploymentConfig: 'deploymentconfig',
} as const;

/** Containers with a part to play. */
export const container = {
  proxy: 'istio-proxy',
  init: 'istio-init',
  validation: 'istio-validation',
  coreDump: 'enable-core-dump',
} as const;

/** Environment variables of the proxy that the injector's own code sets. */
export const env = {
  clusterId: 'ISTIO_META_CLUSTER_ID',
  network: 'ISTIO_META_NETWORK',
  prometheus: 'ISTIO_PROMETHEUS_ANNOTATIONS',
  appProbers: 'ISTIO_KUBE_APP_PROBERS',
} as const;

/** Image of a user's `istio-proxy` container that stands for "what the template says". */
export const autoImage = 'auto';

/** The cluster a pod belongs to when nothing names one. */
export const defaultCluster = 'Kubernetes';

/** The revision named in labels and the status when the control plane has none. */
export const defaultRevision = 'default';

/** User and group of the proxy where the platform does not choose them. */
export const defaultProxyId = 1337;
