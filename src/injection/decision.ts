/** Whether a pod is injected: the rules behind the webhook's selectors, in Istio's order. */
import type { InjectionPolicy, LabelRule } from '../configuration/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { lookup, type StringMap } from './maps.ts';
import { annotation, label } from './names.ts';
import type { DecisionReason } from './reasons.ts';

/** Namespaces whose pods are left alone. `istio-system` is not one of them. */
export const ignoredNamespaces: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
]);

/** The answer to "is this pod injected", and why. */
export interface Decision {
  readonly inject: boolean;
  readonly reason: DecisionReason;
  /** What the rule saw: the namespace, the selector that matched, the policy. */
  readonly detail?: string;
  /** Lines for the log: settings that were not understood and therefore not followed. */
  readonly warnings: readonly string[];
}

/** The rules of the decision, in the order in which they are asked. */
export const decisionRules = [
  'host-network',
  'ignored-namespace',
  'inject-label',
  'inject-annotation',
  'never-inject-selectors',
  'always-inject-selectors',
  'policy',
] as const;

/** Id of a rule; part of the interface of traces. */
export type DecisionRule = (typeof decisionRules)[number];

/** What a rule says: to inject, to skip, or nothing, so that the next one is asked. */
export type RuleAnswer = 'inject' | 'skip' | 'no-answer';

/** Is told of each rule that was asked. */
export type DecisionRecorder = (rule: DecisionRule, answer: RuleAnswer, detail?: string) => void;

/** A wish found on the pod or in the selectors; `undefined` is "as the policy says". */
interface Wish {
  readonly inject: boolean;
  readonly reason: DecisionReason;
  readonly detail?: string;
}

const noRecorder: DecisionRecorder = () => undefined;

/** Decides about a pod whose namespace is filled in. */
export function decide(pod: Pod, policy: InjectionPolicy, record: DecisionRecorder = noRecorder): Decision {
  const namespace = pod.metadata.namespace ?? '';
  const hostNetwork = pod.spec.hostNetwork === true;
  record('host-network', hostNetwork ? 'skip' : 'no-answer');
  if (hostNetwork) return { inject: false, reason: 'host-network', warnings: [] };
  const ignored = ignoredNamespaces.has(namespace);
  record('ignored-namespace', ignored ? 'skip' : 'no-answer', namespace);
  if (ignored) return { inject: false, reason: 'ignored-namespace', detail: namespace, warnings: [] };
  const warnings: string[] = [];
  const wish = wishOfPod(pod, warnings, record) ?? wishOfSelectors(pod, policy, warnings, record);
  const result = applyPolicy(policy, wish, warnings);
  record('policy', result.inject ? 'inject' : 'skip', policy.policy);
  return { ...result, warnings };
}

/** The pod's own switch. The label hides the annotation even when it is empty; what is not `true` or `false` is no wish. */
function wishOfPod({ metadata }: Pod, warnings: string[], record: DecisionRecorder): Wish | undefined {
  const byLabel = lookup(metadata.labels, label.inject);
  if (byLabel === undefined) record('inject-label', 'no-answer');
  const value = byLabel ?? lookup(metadata.annotations, annotation.inject) ?? '';
  const source = byLabel === undefined ? 'annotation' : 'label';
  record(`inject-${source}`, value === 'true' ? 'inject' : value === 'false' ? 'skip' : 'no-answer', value);
  if (value === 'true') return { inject: true, reason: `wanted-by-${source}` };
  if (value === 'false') return { inject: false, reason: `refused-by-${source}` };
  if (value !== '') {
    warnings.push(
      `Invalid value for sidecar.istio.io/inject: ${JSON.stringify(value)}. Only 'true' and 'false' are accepted. ` +
        'Falling back to default injection policy.',
    );
  }
  return undefined;
}

function wishOfSelectors(
  { metadata: { labels } }: Pod,
  policy: InjectionPolicy,
  warnings: string[],
  record: DecisionRecorder,
): Wish | undefined {
  const never = firstMatch(policy.neverInject, labels, 'NeverInjectSelector', warnings);
  record('never-inject-selectors', never === undefined ? 'no-answer' : 'skip', never?.text);
  if (never !== undefined) return { inject: false, reason: 'never-inject-selector', detail: never.text };
  const always = firstMatch(policy.alwaysInject, labels, 'AlwaysInjectSelector', warnings);
  record('always-inject-selectors', always === undefined ? 'no-answer' : 'inject', always?.text);
  if (always !== undefined) return { inject: true, reason: 'always-inject-selector', detail: always.text };
  return undefined;
}

function firstMatch(
  rules: readonly LabelRule[],
  labels: StringMap,
  name: string,
  warnings: string[],
): LabelRule | undefined {
  for (const rule of rules) {
    if (rule.problem !== undefined) warnings.push(`Invalid selector for ${name}: ${rule.text} (${rule.problem})`);
    else if (rule.matches(labels ?? {})) return rule;
  }
  return undefined;
}

function applyPolicy({ policy }: InjectionPolicy, wish: Wish | undefined, warnings: string[]): Wish {
  switch (policy) {
    case 'enabled':
      return wish ?? { inject: true, reason: 'policy-enabled' };
    case 'disabled':
      return wish ?? { inject: false, reason: 'policy-disabled' };
    default:
      warnings.push(
        `Illegal value for autoInject:${policy}, must be one of [disabled,enabled]. Auto injection disabled!`,
      );
      return { inject: false, reason: 'policy-invalid', detail: policy };
  }
}
