/** Runs the injector's own functions on one pod and keeps what they said. */
import type { Configuration, InjectionWebhook } from '../configuration/index.ts';
import { Interrupted, type FunctionContext } from '../gotemplate/index.ts';
import {
  decide,
  injectPod,
  InjectionError,
  readPathEnvironment,
  reasons,
  webhookParameters,
  type Decision,
  type DecisionRule,
  type InjectedPod,
  type InjectionParameters,
  type OverlayCache,
  type Reason,
  type RuleAnswer,
} from '../injection/index.ts';
import type { Labels, Pod } from '../kubernetes/index.ts';
import type { Verdict } from './explanation.ts';
import type { ExplanationReason } from './rules.ts';
import { isOfRevision, matchingWebhooks, routingLabels } from './webhooks.ts';

/** Everything that an explanation depends on. A change of it is another world. */
export interface World {
  readonly configuration: Configuration;
  readonly context: Partial<FunctionContext>;
  readonly cache: OverlayCache;
  /** With its namespace filled in. */
  readonly pod: Pod;
  /** Path of the request, unescaped. */
  readonly path: string;
  /** Whether it is known that the API server sends the pod, so that selectors are not asked. Default: false. */
  readonly isSent?: boolean;
  /** `undefined` while they are not known. */
  readonly namespaceLabels: Labels | undefined;
  readonly webhooks: readonly InjectionWebhook[];
}

/** A rule of the decision that was asked. */
export interface AskedRule {
  readonly rule: DecisionRule;
  readonly answer: RuleAnswer;
  readonly detail?: string;
}

/** A failure of the injection. */
export interface Failure {
  readonly reason: Reason;
  readonly message: string;
}

/** What the injector's functions said. */
export interface Evaluation {
  readonly verdict: Verdict;
  readonly reason: ExplanationReason;
  readonly detail?: string;
  /** Entries that send the pod; `undefined` while the labels of the namespace are not known. */
  readonly senders: readonly InjectionWebhook[] | undefined;
  readonly decision: Decision;
  readonly asked: readonly AskedRule[];
  /** Present when the decision was to inject. */
  readonly parameters?: Omit<InjectionParameters, 'cache' | 'context'>;
  readonly injected?: InjectedPod;
  readonly failure?: Failure;
  /** Lines for the log. */
  readonly warnings: readonly string[];
}

/** Evaluates a world. Never throws. */
export function evaluate(world: World): Evaluation {
  const asked: AskedRule[] = [];
  const { injection, revision } = world.configuration;
  const decision = decide(world.pod, injection, (rule, answer, detail) => asked.push({ rule, answer, detail }));
  const attempt = decision.inject ? tryInjection(world) : undefined;
  const senders = sendersOf(world);
  const isSent =
    world.isSent === true || senders === undefined || senders.some((sender) => isOfRevision(sender, revision));
  return {
    ...(isSent ? outcomeOf(decision, attempt?.failure) : { verdict: 'not-called', reason: 'webhook-not-called' }),
    senders,
    decision,
    asked,
    ...attempt,
    warnings: [...decision.warnings, ...(attempt?.warnings ?? [])],
  };
}

function outcomeOf(
  decision: Decision,
  failure: Failure | undefined,
): Pick<Evaluation, 'verdict' | 'reason' | 'detail'> {
  if (failure !== undefined) return { verdict: reasons[failure.reason].outcome, reason: failure.reason };
  return { verdict: reasons[decision.reason].outcome, reason: decision.reason, detail: decision.detail };
}

type Attempt = Pick<Evaluation, 'parameters' | 'injected' | 'failure' | 'warnings'>;

function tryInjection(world: World): Attempt {
  const { configuration, pod, path, cache, context } = world;
  const fromPath = readPathEnvironment(path);
  const { parameters, warnings } = webhookParameters(configuration, pod, fromPath.env);
  const before = [...fromPath.warnings, ...warnings];
  try {
    const injected = injectPod({ ...parameters, cache, context });
    return { parameters, injected, warnings: [...before, ...injected.warnings] };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return { parameters, failure: failureOf(error), warnings: before };
  }
}

/** As the injector answers them: what it does not know itself is an internal error, such as an exhausted stack. */
function failureOf(error: unknown): Failure {
  if (error instanceof InjectionError) return { reason: error.reason, message: error.message };
  const text = error instanceof Error ? error.message : String(error);
  return { reason: 'internal-error', message: `internal error: ${text}` };
}

function sendersOf({ webhooks, namespaceLabels, pod }: World): readonly InjectionWebhook[] | undefined {
  if (namespaceLabels === undefined) return undefined;
  return matchingWebhooks(webhooks, namespaceLabels, pod.metadata.labels ?? {});
}

/** The labels of a namespace with the one that Kubernetes itself adds. */
export function completeNamespaceLabels(name: string, labels: Labels): Labels {
  return { [routingLabels.namespaceName]: name, ...labels };
}
