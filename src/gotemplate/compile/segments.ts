/** Compiles a template that was cut into segments, to be executed again where the data has changed. */
import type { Execution } from '../execute/state.ts';
import { truth } from '../execute/truth.ts';
import { unionOf, type Segment, type SegmentSlots } from '../segments/plan.ts';
import type { GoValue } from '../values.ts';
import { compilePipe } from './expressions.ts';
import { compileStatement, type StatementContext } from './statements.ts';
import { setVariable } from './variable.ts';

/** A variable that a segment set, by its slot in the frame. */
interface Setting {
  readonly slot: number;
  readonly value: GoValue;
  readonly boxed: boolean;
}

/** What a segment wrote, and the work it took. */
export interface Written {
  readonly text: string;
  readonly steps: number;
  /** What it and the segments in it set, in order. */
  readonly settings: readonly Setting[];
  /** Of segments with others in them: what those wrote; of a branch, whether its condition held. */
  readonly inner?: { readonly isTaken: boolean; readonly written: readonly Written[] };
}

/**
 * Executes a segment. `before`: what it wrote for earlier data, when that is known and may be reused where none of its slots is in
 * `changed`.
 */
export type RunSegment = (state: Execution, changed: readonly number[], before: Written | undefined) => Written;

/** A segment that is compiled, with the slots it depends on. */
interface Compiled {
  readonly slots: SegmentSlots;
  readonly run: RunSegment;
}

/** Segments that are looked at as one where nothing in them has changed. */
const GROUP_SIZE = 8;

export function compileSegments(context: StatementContext, segments: readonly Segment[]): RunSegment {
  const compiled = segments.map((segment) =>
    reusing(
      segment.slots,
      segment.kind === 'statement' ? compileLeaf(context, segment) : compileBranch(context, segment),
    ),
  );
  return inGroups(compiled).run;
}

/** Groups segments, and the groups again, until one is left. */
function inGroups(segments: readonly Compiled[]): Compiled {
  if (segments.length <= GROUP_SIZE) return group(segments);
  const groups: Compiled[] = [];
  for (let start = 0; start < segments.length; start += GROUP_SIZE)
    groups.push(group(segments.slice(start, start + GROUP_SIZE)));
  return inGroups(groups);
}

function group(segments: readonly Compiled[]): Compiled {
  const runs = segments.map(({ run }) => run);
  return reusing(unionOf(segments.map(({ slots }) => slots)), (state, changed, before) =>
    capture(state, () => ({ isTaken: true, written: runAll(runs, state, changed, before?.inner?.written) })),
  );
}

function runAll(
  runs: readonly RunSegment[],
  state: Execution,
  changed: readonly number[],
  before: readonly Written[] | undefined,
): readonly Written[] {
  return runs.map((run, index) => run(state, changed, before?.[index]));
}

function reusing(slots: SegmentSlots, run: RunSegment): Compiled {
  if (slots === undefined) return { slots, run };
  return {
    slots,
    run: (state, changed, before) => {
      if (before === undefined) return run(state, changed, before);
      for (const slot of changed) if (slots.has(slot)) return run(state, changed, before);
      state.step(before.steps);
      state.output += before.text;
      for (const { slot, value, boxed } of before.settings) setVariable(state, slot, value, boxed);
      return before;
    },
  };
}

type Leaf = Extract<Segment, { kind: 'statement' }>;
type Branch = Extract<Segment, { kind: 'branch' }>;

function compileLeaf(context: StatementContext, { node, sets }: Leaf): RunSegment {
  const run = compileStatement(context, node);
  const slots = sets.flatMap((name) => context.scope.lookup(name));
  return (state) => {
    const written = capture(state, () => void run(state));
    if (slots.length === 0) return written;
    const { values, boxed } = state.frame;
    return { ...written, settings: slots.map((slot) => ({ slot, value: values[slot], boxed: boxed[slot] ?? false })) };
  };
}

function compileBranch(context: StatementContext, { node, list, elseList }: Branch): RunSegment {
  const depth = context.scope.enter();
  const evaluate = compilePipe(context, node.pipe);
  const taken = compileSegments(context, list);
  context.scope.leave(depth);
  const otherwise = compileSegments(context, elseList);
  context.scope.leave(depth);
  return (state, changed, before) =>
    capture(state, () => {
      state.step();
      const isTaken = truth(evaluate(state));
      const known = before?.inner?.isTaken === isTaken ? before.inner.written[0] : undefined;
      return { isTaken, written: [(isTaken ? taken : otherwise)(state, changed, known)] };
    });
}

const noSettings: readonly Setting[] = [];

/** Runs a part of an execution and gives what it alone wrote. */
function capture(state: Execution, run: () => Written['inner']): Written {
  const { output, steps } = state;
  state.output = '';
  const inner = run();
  const text = state.output;
  state.output = output + text;
  return {
    text,
    steps: state.steps - steps,
    settings: inner === undefined ? noSettings : settingsOf(inner.written),
    inner,
  };
}

function settingsOf(written: readonly Written[]): readonly Setting[] {
  const all = written.filter(({ settings }) => settings.length > 0);
  const [only] = all;
  return all.length < 2 ? (only?.settings ?? noSettings) : all.flatMap(({ settings }) => settings);
}
