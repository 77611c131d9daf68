/** The report of `diff` as data: what `-o json` writes. */
import {
  ChangeSources,
  results,
  type ChangeSource,
  type ExampleGroup,
  type Group,
  type Groups,
  type Member,
  type Result,
  type ShownChange,
  type Side,
} from '../comparison/index.ts';
import type { ConfigurationSet } from '../configuration/index.ts';

/** A change, and with `--detail` where the values come from. */
export interface ReportedChange extends ShownChange {
  readonly fromSource?: ChangeSource;
  readonly toSource?: ChangeSource;
}

export interface ReportedGroup extends Omit<Group, 'changes'> {
  /** Pods. */
  readonly count: number;
  readonly changes: readonly ReportedChange[];
}

/** What `outrigger diff -o json` writes. */
export interface DiffReport {
  readonly version: 1;
  readonly from: SetName;
  readonly to: SetName;
  /** Pods that were compared: one of each workload. */
  readonly pods: number;
  readonly results: Readonly<Record<Result, number>>;
  /** The worst first, then the largest. */
  readonly groups: readonly ReportedGroup[];
  readonly unreadable: readonly (Member & { readonly problem: string })[];
  readonly notes: readonly string[];
}

interface SetName {
  readonly name: string;
  readonly revision: string;
}

interface Material {
  readonly from: ConfigurationSet;
  readonly to: ConfigurationSet;
  readonly sides: { readonly from: Side; readonly to: Side };
  readonly groups: Groups;
  readonly pods: number;
  readonly unreadable: DiffReport['unreadable'];
  readonly notes: readonly string[];
  readonly detail: boolean;
}

/** Groups whose fields are traced to templates; each costs two injections that are watched. */
const mostTraced = 100;

const order = Object.keys(results) as Result[];

export function reportOf({ from, to, sides, groups, pods, unreadable, notes, detail }: Material): DiffReport {
  const sorted = [...groups.groups].sort(
    (a, b) => order.indexOf(a.result) - order.indexOf(b.result) || b.members.length - a.members.length,
  );
  return {
    version: 1,
    from: { name: from.name, revision: from.revision },
    to: { name: to.name, revision: to.revision },
    pods,
    results: Object.fromEntries(order.map((result) => [result, groups.count(result)])) as DiffReport['results'],
    groups: sorted.map((group, index) => reportedGroup(group, detail && index < mostTraced ? sides : undefined)),
    unreadable,
    notes,
  };
}

function reportedGroup({ example, ...group }: ExampleGroup, sides: Material['sides'] | undefined): ReportedGroup {
  const traced = sides === undefined || group.changes.length === 0 ? group.changes : trace(group, example, sides);
  return { ...group, count: group.members.length, changes: traced };
}

function trace(
  { changes }: Group,
  example: ExampleGroup['example'],
  sides: Material['sides'],
): readonly ReportedChange[] {
  const [before, after] = [new ChangeSources(example, sides.from), new ChangeSources(example, sides.to)];
  return changes.map((change) => {
    const fromSource = change.kind === 'added' ? undefined : before.of(change.path);
    const toSource = change.kind === 'removed' ? undefined : after.of(change.path);
    return { ...change, ...(fromSource && { fromSource }), ...(toSource && { toSource }) };
  });
}
