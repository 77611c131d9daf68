export { applyChange, describeChanges } from './changes.ts';
export { completeNamespaceLabels, evaluate, type Evaluation, type World } from './evaluate.ts';
export { explainPod, explainReview, unreadable, type Explainer, type Surroundings } from './explain.ts';
export type {
  Change,
  Explanation,
  Flip,
  InjectionSummary,
  Input,
  Step,
  StepOutcome,
  Subject,
  Verdict,
} from './explanation.ts';
export { hideValuesOf } from './redact.ts';
export { decisiveRules, referenceOf, rules, type ExplanationReason, type RuleId } from './rules.ts';
export type { ContainerSummary, ProbeSummary } from './summary.ts';
export {
  defaultWebhooks,
  isOfRevision,
  matchingWebhooks,
  revisionName,
  routingLabels,
  webhooksOf,
} from './webhooks.ts';
