/** What a change of the configuration does to one pod. */
import type { Pod } from '../kubernetes/index.ts';
import { comparePods, type Change } from './change.ts';
import { outcomeOf, type Outcome, type Side } from './outcome.ts';

/** What can happen to a pod, the worst first. */
export const results = {
  'newly-failing': 'refused from now on',
  lost: 'no longer injected',
  gained: 'injected from now on',
  changed: 'injected differently',
  'newly-working': 'refused until now',
  failing: 'refused before and after',
  unchanged: 'the same before and after',
} as const;

export type Result = keyof typeof results;

/** A pod under both configurations. */
export interface PodComparison {
  readonly result: Result;
  readonly from: Outcome;
  readonly to: Outcome;
  /** From the pod as it is now to the pod as it will be; none where there is none on one side. */
  readonly changes: readonly Change[];
}

/** Compares what two configurations make of a pod. Never throws. */
export function comparePod(pod: Pod, from: Side, to: Side): PodComparison {
  return compareOutcomes(outcomeOf(from, pod), outcomeOf(to, pod));
}

/** Compares what became of one pod under two configurations. */
export function compareOutcomes(before: Outcome, after: Outcome): PodComparison {
  if (before.kind === 'refused' || after.kind === 'refused') {
    const result = before.kind !== 'refused' ? 'newly-failing' : after.kind === 'refused' ? 'failing' : 'newly-working';
    return { result, from: before, to: after, changes: [] };
  }
  const changes = comparePods(before.pod, after.pod);
  return { result: resultOf(before, after, changes), from: before, to: after, changes };
}

function resultOf(before: Outcome, after: Outcome, changes: readonly Change[]): Result {
  if (before.kind === after.kind) return changes.length === 0 ? 'unchanged' : 'changed';
  return before.kind === 'injected' ? 'lost' : 'gained';
}

/** Whether a result is a change that people want to know of. */
export function isChange(result: Result): boolean {
  return result !== 'unchanged' && result !== 'failing';
}
