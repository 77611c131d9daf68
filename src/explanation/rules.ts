/**
 * The registry of rules: every step of a trace has the stable id of a rule, used by the command line, the HTTP interface,
 * the documents and the tests. Ids never change their meaning. docs/explain.md has a section for each.
 */
import type { DecisionRule, Reason } from '../injection/index.ts';

/** Outcomes that only explanations know: what happens before the injector is asked. */
export type RoutingReason = 'webhook-not-called';

/** Id of any outcome of an explanation. */
export type ExplanationReason = Reason | RoutingReason;

/** Id of a step. */
export type RuleId =
  | DecisionRule
  | 'request'
  | 'webhook'
  | 'annotation-values'
  | 'templates'
  | 'proxy-config'
  | 'native-sidecar'
  | 'rendering'
  | 'overrides'
  | 'result';

/** What each rule looks at, in the order in which they are asked. */
export const rules: Readonly<Record<RuleId, string>> = {
  request: 'Can the request be read as a pod?',
  webhook: 'Does the API server send the pod to the injector?',
  'host-network': 'Does the pod use the host network?',
  'ignored-namespace': 'Is the pod in a Kubernetes system namespace?',
  'inject-label': 'Does the label sidecar.istio.io/inject of the pod say?',
  'inject-annotation': 'Does the annotation sidecar.istio.io/inject of the pod say?',
  'never-inject-selectors': 'Does a neverInjectSelector match the labels of the pod?',
  'always-inject-selectors': 'Does an alwaysInjectSelector match the labels of the pod?',
  policy: 'What does the policy of the injector configuration say?',
  'annotation-values': 'Are the values of the annotations accepted?',
  templates: 'Which templates are rendered?',
  'proxy-config': 'Where does the proxy configuration come from?',
  'native-sidecar': 'Does the proxy run as a native sidecar?',
  overrides: "Which injected containers take the pod's own settings?",
  rendering: 'Do the templates render and merge?',
  result: 'What comes out?',
};

/** The rule that decides when a request ends in a way. */
export const decisiveRules: Readonly<Record<ExplanationReason, RuleId>> = {
  'review-undecodable': 'request',
  'request-missing': 'request',
  'pod-undecodable': 'request',
  'webhook-not-called': 'webhook',
  'host-network': 'host-network',
  'ignored-namespace': 'ignored-namespace',
  'refused-by-label': 'inject-label',
  'wanted-by-label': 'inject-label',
  'refused-by-annotation': 'inject-annotation',
  'wanted-by-annotation': 'inject-annotation',
  'never-inject-selector': 'never-inject-selectors',
  'always-inject-selector': 'always-inject-selectors',
  'policy-enabled': 'policy',
  'policy-disabled': 'policy',
  'policy-invalid': 'policy',
  'invalid-annotations': 'annotation-values',
  'template-not-found': 'templates',
  'invalid-overrides': 'overrides',
  'invalid-status': 'overrides',
  'reapply-failed': 'overrides',
  'template-failed': 'rendering',
  'overlay-failed': 'rendering',
  'merge-failed': 'rendering',
  'post-processing-failed': 'result',
  'internal-error': 'result',
};

/** Where a rule is described. */
export function referenceOf(rule: RuleId): string {
  return `docs/explain.md#${rule}`;
}
