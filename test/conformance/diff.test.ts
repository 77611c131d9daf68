/** The difference of two environments, held to the difference of the pods that Istio makes under both. */
import { expect, it } from 'vitest';
import {
  compareOutcomes,
  comparePod,
  outcomeOf,
  sideOf,
  type Change,
  type Outcome,
  type Result,
  type Side,
} from '../../src/comparison/index.ts';
import { corpusPods, differingPaths, podAfter, type CorpusPod } from '../support/corpus-pods.ts';
import { injectionCorpus, injectorOf } from '../support/injection-corpus.ts';
import { describeShared } from '../support/shared.ts';

const sides = new Map<string, Side>();

function side(environment: string, path: string): Side {
  const key = `${environment} ${path}`;
  let known = sides.get(key);
  if (known === undefined) {
    known = sideOf(injectorOf(environment).configuration, { path, isSent: true });
    sides.set(key, known);
  }
  return known;
}

const outcomes = new Map<string, Outcome>();

/** Each pod is injected once in an environment, and compared with all the others. */
function outcome({ id, pod, path }: CorpusPod, environment: string): Outcome {
  const key = `${id} ${path} ${environment}`;
  let known = outcomes.get(key);
  if (known === undefined) outcomes.set(key, (known = outcomeOf(side(environment, path), pod)));
  return known;
}

interface Pair {
  readonly pod: CorpusPod;
  readonly from: string;
  readonly to: string;
}

function expectedResult({ pod, from, to }: Pair): Result {
  const [before, after] = [pod.answers.get(from), pod.answers.get(to)];
  if (before?.allowed !== true) return after?.allowed === true ? 'newly-working' : 'failing';
  if (after?.allowed !== true) return 'newly-failing';
  if (before.injected === after.injected) {
    return differingPaths(before.pod, after.pod).length === 0 ? 'unchanged' : 'changed';
  }
  return before.injected === true ? 'lost' : 'gained';
}

/** Each difference of the expected pods is told by exactly one change, and each change tells one. */
function expectChanges(changes: readonly Change[], { pod, from, to }: Pair): void {
  const answers = [pod.answers.get(from), pod.answers.get(to)] as const;
  const [before, after] = answers.map((answer) => answer && podAfter(pod, answer));
  const expected = differingPaths(before, after);
  const told = changes.map((change) => ({ change, count: 0 }));
  for (const path of expected) {
    const steps = JSON.parse(path) as string[];
    const tellers = told.filter(({ change }) => tells(change, steps));
    expect(
      tellers.map(({ change }) => change.path),
      path,
    ).toHaveLength(1);
    for (const teller of tellers) teller.count++;
  }
  expect(told.filter(({ count }) => count === 0).map(({ change }) => change)).toEqual([]);
}

function tells({ steps, kind }: Change, path: readonly string[]): boolean {
  const isOrder = path.at(-1) === '#order';
  if (kind === 'order')
    return isOrder && path.length === steps.length + 1 && steps.every((step, i) => step === path[i]);
  return steps.length <= path.length && steps.every((step, i) => step === path[i]);
}

describeShared('diff of two environments', `${injectionCorpus}/environments`, () => {
  const pods = corpusPods();
  const pairs = pods.flatMap((pod) =>
    [...pod.answers.keys()].flatMap((from) => [...pod.answers.keys()].map((to): Pair => ({ pod, from, to }))),
  );
  const byEnvironment = new Map<string, Pair[]>();
  for (const pair of pairs) byEnvironment.set(pair.from, [...(byEnvironment.get(pair.from) ?? []), pair]);

  it.each([...byEnvironment])('from %s to others is the difference of the pods that Istio makes', (_from, list) => {
    for (const pair of list) {
      const { pod, from, to } = pair;
      const comparison = compareOutcomes(outcome(pod, from), outcome(pod, to));
      expect(comparison.result, `${pod.id}: ${from} → ${to}`).toBe(expectedResult(pair));
      if (comparison.from.kind !== 'refused' && comparison.to.kind !== 'refused')
        expectChanges(comparison.changes, pair);
    }
  });

  it('is none between an environment and itself', () => {
    for (const { pod, from } of pairs.filter((pair) => pair.from === pair.to)) {
      const { result, changes } = comparePod(pod.pod, side(from, pod.path), side(from, pod.path));
      expect([result === 'unchanged' || result === 'failing', changes], `${pod.id} in ${from}`).toEqual([true, []]);
    }
  });
});
