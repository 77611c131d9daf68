/** Turns what the injector's functions said into the steps of a trace. */
import { reasons } from '../injection/index.ts';
import type { Evaluation, World } from './evaluate.ts';
import type { Step } from './explanation.ts';
import { decisionSteps } from './decision-steps.ts';
import { injectionSteps } from './injection-steps.ts';
import { decisiveRules, referenceOf } from './rules.ts';
import { webhookStep } from './webhook-step.ts';

/** A step before it is known whether it is the decisive one. */
export type Draft = Omit<Step, 'decisive' | 'reference'>;

/** All steps, in the order in which the rules were asked. */
export function stepsOf(world: World, evaluation: Evaluation): readonly Step[] {
  const drafts = [
    webhookStep(world, evaluation),
    ...decisionSteps(world, evaluation),
    ...injectionSteps(world, evaluation),
    resultStep(evaluation),
  ];
  return finish(drafts, decisiveRules[evaluation.reason]);
}

/** Marks the decisive step and adds the references. */
export function finish(drafts: readonly Draft[], decisive: Step['rule']): readonly Step[] {
  return drafts.map((draft) => ({
    ...draft,
    decisive: draft.rule === decisive,
    reference: referenceOf(draft.rule),
  }));
}

const outcomes = { injected: 'inject', skipped: 'skip', denied: 'deny', 'not-called': 'skip' } as const;

function resultStep({ verdict, reason, failure, injected }: Evaluation): Draft {
  const outcome = outcomes[verdict];
  if (verdict === 'not-called')
    return { rule: 'result', outcome, inputs: [], text: 'The pod is created as it is; the injector never sees it.' };
  if (verdict === 'injected')
    return { rule: 'result', outcome, inputs: [], text: `The pod is injected with ${listOf(injected?.templates)}.` };
  const text =
    verdict === 'denied' && reason === failure?.reason
      ? `The pod is refused: ${reasons[failure.reason].sentence}`
      : 'The pod is created as it is.';
  return { rule: 'result', outcome, inputs: [], text };
}

/** `template a`, `templates a, b`. */
function listOf(templates: readonly string[] = []): string {
  return `${templates.length === 1 ? 'template' : 'templates'} ${templates.join(', ')}`;
}
