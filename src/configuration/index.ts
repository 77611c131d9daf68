export {
  decodeClusterObjects,
  indexClusterObjects,
  noClusterObjects,
  type ClusterObjects,
  type NamespaceObject,
} from './cluster-objects.ts';
export {
  compileConfiguration,
  withClusterObjects,
  type Configuration,
  type ConfigurationSources,
} from './configuration.ts';
export { featureVariables, readFeatures, type Features, type Variables } from './features.ts';
export { controlPlaneEnvironment, controlPlanes } from './control-plane.ts';
export { decodeInjectionConfig, type InjectionConfig, type InjectionPolicy } from './injection-config.ts';
export { type LabelRule } from './label-rule.ts';
export { ConfigurationError, placeText, type SourceText } from './source.ts';
export { decodeValues, type InjectionValues } from './values.ts';
export { injectionWebhooksOf, type InjectionWebhook } from './webhook-configurations.ts';
export { readDocuments, type ConfigurationDocument, type TextOrigin } from './set-documents.ts';
export {
  compileConfigurationSet,
  pickConfigurationSet,
  placeInFile,
  type CompileOptions,
  type ConfigurationSet,
  type SetChoice,
  type SetText,
} from './set.ts';
