import type { LabelRule } from '../configuration/index.ts';
import { annotation, label, type DecisionRule } from '../injection/index.ts';
import type { LabelSelector } from '../kubernetes/index.ts';
import type { AskedRule, Evaluation, World } from './evaluate.ts';
import type { Input, StepOutcome } from './explanation.ts';
import { lookup } from './lookup.ts';
import type { Draft } from './steps.ts';
import { keysOf } from './webhooks.ts';

const outcomes = { inject: 'inject', skip: 'skip', 'no-answer': 'passed' } as const;

/** One step for each rule of the decision that was asked. */
export function decisionSteps(world: World, { asked, decision }: Evaluation): Draft[] {
  return asked.map((rule) => {
    const outcome = outcomes[rule.answer];
    const inputs = inputsOf[rule.rule](world);
    const isGranting = rule.rule === 'policy' && decision.reason !== 'policy-enabled' && decision.inject;
    // The wish of an earlier rule is what counts; the policy only does not stand in its way.
    if (isGranting)
      return { rule: rule.rule, outcome: 'passed', inputs, text: `The policy ${rule.detail ?? ''} allows it.` };
    return { rule: rule.rule, outcome, inputs, text: textOf(rule, outcome, world) };
  });
}

const inputsOf: Readonly<Record<DecisionRule, (world: World) => Input[]>> = {
  'host-network': ({ pod }) => [
    { source: 'pod field', name: 'spec.hostNetwork', value: pod.spec.hostNetwork === true ? 'true' : null },
  ],
  'ignored-namespace': ({ pod }) => [
    { source: 'pod field', name: 'metadata.namespace', value: pod.metadata.namespace ?? null },
  ],
  'inject-label': ({ pod }) => [
    { source: 'pod label', name: label.inject, value: lookup(pod.metadata.labels, label.inject) ?? null },
  ],
  'inject-annotation': ({ pod }) => [
    {
      source: 'pod annotation',
      name: annotation.inject,
      value: lookup(pod.metadata.annotations, annotation.inject) ?? null,
    },
  ],
  'never-inject-selectors': (world) => selectorInputs(world, world.configuration.injection.neverInject),
  'always-inject-selectors': (world) => selectorInputs(world, world.configuration.injection.alwaysInject),
  policy: ({ configuration }) => [{ source: 'configuration', name: 'policy', value: configuration.injection.policy }],
};

/** The labels of the pod that the selectors look at. */
function selectorInputs({ pod }: World, selectors: readonly LabelRule[]): Input[] {
  const keys = keysOf(selectors.map(({ text }) => JSON.parse(text) as LabelSelector));
  return keys.map((name) => ({ source: 'pod label', name, value: lookup(pod.metadata.labels, name) ?? null }));
}

function textOf({ rule, detail = '' }: AskedRule, outcome: StepOutcome, { configuration }: World): string {
  const { neverInject, alwaysInject, policy } = configuration.injection;
  switch (rule) {
    case 'host-network':
      return outcome === 'skip'
        ? 'The pod uses the host network, whose traffic a sidecar cannot capture.'
        : 'The pod has a network of its own.';
    case 'ignored-namespace':
      return outcome === 'skip'
        ? `Pods of the namespace ${detail} are never injected.`
        : 'The namespace is none of the system namespaces.';
    case 'inject-label':
      return switchText('label', outcome, detail);
    case 'inject-annotation':
      return switchText('annotation', outcome, detail);
    case 'never-inject-selectors':
      return selectorText('neverInjectSelector', neverInject.length, outcome, detail);
    case 'always-inject-selectors':
      return selectorText('alwaysInjectSelector', alwaysInject.length, outcome, detail);
    case 'policy':
      return policyText(policy, outcome);
  }
}

function switchText(kind: 'label' | 'annotation', outcome: StepOutcome, value: string): string {
  if (outcome === 'inject') return `The ${kind} asks for injection.`;
  if (outcome === 'skip') return `The ${kind} refuses injection.`;
  if (value === '') return `The ${kind} is absent or empty and says nothing.`;
  return `The ${kind} is neither "true" nor "false" and says nothing.`;
}

function selectorText(name: string, count: number, outcome: StepOutcome, detail: string): string {
  if (outcome !== 'passed') return `The labels match the ${name} ${detail}.`;
  return count === 0 ? `There is no ${name}.` : `None of ${String(count)} ${name} entries matches.`;
}

function policyText(policy: string, outcome: StepOutcome): string {
  if (outcome === 'inject') return 'The policy is enabled: pods that say nothing are injected.';
  if (policy === 'disabled') return 'The policy is disabled: only pods that ask are injected.';
  if (policy === 'enabled') return 'The policy is enabled, but the pod is refused above.';
  return `The policy ${JSON.stringify(policy)} is neither "enabled" nor "disabled": nothing is injected.`;
}
