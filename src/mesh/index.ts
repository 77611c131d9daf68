/** The mesh configuration and the configuration of proxies: defaults, documents, annotation, resources, validation. */
export { applyProxyConfigAnnotation, explainProxyConfigAnnotation, parseProxyConfigAnnotation } from './annotation.ts';
export { applyMeshConfig, decodeMeshConfig, MeshConfigError } from './decode.ts';
export type { DecodedMeshConfig } from './decode.ts';
export { defaultMeshConfig, defaultProxyConfig } from './defaults.ts';
export type { MeshConfig, ProxyConfig } from './defaults.ts';
export { ProxyConfigs } from './effective.ts';
export type { ProxyConfigResource, ProxyConfigSource, ProxyConfigSubject } from './effective.ts';
export { protoToJson } from './json.ts';
export { decodeMeshNetworks, validateMeshNetworks } from './networks.ts';
export type { MeshNetworksOptions } from './networks.ts';
export { emptyProxyConfig, mergeProxyConfig } from './proxy-config-merge.ts';
export { validateMeshConfig } from './validate-mesh.ts';
export { validateProxyConfig } from './validate-proxy-config.ts';
