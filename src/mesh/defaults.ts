/** The built-in mesh configuration, which every source is merged onto (Istio's `pkg/config/mesh`). */
import type { MeshConfig, MeshProxyConfig } from '../protobuf/index.ts';
import { readMessage, withFields } from '../protobuf/index.ts';

/** The configuration of a proxy as the mesh config, the annotation and the templates know it; not the resource of that name. */
export type ProxyConfig = MeshProxyConfig;
export type { MeshConfig };

/** Built-in settings of every proxy. */
export const defaultProxyConfig: ProxyConfig = readMessage('istio.mesh.v1alpha1.ProxyConfig', {
  configPath: './etc/istio/proxy',
  binaryPath: '/usr/local/bin/envoy',
  serviceCluster: 'istio-proxy',
  drainDuration: '45s',
  terminationDrainDuration: '5s',
  proxyAdminPort: 15000,
  controlPlaneAuthPolicy: 'MUTUAL_TLS',
  discoveryAddress: 'istiod.istio-system.svc:15012',
  statNameLength: 189,
  statusPort: 15020,
});

/** Built-in settings of the mesh. */
export const defaultMeshConfig: MeshConfig = withFields(
  readMessage('istio.mesh.v1alpha1.MeshConfig', {
    proxyListenPort: 15001,
    proxyInboundListenPort: 15006,
    connectTimeout: '10s',
    protocolDetectionTimeout: '0s',
    dnsRefreshRate: '60s',
    trustDomain: 'cluster.local',
    rootNamespace: 'istio-system',
    ingressClass: 'istio',
    ingressService: 'istio-ingressgateway',
    ingressControllerMode: 'STRICT',
    enableTracing: true,
    enableAutoMtls: true,
    enablePrometheusMerge: true,
    outboundTrafficPolicy: { mode: 'ALLOW_ANY' },
    inboundTrafficPolicy: { mode: 'PASSTHROUGH' },
    localityLbSetting: { enabled: true },
    defaultServiceExportTo: ['*'],
    defaultVirtualServiceExportTo: ['*'],
    defaultDestinationRuleExportTo: ['*'],
    defaultProviders: {},
    extensionProviders: [
      { name: 'prometheus', prometheus: {} },
      { name: 'stackdriver', stackdriver: {} },
      { name: 'envoy', envoyFileAccessLog: { path: '/dev/stdout' } },
    ],
  }),
  { defaultConfig: defaultProxyConfig },
);
