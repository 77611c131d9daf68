/** The smallest change that flips a result: a search for the cheapest of the known repairs, each of them tried. */
import { label } from '../injection/index.ts';
import { applyChange, describeChanges } from './changes.ts';
import { evaluate, type Evaluation, type World } from './evaluate.ts';
import type { Change, Flip, Subject } from './explanation.ts';
import { repairsOf } from './repairs.ts';
import { routingLabels } from './webhooks.ts';

/** Evaluations that a search may take; the longest search of the corpus takes about 30. */
const searchLimit = 100;

/** What a change costs beside its count: of as many changes, those that concern only this pod come first. */
const extraCost: Readonly<Record<Change['target'], number>> = {
  'pod-label': 0,
  'pod-annotation': 0.01,
  'pod-field': 0.02,
  'pod-container': 0.03,
  'namespace-label': 0.1,
  namespace: 0.2,
  configuration: 0.5,
};

/** Of labels that do the same, those that name no revision come first: they keep their meaning after an upgrade. */
const revisionCost = 0.005;

function costOf({ target, name }: Change): number {
  return 1 + extraCost[target] + (name === routingLabels.revision ? revisionCost : 0);
}

interface Candidate {
  readonly world: World;
  readonly changes: readonly Change[];
  readonly cost: number;
}

/**
 * Finds the smallest change that gets a pod injected that is not, or keeps one out that is. What is returned was applied and evaluated.
 * @returns `undefined` when nothing was found
 */
export function findFlip(world: World, evaluation: Evaluation, subject: Subject): Flip | undefined {
  if (evaluation.verdict === 'injected') return refuse(world, subject);
  const queue: Candidate[] = [];
  propose(queue, { world, changes: [], cost: 0 }, evaluation);
  for (let tries = 0; tries < searchLimit; tries++) {
    const candidate = queue.shift();
    if (candidate === undefined) return undefined;
    const result = evaluate(candidate.world);
    if (result.verdict === 'injected') return flipOf(candidate.changes, result, subject);
    propose(queue, candidate, result);
  }
  return undefined;
}

/** Adds what may help, the cheapest first; of equal cost, what was proposed first. */
function propose(queue: Candidate[], from: Candidate, evaluation: Evaluation): void {
  for (const repair of repairsOf(from.world, evaluation)) {
    // A second change of the same thing would only take the first one back.
    const isNew = repair.every(({ target, name }) =>
      from.changes.every((change) => change.target !== target || change.name !== name),
    );
    if (!isNew || repair.length === 0) continue;
    const cost = repair.reduce((sum, change) => sum + costOf(change), from.cost);
    const world = repair.reduce(applyChange, from.world);
    const index = queue.findIndex((other) => other.cost > cost);
    queue.splice(index < 0 ? queue.length : index, 0, { world, changes: [...from.changes, ...repair], cost });
  }
}

function refuse(world: World, subject: Subject): Flip | undefined {
  const change: Change = { target: 'pod-label', name: label.inject, value: 'false' };
  const result = evaluate(applyChange(world, change));
  return result.verdict === 'injected' ? undefined : flipOf([change], result, subject);
}

function flipOf(changes: readonly Change[], { verdict, reason }: Evaluation, subject: Subject): Flip {
  return { text: describeChanges(changes, subject), changes, verdict, reason };
}
