/**
 * Every annotation and label that affects injection: one table for the validation, the command line, the documents and the tests.
 */
import {
  validateBool,
  validateExcludeInboundPorts,
  validateExcludeOutboundPorts,
  validateExcludeRanges,
  validateIncludeInboundPorts,
  validateIncludeRanges,
  validateInterceptionMode,
  validateInterfaces,
  validateProxyConfig,
  validateQuantity,
  validateStatusPort,
  validateUint32,
  type Validator,
} from './validators.ts';

/** One annotation or label. */
export interface MetadataEntry {
  readonly name: string;
  readonly kind: 'annotation' | 'label';
  readonly on: 'pod' | 'namespace';
  /** What values look like. */
  readonly form: string;
  /** What holds when it is absent; for most the value of a setting, named as in the Helm values or the mesh config. */
  readonly default: string;
  readonly effect: string;
  /** Absent: any value is accepted. */
  readonly validate?: Validator;
}

type Row = readonly [name: string, form: string, absent: string, effect: string, validate?: Validator];

/** Annotations of pods. Sections: the decision, templates, the proxy, resources, probes, traffic, metrics, others. */
const podAnnotations: readonly Row[] = [
  [
    'sidecar.istio.io/inject',
    'true, false',
    'the policy',
    'asks for injection or refuses it; the label of the same name wins',
  ],
  [
    'inject.istio.io/templates',
    'names of templates or aliases, comma-separated',
    'defaultTemplates',
    'selects templates',
  ],
  [
    'proxy.istio.io/config',
    'ProxyConfig as YAML',
    'meshConfig.defaultConfig',
    'changes the proxy configuration of this pod',
    validateProxyConfig,
  ],
  [
    'proxy.istio.io/overrides',
    'JSON, written by the injector',
    'none',
    "keeps the pod's own settings of injected containers",
  ],
  ['sidecar.istio.io/status', 'JSON, written by the injector', 'none', 'records what was injected'],
  [
    'sidecar.istio.io/nativeSidecar',
    'true, false',
    'ENABLE_NATIVE_SIDECARS',
    'runs the proxy as a native sidecar or not',
  ],
  [
    'sidecar.istio.io/proxyImage',
    'image with at least one slash',
    'global.proxy.image',
    'image of the proxy and of its init container',
  ],
  [
    'sidecar.istio.io/proxyImageType',
    'default, debug, distroless or any suffix',
    'global.variant',
    "suffix of the image's tag",
  ],
  [
    'sidecar.istio.io/interceptionMode',
    'REDIRECT, TPROXY, NONE',
    'defaultConfig.interceptionMode',
    'how traffic is captured',
    validateInterceptionMode,
  ],
  [
    'sidecar.istio.io/capNetBindService',
    'true',
    'global.proxy.capNetBindService',
    'lets the proxy bind ports below 1024',
  ],
  ['sidecar.istio.io/logLevel', 'level', 'global.proxy.logLevel', 'log level of Envoy'],
  [
    'sidecar.istio.io/componentLogLevel',
    'component:level, comma-separated',
    'global.proxy.componentLogLevel',
    'log levels of components of Envoy',
  ],
  ['sidecar.istio.io/agentLogLevel', 'scope:level, comma-separated', 'global.logging.level', 'log level of the agent'],
  ['sidecar.istio.io/bootstrapOverride', 'name of a ConfigMap', 'none', "replaces Envoy's bootstrap configuration"],
  ['sidecar.istio.io/userVolume', 'JSON object: name to volume', 'none', 'adds volumes'],
  ['sidecar.istio.io/userVolumeMount', 'JSON object: name to mount', 'none', 'adds volume mounts to the proxy'],
  [
    'sidecar.istio.io/proxyCPU',
    'quantity',
    'global.proxy.resources',
    'CPU request of the proxy; any resource annotation switches all values off',
    validateQuantity,
  ],
  ['sidecar.istio.io/proxyCPULimit', 'quantity', 'global.proxy.resources', 'CPU limit of the proxy', validateQuantity],
  [
    'sidecar.istio.io/proxyMemory',
    'quantity',
    'global.proxy.resources',
    'memory request of the proxy',
    validateQuantity,
  ],
  [
    'sidecar.istio.io/proxyMemoryLimit',
    'quantity',
    'global.proxy.resources',
    'memory limit of the proxy',
    validateQuantity,
  ],
  [
    'sidecar.istio.io/rewriteAppHTTPProbers',
    'boolean',
    'sidecarInjectorWebhook.rewriteAppHTTPProbe',
    "sends the application's probes through the agent",
  ],
  [
    'status.sidecar.istio.io/port',
    'port, 0 for none',
    'global.proxy.statusPort',
    'port of the agent; 0 leaves out the probes of the proxy',
    validateStatusPort,
  ],
  [
    'readiness.status.sidecar.istio.io/initialDelaySeconds',
    'seconds',
    'global.proxy.readinessInitialDelaySeconds',
    'readiness probe of the proxy',
    validateUint32,
  ],
  [
    'readiness.status.sidecar.istio.io/periodSeconds',
    'seconds',
    'global.proxy.readinessPeriodSeconds',
    'readiness probe of the proxy',
    validateUint32,
  ],
  [
    'readiness.status.sidecar.istio.io/failureThreshold',
    'count',
    'global.proxy.readinessFailureThreshold',
    'readiness probe of the proxy',
    validateUint32,
  ],
  [
    'traffic.sidecar.istio.io/includeOutboundIPRanges',
    '*, or CIDRs, comma-separated',
    'global.proxy.includeIPRanges',
    'outbound ranges that are captured',
    validateIncludeRanges,
  ],
  [
    'traffic.sidecar.istio.io/excludeOutboundIPRanges',
    'CIDRs, comma-separated',
    'global.proxy.excludeIPRanges',
    'outbound ranges that are not captured',
    validateExcludeRanges,
  ],
  [
    'traffic.sidecar.istio.io/includeInboundPorts',
    '*, or ports, comma-separated',
    'global.proxy.includeInboundPorts',
    'inbound ports that are captured',
    validateIncludeInboundPorts,
  ],
  [
    'traffic.sidecar.istio.io/excludeInboundPorts',
    'ports, comma-separated',
    'global.proxy.excludeInboundPorts',
    'inbound ports that are not captured',
    validateExcludeInboundPorts,
  ],
  [
    'traffic.sidecar.istio.io/includeOutboundPorts',
    'ports, comma-separated',
    'global.proxy.includeOutboundPorts',
    'outbound ports that are captured',
  ],
  [
    'traffic.sidecar.istio.io/excludeOutboundPorts',
    'ports, comma-separated',
    'global.proxy.excludeOutboundPorts',
    'outbound ports that are not captured',
    validateExcludeOutboundPorts,
  ],
  [
    'traffic.sidecar.istio.io/excludeInterfaces',
    'interfaces, comma-separated',
    'none',
    'interfaces whose traffic is not captured',
    validateInterfaces,
  ],
  [
    'traffic.sidecar.istio.io/kubevirtInterfaces',
    'interfaces, comma-separated',
    'none',
    'older name of istio.io/reroute-virtual-interfaces',
    validateInterfaces,
  ],
  [
    'istio.io/reroute-virtual-interfaces',
    'interfaces, comma-separated',
    'none',
    'interfaces whose inbound traffic counts as outbound',
    validateInterfaces,
  ],
  [
    'prometheus.istio.io/merge-metrics',
    'boolean',
    'meshConfig.enablePrometheusMerge',
    "merges the application's metrics into the proxy's",
    validateBool,
  ],
  ['prometheus.io/scrape', 'boolean', 'true', 'false leaves the Prometheus annotations alone'],
  ['prometheus.io/port', 'port', 'none', "port of the application's metrics"],
  ['prometheus.io/path', 'path', 'none', "path of the application's metrics"],
  [
    'k8s.v1.cni.cncf.io/networks',
    'names, comma-separated, or JSON list',
    'none',
    'gets the network of the CNI plugin added where Multus is used',
  ],
  ['kubectl.kubernetes.io/default-container', 'name of a container', 'first application container', 'set when absent'],
  [
    'kubectl.kubernetes.io/default-logs-container',
    'name of a container',
    'first application container',
    'set when absent',
  ],
  ['apm.datadoghq.com/env', 'JSON object of strings', 'none', 'environment of the proxy when the tracer is datadog'],
  ['resource.opentelemetry.io/service.namespace', 'text', 'namespace of the pod', 'OpenTelemetry resource attribute'],
  [
    'resource.opentelemetry.io/service.version',
    'text',
    'label app.kubernetes.io/version, else the image',
    'OpenTelemetry resource attribute',
  ],
  [
    'resource.opentelemetry.io/service.instance.id',
    'text',
    'namespace, pod and first container',
    'OpenTelemetry resource attribute',
  ],
];

const podLabels: readonly Row[] = [
  ['sidecar.istio.io/inject', 'true, false', 'the policy', 'asks for injection or refuses it'],
  ['topology.istio.io/network', 'name', 'network in the URL, else global.network', 'network of the pod'],
  [
    'service.istio.io/canonical-name',
    'name',
    'app.kubernetes.io/name, app, or the workload',
    'name under which traffic is reported',
  ],
  [
    'service.istio.io/canonical-revision',
    'text',
    'app.kubernetes.io/version, version, or latest',
    'version under which traffic is reported',
  ],
  ['service.istio.io/workload-name', 'name', 'the workload', 'name of the workload as the proxy reports it'],
  ['app.kubernetes.io/name', 'name', 'none', 'canonical name'],
  ['app', 'name', 'none', 'canonical name'],
  ['app.kubernetes.io/version', 'text', 'none', 'canonical revision'],
  ['version', 'text', 'none', 'canonical revision'],
  ['security.istio.io/tlsMode', 'text', 'istio', 'kept when set'],
  ['networking.istio.io/tunnel', 'text', 'http', 'kept when set; only where HBONE is enabled'],
  ['pod-template-hash', 'hash', 'none', 'tells the Deployment from the name of the ReplicaSet'],
  ['rollouts-pod-template-hash', 'hash', 'none', 'tells the Rollout from the name of the ReplicaSet'],
  ['deploymentconfig', 'name', 'none', 'names the DeploymentConfig'],
];

const namespaceAnnotations: readonly Row[] = [
  [
    'openshift.io/sa.scc.uid-range',
    '<start>/<size> or <start>-<end>',
    'uid 1337',
    'user of the proxy where PLATFORM is openshift',
  ],
  [
    'openshift.io/sa.scc.supplemental-groups',
    'blocks, comma-separated',
    'the uid range',
    'group of the proxy where PLATFORM is openshift',
  ],
];

const namespaceLabels: readonly Row[] = [
  ['istio-injection', 'enabled, disabled', 'none', 'decides whether the API server calls the webhook'],
  ['istio.io/rev', 'revision or tag', 'none', 'decides which control plane the API server calls'],
];

/** The registry. Names are unique for each kind and place. */
export const metadataRegistry: readonly MetadataEntry[] = [
  ...entries('annotation', 'pod', podAnnotations),
  ...entries('label', 'pod', podLabels),
  ...entries('annotation', 'namespace', namespaceAnnotations),
  ...entries('label', 'namespace', namespaceLabels),
];

function entries(kind: MetadataEntry['kind'], on: MetadataEntry['on'], rows: readonly Row[]): MetadataEntry[] {
  return rows.map(([name, form, absent, effect, validate]) => ({
    name,
    kind,
    on,
    form,
    default: absent,
    effect,
    validate,
  }));
}

/** Validators of pod annotations by name. */
export const annotationValidators: ReadonlyMap<string, Validator> = new Map(
  podAnnotations.flatMap(([name, , , , validate]) => (validate === undefined ? [] : [[name, validate] as const])),
);
