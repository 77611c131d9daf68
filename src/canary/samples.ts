/**
 * Values of annotations and labels that pods use, so that what a template does because of them is seen. Every annotation of the registry
 * has at least one; all values are valid.
 */

/** Values by the annotation's name. */
export const annotationSamples: Readonly<Record<string, readonly string[]>> = {
  'sidecar.istio.io/inject': ['true'],
  'proxy.istio.io/overrides': [
    '{"containers":[{"name":"istio-proxy","image":"registry.example/proxy:2","env":[{"name":"OWN","value":"1"}]}]}',
  ],
  'sidecar.istio.io/nativeSidecar': ['true', 'false'],
  'sidecar.istio.io/proxyImage': ['registry.example/proxyv2:1', 'noslash'],
  'sidecar.istio.io/proxyImageType': ['distroless', 'debug'],
  'sidecar.istio.io/interceptionMode': ['REDIRECT', 'TPROXY', 'NONE'],
  'sidecar.istio.io/capNetBindService': ['true', 'false'],
  'sidecar.istio.io/logLevel': ['debug'],
  'sidecar.istio.io/componentLogLevel': ['misc:error,upstream:debug'],
  'sidecar.istio.io/agentLogLevel': ['default:debug,xds:info'],
  'sidecar.istio.io/bootstrapOverride': ['own-bootstrap'],
  'sidecar.istio.io/userVolume': [
    '{"extra":{"emptyDir":{}},"certs":{"secret":{"secretName":"certs","optional":true}}}',
  ],
  'sidecar.istio.io/userVolumeMount': ['{"istio-data":{"mountPath":"/extra","readOnly":true}}'],
  'sidecar.istio.io/proxyCPU': ['250m'],
  'sidecar.istio.io/proxyCPULimit': ['2'],
  'sidecar.istio.io/proxyMemory': ['128Mi'],
  'sidecar.istio.io/proxyMemoryLimit': ['1Gi'],
  'sidecar.istio.io/rewriteAppHTTPProbers': ['true', 'false'],
  'status.sidecar.istio.io/port': ['15099', '0'],
  'readiness.status.sidecar.istio.io/initialDelaySeconds': ['3'],
  'readiness.status.sidecar.istio.io/periodSeconds': ['7'],
  'readiness.status.sidecar.istio.io/failureThreshold': ['9'],
  'readiness.status.sidecar.istio.io/applicationPorts': ['8080,9090'],
  'traffic.sidecar.istio.io/includeOutboundIPRanges': ['*', '10.0.0.0/8,192.168.0.0/16'],
  'traffic.sidecar.istio.io/excludeOutboundIPRanges': ['10.1.0.0/16'],
  'traffic.sidecar.istio.io/includeInboundPorts': ['*', '80,8080', ''],
  'traffic.sidecar.istio.io/excludeInboundPorts': ['22,15020', ''],
  'traffic.sidecar.istio.io/includeOutboundPorts': ['80,443', ''],
  'traffic.sidecar.istio.io/excludeOutboundPorts': ['3306', ''],
  'traffic.sidecar.istio.io/excludeInterfaces': ['eth1'],
  'traffic.sidecar.istio.io/kubevirtInterfaces': ['net1'],
  'istio.io/reroute-virtual-interfaces': ['net1,net2'],
  'prometheus.istio.io/merge-metrics': ['false', 'true'],
  'prometheus.io/scrape': ['true', 'false'],
  'prometheus.io/port': ['9090'],
  'prometheus.io/path': ['/stats'],
  'k8s.v1.cni.cncf.io/networks': ['macvlan', '[{"name":"macvlan","namespace":"default"}]'],
  'kubectl.kubernetes.io/default-container': ['app'],
  'kubectl.kubernetes.io/default-logs-container': ['app'],
  'apm.datadoghq.com/env': ['{"DD_ENV":"prod","DD_SERVICE":"web"}'],
  'resource.opentelemetry.io/service.namespace': ['shop'],
  'resource.opentelemetry.io/service.version': ['1.2.3'],
  'resource.opentelemetry.io/service.instance.id': ['one'],
  'proxy.istio.io/config': [
    '{"holdApplicationUntilProxyStarts":true,"concurrency":2,"proxyMetadata":{"OUTRIGGER_CANARY":"a value","ISTIO_META_DNS_CAPTURE":"true"}}',
    '{"proxyMetadata":{"ISTIO_META_ENABLE_HBONE":"true"},"interceptionMode":"TPROXY"}',
    '{"proxyMetadata":{"IPTABLES_TRACE_LOGGING":"true"},"interceptionMode":"NONE"}',
    '{"tracing":{"zipkin":{"address":"zipkin.example:9411"},"sampling":10},"drainDuration":"60s","terminationDrainDuration":"20s"}',
    '{"tracing":{"datadog":{"address":"datadog.example:8126"}},"statusPort":15021,"image":{"imageType":"distroless"}}',
    '{"tracing":{"lightstep":{"address":"lightstep.example:443","accessToken":"t"},"tlsSettings":{"mode":"SIMPLE","caCertificates":"/etc/lightstep/ca.pem"}}}',
    '{"gatewayTopology":{"numTrustedProxies":1},"discoveryAddress":"other.example:15012","serviceCluster":"own"}',
  ],
};

/** Annotations that are seen together, beside each one alone. */
export const annotationGroups: Readonly<Record<string, readonly string[]>> = {
  'all resources': ['proxyCPU', 'proxyCPULimit', 'proxyMemory', 'proxyMemoryLimit'].map(
    (name) => `sidecar.istio.io/${name}`,
  ),
  requests: ['sidecar.istio.io/proxyCPU', 'sidecar.istio.io/proxyMemory'],
  limits: ['sidecar.istio.io/proxyCPULimit', 'sidecar.istio.io/proxyMemoryLimit'],
  volumes: ['sidecar.istio.io/userVolume', 'sidecar.istio.io/userVolumeMount', 'sidecar.istio.io/bootstrapOverride'],
  metrics: ['prometheus.io/scrape', 'prometheus.io/port', 'prometheus.io/path'],
  interfaces: ['traffic.sidecar.istio.io/excludeInterfaces', 'istio.io/reroute-virtual-interfaces'],
  'default containers': ['kubectl.kubernetes.io/default-container', 'kubectl.kubernetes.io/default-logs-container'],
};

/** What is tried for annotations and labels that only the templates of the configuration know: a truth, a number, a word. */
export const unknownSamples: readonly string[] = ['true', '8', 'canary'];
