export { CanaryBaseline, type BaselineTrial } from './baseline.ts';
export { canaryPods, isExpensive, templateSets, type CanaryPod, type TemplateSet } from './canary-pods.ts';
export {
  checkConfiguration,
  type ConfigurationCheckOptions,
  type ConfigurationFinding,
} from './check-configuration.ts';
export { findingKinds, isBreaking, type CanaryFinding, type FindingKind, type TemplatePlace } from './finding.ts';
export { differOnlyInTexts, RenderedTexts, SameTexts } from './rendered-texts.ts';
export { tryPod, type CheckOptions, type PodTexts, type Trial, type TriedPod } from './try-pod.ts';
