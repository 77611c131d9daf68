/** The explanation of one pod: the injector's own functions are run, and what they say is written down. */
import { missingObjectMessage, missingRequestMessage, readReview } from '../admission/index.ts';
import type { Configuration, InjectionWebhook } from '../configuration/index.ts';
import type { FunctionContext } from '../gotemplate/index.ts';
import { OverlayCache, reasons, requestedPod, type FailureReason } from '../injection/index.ts';
import { DecodeError, type Labels, type Pod } from '../kubernetes/index.ts';
import { completeNamespaceLabels, evaluate, type Evaluation, type World } from './evaluate.ts';
import type { Explanation, Subject } from './explanation.ts';
import { findFlip } from './flip.ts';
import { hideValuesOf } from './redact.ts';
import { finish, stepsOf } from './steps.ts';
import { summarize } from './summary.ts';
import { isOfRevision, revisionName, webhooksOf } from './webhooks.ts';

/** What explanations are made with. An injector is one. */
export interface Explainer {
  readonly configuration: Configuration;
  /** What template functions may know of the world. */
  readonly context: Partial<FunctionContext>;
}

/** What is known of a pod beside itself. */
export interface Surroundings {
  /** Whose pod it is; by default its own. */
  readonly subject?: Subject;
  /** Unescaped path of the webhook's URL. Default: `/inject`. */
  readonly path?: string;
  /** Whether the API server has sent the pod: the selectors of webhooks are not asked then. Default: false. */
  readonly isSent?: boolean;
  /** Default: those of the namespace in the configuration's cluster, else unknown. */
  readonly namespaceLabels?: Labels;
  /** Default: those of the configuration's cluster, else those of Istio's chart. */
  readonly webhooks?: readonly InjectionWebhook[];
}

/**
 * Explains a pod whose namespace is filled in. Never throws; costs some ten injections where a change is to be found.
 */
export function explainPod(explainer: Explainer, pod: Pod, surroundings: Surroundings = {}): Explanation {
  const world = worldOf(explainer, pod, surroundings);
  const evaluation = evaluate(world);
  const subject = surroundings.subject ?? subjectOf(pod);
  const hide = hideValuesOf(pod);
  const { verdict, reason, injected, failure } = evaluation;
  const flip = findFlip(world, evaluation, subject);
  return {
    version: 1,
    subject,
    revision: revisionName(explainer.configuration.revision),
    verdict,
    reason,
    summary: summaryOf(evaluation),
    certain: isCertain(world, evaluation),
    ...(verdict === 'denied' && failure !== undefined && { message: hide(failure.message) }),
    steps: stepsOf(world, evaluation),
    ...(flip !== undefined && { flip }),
    ...(verdict === 'injected' && injected !== undefined && { injection: summarize(pod, injected) }),
    warnings: [...evaluation.warnings.map(hide), ...sendingWarnings(world, evaluation)],
  };
}

/** Explains the pod of an AdmissionReview that is already a value: the API server has sent it. Never throws. */
export function explainReview(explainer: Explainer, review: unknown, surroundings: Surroundings = {}): Explanation {
  const result = readReview(review, () => JSON.stringify(review));
  // The decoder's message may quote the whole body.
  if (!result.ok) return unreadable(explainer, 'review-undecodable', reasons['review-undecodable'].sentence);
  const { request } = result.review;
  if (request === undefined) return unreadable(explainer, 'request-missing', missingRequestMessage);
  if (request.object === undefined) return unreadable(explainer, 'pod-undecodable', missingObjectMessage);
  try {
    return explainPod(explainer, requestedPod(request), { isSent: true, ...surroundings });
  } catch (error) {
    if (error instanceof DecodeError) return unreadable(explainer, 'pod-undecodable', error.message);
    throw error;
  }
}

/** What cannot be read is denied by the injector; nothing but the reason can be said. */
export function unreadable(
  { configuration }: Explainer,
  reason: FailureReason,
  message: string,
  subject: Subject = { kind: '', name: '', namespace: '', template: '' },
): Explanation {
  const { sentence } = reasons[reason];
  return {
    version: 1,
    subject,
    revision: revisionName(configuration.revision),
    verdict: 'denied',
    reason,
    summary: sentence,
    certain: true,
    message,
    steps: finish([{ rule: 'request', outcome: 'deny', inputs: [], text: sentence }], 'request'),
    warnings: [],
  };
}

function worldOf({ configuration, context }: Explainer, pod: Pod, surroundings: Surroundings): World {
  const namespace = pod.metadata.namespace ?? '';
  const labels = surroundings.namespaceLabels ?? configuration.cluster.namespaces.get(namespace)?.labels;
  return {
    configuration,
    context,
    cache: new OverlayCache(),
    pod,
    path: surroundings.path ?? '/inject',
    isSent: surroundings.isSent === true,
    namespaceLabels: labels && completeNamespaceLabels(namespace, labels),
    webhooks: surroundings.webhooks ?? webhooksOf(configuration),
  };
}

function subjectOf({ metadata }: Pod): Subject {
  const name = metadata.name ?? metadata.generateName ?? '';
  return { kind: 'Pod', name, namespace: metadata.namespace ?? '', template: '' };
}

/** Whether it is known that the pod is sent, or that it is not. */
function isCertain({ isSent, configuration }: World, { verdict, senders }: Evaluation): boolean {
  const sendsAlways = senders?.some(
    (sender) => isOfRevision(sender, configuration.revision) && sender.matchConditions.length === 0,
  );
  return isSent === true || verdict === 'not-called' || sendsAlways === true;
}

function summaryOf({ reason }: Evaluation): string {
  return reason === 'webhook-not-called'
    ? 'The API server does not send the pod to this injector.'
    : reasons[reason].sentence;
}

/** Two configurations that both match inject one after the other. */
function sendingWarnings({ configuration }: World, { senders = [] }: Evaluation): string[] {
  const names = [...new Set(senders.map((sender) => sender.configuration))];
  if (names.length < 2) return [];
  const others = senders.some((sender) => !isOfRevision(sender, configuration.revision));
  const who = others ? 'injectors of several revisions' : 'this injector more than once';
  return [`The webhook configurations ${names.join(', ')} all match: the API server asks ${who}.`];
}
