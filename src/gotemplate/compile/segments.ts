/** Compiles a template that was cut into segments, to be executed again where the data has changed. */
import type { Execution } from '../execute/state.ts';
import { truth } from '../execute/truth.ts';
import type { Segment, SegmentSlots } from '../segments/plan.ts';
import type { GoValue } from '../values.ts';
import { compilePipe } from './expressions.ts';
import { compileStatement, type StatementContext } from './statements.ts';
import { setVariable } from './variable.ts';

/** What a segment wrote, and the work it took. */
export interface Written {
  readonly text: string;
  readonly steps: number;
  /** The variables that it set, with the slots of their frame. */
  readonly variables?: readonly { readonly slot: number; readonly value: GoValue; readonly boxed: boolean }[];
  /** Of a branch: whether its condition held, and what the segments of the list that was taken wrote. */
  readonly branch?: { readonly isTaken: boolean; readonly written: readonly Written[] };
}

/** Executes a segment. `before`: what it wrote for earlier data, when that is known and may be reused. */
export type RunSegment = (state: Execution, isNew: readonly boolean[], before: Written | undefined) => Written;

export function compileSegments(context: StatementContext, segments: readonly Segment[]): readonly RunSegment[] {
  return segments.map((segment) => {
    const run = segment.kind === 'statement' ? compileLeaf(context, segment) : compileBranch(context, segment);
    return reusing(segment.slots, run);
  });
}

/** Executes segments one after the other. */
export function runSegments(
  runs: readonly RunSegment[],
  state: Execution,
  isNew: readonly boolean[],
  before: readonly Written[] | undefined,
): readonly Written[] {
  return runs.map((run, index) => run(state, isNew, before?.[index]));
}

function reusing(slots: SegmentSlots, run: RunSegment): RunSegment {
  if (slots === undefined) return run;
  const own = [...slots];
  return (state, isNew, before) => {
    if (before === undefined || own.some((slot) => isNew[slot])) return run(state, isNew, before);
    state.step(before.steps);
    state.output += before.text;
    restoreVariables(state, before);
    return before;
  };
}

function restoreVariables(state: Execution, { variables, branch }: Written): void {
  for (const { slot, value, boxed } of variables ?? []) setVariable(state, slot, value, boxed);
  for (const inner of branch?.written ?? []) restoreVariables(state, inner);
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
    return { ...written, variables: slots.map((slot) => ({ slot, value: values[slot], boxed: boxed[slot] ?? false })) };
  };
}

function compileBranch(context: StatementContext, { node, list, elseList }: Branch): RunSegment {
  const depth = context.scope.enter();
  const evaluate = compilePipe(context, node.pipe);
  const taken = compileSegments(context, list);
  context.scope.leave(depth);
  const otherwise = compileSegments(context, elseList);
  context.scope.leave(depth);
  return (state, isNew, before) => {
    let branch: Written['branch'];
    const written = capture(state, () => {
      state.step();
      const isTaken = truth(evaluate(state));
      const known = before?.branch?.isTaken === isTaken ? before.branch.written : undefined;
      branch = { isTaken, written: runSegments(isTaken ? taken : otherwise, state, isNew, known) };
    });
    return branch === undefined ? written : { ...written, branch };
  };
}

/** Runs a part of an execution and gives what it alone wrote. */
function capture(state: Execution, run: () => void): Written {
  const { output, steps } = state;
  state.output = '';
  run();
  const text = state.output;
  state.output = output + text;
  return { text, steps: state.steps - steps };
}
