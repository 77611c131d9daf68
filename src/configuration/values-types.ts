/**
 * Types of the Helm values that the injector's `values` document may hold. Keys that are not listed may have any type.
 *
 * Istio decodes the document into a protobuf message; the forms are those that protobuf JSON accepts.
 */

/** Form of a value; `null` is fine everywhere. */
export type ValueForm =
  /** Any JSON. */
  | 'any'
  | 'string'
  | 'bool'
  /** A whole number from 0 to 2³²-1, also as text. */
  | 'uint32'
  /** A list of strings. */
  | 'strings'
  /** A map of strings. */
  | 'stringMap'
  /** A list of maps. */
  | 'maps'
  /** A map of anything. */
  | 'map'
  | { readonly [key: string]: ValueForm };

const resources = { limits: 'stringMap', requests: 'stringMap' } as const satisfies ValueForm;

const seccompProfile = { type: 'string', localhostProfile: 'string' } as const satisfies ValueForm;

const proxy = {
  autoInject: 'string',
  clusterDomain: 'string',
  componentLogLevel: 'string',
  enableCoreDump: 'bool',
  excludeInboundPorts: 'string',
  excludeIPRanges: 'string',
  excludeOutboundPorts: 'string',
  holdApplicationUntilProxyStarts: 'bool',
  image: 'string',
  includeInboundPorts: 'string',
  includeIPRanges: 'string',
  includeOutboundPorts: 'string',
  lifecycle: 'map',
  logLevel: 'string',
  outlierLogPath: 'string',
  privileged: 'bool',
  readinessFailureThreshold: 'uint32',
  readinessInitialDelaySeconds: 'uint32',
  readinessPeriodSeconds: 'uint32',
  resources,
  seccompProfile,
  startupProbe: { enabled: 'bool', failureThreshold: 'uint32' },
  statusPort: 'uint32',
} as const satisfies ValueForm;

const global = {
  caAddress: 'string',
  caName: 'string',
  certSigners: 'strings',
  configCluster: 'bool',
  configValidation: 'bool',
  defaultNodeSelector: 'map',
  defaultPodDisruptionBudget: { enabled: 'bool' },
  defaultResources: resources,
  externalIstiod: 'bool',
  hub: 'string',
  imagePullPolicy: 'string',
  imagePullSecrets: 'strings',
  istiod: { enableAnalysis: 'bool' },
  istioNamespace: 'string',
  logAsJson: 'bool',
  logging: { level: 'string' },
  meshID: 'string',
  meshNetworks: 'map',
  mountMtlsCerts: 'bool',
  multiCluster: { clusterName: 'string' },
  nativeNftables: 'bool',
  network: 'string',
  omitSidecarInjectorConfigMap: 'bool',
  operatorManageWebhooks: 'bool',
  pilotCertProvider: 'string',
  platform: 'string',
  podDNSSearchNamespaces: 'strings',
  priorityClassName: 'string',
  proxy,
  proxy_init: { image: 'string' },
  remotePilotAddress: 'string',
  sds: { token: { aud: 'string' } },
  sts: { servicePort: 'uint32' },
  // Printed as it is: a number loses trailing zeros.
  tag: 'any',
  variant: 'string',
  waypoint: { resources },
} as const satisfies ValueForm;

const sidecarInjectorWebhook = {
  alwaysInjectSelector: 'maps',
  defaultTemplates: 'strings',
  enableNamespacesByDefault: 'bool',
  injectedAnnotations: 'map',
  neverInjectSelector: 'maps',
  reinvocationPolicy: 'string',
  rewriteAppHTTPProbe: 'bool',
  templates: 'map',
} as const satisfies ValueForm;

/** The whole document. */
export const valuesForm = {
  gateways: { securityContext: 'any', seccompProfile: 'map' },
  global,
  pilot: { cni: { enabled: 'bool', provider: 'string' }, env: 'map' },
  revision: 'string',
  sidecarInjectorWebhook,
} as const satisfies ValueForm;
