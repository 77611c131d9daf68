/** Pods for which a change of the configuration means the same, put together as they come by. */
import type { Pod } from '../kubernetes/index.ts';
import type { PodComparison, Result } from './compare-outcomes.ts';
import type { ShownChange } from './shown-change.ts';
import { messageShowerOf, showerOf } from './shown-change.ts';

/** Whose pod it is. */
export interface Member {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Why a pod is injected, left alone or refused. */
export interface Verdict {
  readonly reason: string;
  /** Of a refusal. */
  readonly message?: string;
}

/** Pods with the same result and the same changes. */
export interface Group {
  readonly result: Exclude<Result, 'unchanged'>;
  /** Those of changed pods; of pods that are gained or lost, the verdicts say it all. */
  readonly changes: readonly ShownChange[];
  /** Whether the values of the changes differ from pod to pod: there were too many groups to keep them apart. */
  readonly valuesDiffer: boolean;
  readonly from: Verdict;
  readonly to: Verdict;
  readonly members: readonly Member[];
}

/** Groups with values of their own; further ones are told apart by their paths alone, so that memory is bounded. */
const mostGroups = 1000;

interface GrowingGroup extends Group {
  readonly members: Member[];
  /** The first pod of the group, of which provenance can be asked. */
  readonly example: Pod;
}

/** A group while it is known which pod it began with. */
export type ExampleGroup = Group & { readonly example: Pod };

/** Collects comparisons; keeps names of pods and one pod of each group. */
export class Groups {
  readonly #isPublic: (word: string) => boolean;
  readonly #groups = new Map<string, GrowingGroup>();
  readonly #counts = new Map<Result, number>();

  constructor(isPublic: (word: string) => boolean) {
    this.#isPublic = isPublic;
  }

  add(member: Member, pod: Pod, comparison: PodComparison): void {
    const { result } = comparison;
    this.#counts.set(result, (this.#counts.get(result) ?? 0) + 1);
    if (result === 'unchanged') return;
    const shown = this.#shown(pod, comparison, result);
    let key = JSON.stringify([result, shown.from, shown.to, shown.changes]);
    let group = this.#groups.get(key);
    if (group === undefined && this.#groups.size >= mostGroups) {
      key = JSON.stringify([result, shown.from.reason, shown.to.reason, shown.changes.map(({ path }) => path)]);
      group = this.#groups.get(key);
      shown.valuesDiffer = true;
    }
    if (group === undefined) this.#groups.set(key, (group = { ...shown, members: [], example: pod }));
    group.members.push(member);
  }

  /** Pods by result. */
  count(result: Result): number {
    return this.#counts.get(result) ?? 0;
  }

  get groups(): readonly ExampleGroup[] {
    return [...this.#groups.values()];
  }

  #shown(pod: Pod, { from, to, changes }: PodComparison, result: Exclude<Result, 'unchanged'>) {
    const about = { pod, outcomes: [from, to], isPublic: this.#isPublic };
    const text = messageShowerOf(about);
    const verdict = (outcome: typeof from): Verdict => ({
      reason: outcome.reason,
      ...(outcome.kind === 'refused' && { message: text(outcome.message) }),
    });
    return {
      result,
      changes: result === 'changed' ? changes.map(showerOf(about)) : [],
      valuesDiffer: false,
      from: verdict(from),
      to: verdict(to),
    };
  }
}
