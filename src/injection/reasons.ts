/**
 * The registry of outcomes: every way a request can end has a stable id, used by logs, metrics, the command line and tests.
 *
 * Ids are part of the interface and never change their meaning.
 */

/** How a request ended. `skipped` and `injected` are allowed, `denied` is not. */
export type Outcome = 'injected' | 'skipped' | 'denied';

/** One way a request can end. */
export interface ReasonInfo {
  readonly outcome: Outcome;
  /** What decides, in a few words: where the setting stands. */
  readonly rule: string;
  /** One sentence for people. */
  readonly sentence: string;
}

const decided = {
  'host-network': {
    outcome: 'skipped',
    rule: 'spec.hostNetwork of the pod',
    sentence: 'The pod uses the host network, whose traffic a sidecar cannot capture.',
  },
  'ignored-namespace': {
    outcome: 'skipped',
    rule: 'namespace of the pod',
    sentence: 'Pods of Kubernetes system namespaces are never injected.',
  },
  'refused-by-label': {
    outcome: 'skipped',
    rule: 'label sidecar.istio.io/inject of the pod',
    sentence: 'The pod refuses injection with the label sidecar.istio.io/inject: "false".',
  },
  'refused-by-annotation': {
    outcome: 'skipped',
    rule: 'annotation sidecar.istio.io/inject of the pod',
    sentence: 'The pod refuses injection with the annotation sidecar.istio.io/inject: "false".',
  },
  'never-inject-selector': {
    outcome: 'skipped',
    rule: 'neverInjectSelector of the injector configuration',
    sentence: 'The labels of the pod match a neverInjectSelector.',
  },
  'policy-disabled': {
    outcome: 'skipped',
    rule: 'policy of the injector configuration',
    sentence: 'The policy is disabled, and the pod does not ask for injection.',
  },
  'policy-invalid': {
    outcome: 'skipped',
    rule: 'policy of the injector configuration',
    sentence: 'The policy is neither enabled nor disabled, so nothing is injected.',
  },
  'wanted-by-label': {
    outcome: 'injected',
    rule: 'label sidecar.istio.io/inject of the pod',
    sentence: 'The pod asks for injection with the label sidecar.istio.io/inject: "true".',
  },
  'wanted-by-annotation': {
    outcome: 'injected',
    rule: 'annotation sidecar.istio.io/inject of the pod',
    sentence: 'The pod asks for injection with the annotation sidecar.istio.io/inject: "true".',
  },
  'always-inject-selector': {
    outcome: 'injected',
    rule: 'alwaysInjectSelector of the injector configuration',
    sentence: 'The labels of the pod match an alwaysInjectSelector.',
  },
  'policy-enabled': {
    outcome: 'injected',
    rule: 'policy of the injector configuration',
    sentence: 'The policy is enabled, and the pod does not refuse injection.',
  },
} as const satisfies Record<string, ReasonInfo>;

const failed = {
  'review-undecodable': {
    outcome: 'denied',
    rule: 'request body',
    sentence: 'The request body is not an AdmissionReview.',
  },
  'request-missing': {
    outcome: 'denied',
    rule: 'request body',
    sentence: 'The AdmissionReview has no request.',
  },
  'pod-undecodable': {
    outcome: 'denied',
    rule: 'request.object of the review',
    sentence: 'The object of the request cannot be read as a pod.',
  },
  'invalid-annotations': {
    outcome: 'denied',
    rule: 'annotations of the pod',
    sentence: 'An annotation of the pod has a value that is not accepted.',
  },
  'invalid-overrides': {
    outcome: 'denied',
    rule: 'annotation proxy.istio.io/overrides of the pod',
    sentence: 'The overrides recorded on the pod cannot be read.',
  },
  'invalid-status': {
    outcome: 'denied',
    rule: 'annotation sidecar.istio.io/status of the pod',
    sentence: 'The injection status recorded on the pod has values of the wrong type.',
  },
  'template-not-found': {
    outcome: 'denied',
    rule: 'templates of the injector configuration',
    sentence: 'A template that the pod or the configuration asks for does not exist.',
  },
  'template-failed': {
    outcome: 'denied',
    rule: 'templates of the injector configuration',
    sentence: 'A template failed while it was rendered.',
  },
  'overlay-failed': {
    outcome: 'denied',
    rule: 'templates of the injector configuration',
    sentence: 'The output of a template is not a valid part of a pod.',
  },
  'merge-failed': {
    outcome: 'denied',
    rule: 'templates of the injector configuration',
    sentence: 'The output of a template cannot be merged into the pod.',
  },
  'reapply-failed': {
    outcome: 'denied',
    rule: 'containers of the pod',
    sentence: "The pod's own settings of an injected container cannot be merged over the template.",
  },
  'post-processing-failed': {
    outcome: 'denied',
    rule: 'post-processing',
    sentence: 'The injected pod could not be completed.',
  },
  'internal-error': {
    outcome: 'denied',
    rule: 'the injector itself',
    sentence: 'The injector failed in a way it does not know; the pod is refused.',
  },
} as const satisfies Record<string, ReasonInfo>;

/** Every outcome by its id. */
export const reasons = { ...decided, ...failed } as const;

/** Id of a decision that was carried out. */
export type DecisionReason = keyof typeof decided;
/** Id of a failure. */
export type FailureReason = keyof typeof failed;
/** Id of any outcome. */
export type Reason = keyof typeof reasons;
