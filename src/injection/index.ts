export { annotationValidators, metadataRegistry, type MetadataEntry } from './annotations/registry.ts';
export { findAnnotationErrors } from './annotations/validation.ts';
export { createInjector, type InjectorOptions } from './create-injector.ts';
export {
  decide,
  decisionRules,
  ignoredNamespaces,
  type Decision,
  type DecisionRecorder,
  type DecisionRule,
  type RuleAnswer,
} from './decision.ts';
export { InjectionError } from './injection-error.ts';
export { injectorFor, type Audit, type InjectionAnswer, type Injector } from './injector.ts';
export { defaultProxyIds, type ProxyIds } from './openshift.ts';
export { annotation, autoImage, container, label } from './names.ts';
export type { InjectionObserver, InjectionStep } from './observer.ts';
export { OverlayCache } from './overlay-cache.ts';
export { readPathEnvironment, type Environment } from './path-environment.ts';
export { injectPod, type InjectedPod, type InjectionParameters } from './pipeline.ts';
export {
  reasons,
  type DecisionReason,
  type FailureReason,
  type Outcome,
  type Reason,
  type ReasonInfo,
} from './reasons.ts';
export type { InjectionReport } from './report.ts';
export { requestedPod } from './requested-pod.ts';
export { readStatus } from './status-annotation.ts';
export { selectTemplates, type TemplateNames } from './template-selection.ts';
export { webhookParameters } from './webhook-parameters.ts';
export { workloadOfPod, type Workload } from './workload.ts';
