/**
 * Records, while a template is executed, which node wrote which part of the output and which data that depended on. The compiler puts
 * these wrappers around its closures only when it is given a recorder, so that other templates pay nothing.
 *
 * Every evaluation leaves the origin of its value in `#last`, as the value is what it returns. One recorder serves one execution at a time.
 */
import type { Execution, Frame } from '../execute/state.ts';
import { truth } from '../execute/truth.ts';
import type { BranchNode, Statement, TemplateNode } from '../parse/nodes.ts';
import { rawOf, type GoValue } from '../values.ts';
import { changesItsFirstArgument } from '../changing-functions.ts';
import { originOfCall, type RecordedArgument } from './call-origin.ts';
import {
  DataPath,
  joined,
  NO_PATHS,
  NOTHING,
  partOf,
  pathsOf,
  readsOf,
  union,
  withConditions,
  type DataPaths,
  type Origin,
} from './origin.ts';

/** A part of the output and what wrote it. */
export interface Written {
  /** Range of the output, in UTF-16 units; what wrote nothing has an empty one. */
  readonly start: number;
  readonly end: number;
  /** Start of the text or action in the source, in UTF-16 units. */
  readonly pos: number;
  /** `text` is copied from the source unit by unit; a `decision` is the head of an `if`, `with` or `range`. */
  readonly kind: 'text' | 'action' | 'decision';
  /** What the written text comes from. */
  readonly reads: DataPaths;
  /** What decided that it is written, and this rather than another text. */
  readonly conditions: DataPaths;
  /** Positions of the `{{template}}` actions that led here, outermost first. */
  readonly callers: readonly number[];
}

/** What the statements of a body see and what they give back when they end. */
interface Surroundings {
  dot: Origin;
  /** What `.` was when the template was called: its `$`. */
  root: Origin;
  /** Everything that decided that execution came here. */
  control: DataPaths;
  range: { readonly origin: Origin; index: number } | undefined;
  callers: readonly number[];
}

type Slots = readonly ((state: Execution) => number)[];
type Evaluate = (state: Execution) => GoValue;
type EvaluateCommand = (state: Execution, piped: GoValue) => GoValue;
type Iterate = (state: Execution, key: GoValue, element: GoValue, boxed: boolean) => boolean;
interface Argument<Node, Type> {
  readonly node: Node;
  readonly evaluate: (state: Execution, type: Type) => unknown;
}

export class Recorder {
  #last: Origin = NOTHING;
  #here: Surroundings = surroundingsOf(new DataPath());
  #arguments: RecordedArgument[] = [];
  #variables = new WeakMap<Frame, (Origin | undefined)[]>();
  #changed = new WeakMap<object, Origin>();
  #written: Written[] = [];

  /** Starts an execution. */
  begin(): void {
    this.#here = surroundingsOf(new DataPath());
    this.#arguments = [];
    this.#variables = new WeakMap();
    this.#changed = new WeakMap();
    this.#written = [];
  }

  /** What was written since {@link begin}, in the order of the output. */
  get written(): readonly Written[] {
    return this.#written;
  }

  constant(evaluate: Evaluate): Evaluate {
    return (state) => {
      this.#last = NOTHING;
      return evaluate(state);
    };
  }

  dot(evaluate: Evaluate): Evaluate {
    return (state) => {
      this.#last = this.#here.dot;
      return evaluate(state);
    };
  }

  variable(find: (state: Execution) => number, evaluate: Evaluate): Evaluate {
    return (state) => {
      const value = evaluate(state);
      const slot = find(state);
      const origin = this.#variables.get(state.frame)?.[slot];
      this.#last = this.#withChanges(origin ?? (slot === 0 ? this.#here.root : NOTHING), value);
      return value;
    };
  }

  /** A field chain; what it starts from has left its origin. */
  fields(names: readonly string[], evaluate: EvaluateCommand): EvaluateCommand {
    return (state, piped) => {
      const value = evaluate(state, piped);
      this.#last = this.#withChanges(partOf(this.#last, names), value);
      return value;
    };
  }

  argument<Node, Type>({ node, evaluate }: Argument<Node, Type>): Argument<Node, Type> {
    return {
      node,
      evaluate: (state, type) => {
        this.#last = NOTHING;
        const value = evaluate(state, type);
        this.#arguments.push({ value, origin: this.#last });
        return value;
      },
    };
  }

  call(name: string, hasPiped: boolean, evaluate: EvaluateCommand): EvaluateCommand {
    return (state, piped) => {
      const pipedArgument: RecordedArgument = { value: piped, origin: this.#last };
      const mark = this.#arguments.length;
      const value = evaluate(state, piped);
      const args = this.#arguments.splice(mark);
      if (hasPiped) args.push(pipedArgument);
      this.#last = originOfCall(name, args, value);
      const [first] = args;
      if (changesItsFirstArgument.has(name) && typeof first?.value === 'object' && first.value !== null) {
        const before = this.#changed.get(first.value) ?? NOTHING;
        this.#changed.set(first.value, withConditions(joined([before, this.#last]), this.#here.control));
      }
      return value;
    };
  }

  declare(find: (state: Execution) => number, set: (state: Execution, value: GoValue) => void, isAssign: boolean) {
    return (state: Execution, value: GoValue): void => {
      set(state, value);
      this.#set(state, find(state), isAssign ? withConditions(this.#last, this.#here.control) : this.#last);
    };
  }

  /** The expression at the head of a control structure or template call. */
  head(node: BranchNode | TemplateNode, evaluate: Evaluate): Evaluate {
    return (state) => {
      this.#last = NOTHING;
      const value = evaluate(state);
      const origin = this.#last;
      const here = this.#here;
      if (node.kind === 'template') {
        this.#here = { ...here, dot: origin, root: origin, callers: [...here.callers, node.pos] };
        return value;
      }
      const paths = pathsOf(origin);
      const at = state.output.length;
      const conditions = union(paths, here.control);
      const { callers } = here;
      this.#written.push({ start: at, end: at, pos: node.pos, kind: 'decision', reads: NO_PATHS, conditions, callers });
      this.#here = {
        ...here,
        control: conditions,
        range: node.kind === 'range' ? { origin, index: 0 } : here.range,
        dot: node.kind === 'with' && truth(value) ? origin : here.dot,
      };
      return value;
    };
  }

  /** One round of a range; `key` and `element` find the slots of its variables. */
  iteration(key: Slots[number] | undefined, element: Slots[number] | undefined, iterate: Iterate): Iterate {
    return (state, keyValue, elementValue, boxed) => {
      const { range } = this.#here;
      const name = rawOf(keyValue);
      const origin = range?.origin ?? NOTHING;
      const item = partOf(origin, [typeof name === 'string' ? name : String(range?.index ?? 0)]);
      if (range !== undefined) range.index++;
      // A key says which entry it is; what is written there does not come into it.
      if (key !== undefined) this.#set(state, key(state), { reads: NO_PATHS, conditions: pathsOf(item) });
      if (element !== undefined) this.#set(state, element(state), item);
      const outer = this.#here;
      this.#here = { ...outer, dot: item };
      const goesOn = iterate(state, keyValue, elementValue, boxed);
      this.#here = outer;
      return goesOn;
    };
  }

  /** A statement. `assigned`: variables from outside that it may assign, and which thus depend on what it asked even if it does not. */
  statement<T>(node: Statement, run: (state: Execution) => T, assigned: Slots): (state: Execution) => T {
    if (node.kind === 'text') return this.#writer(node, run);
    if (node.kind === 'action') return node.pipe.decl.length > 0 ? run : this.#writer(node, run);
    return (state) => {
      const outer = this.#here;
      const first = this.#written.length;
      const result = run(state);
      this.#here = outer;
      if (assigned.length > 0) {
        const asked = union(...this.#written.slice(first).map(({ conditions }) => conditions));
        for (const find of assigned) this.#addConditions(state, find(state), asked);
      }
      return result;
    };
  }

  #writer<T>({ kind, pos }: Statement, run: (state: Execution) => T): (state: Execution) => T {
    return (state) => {
      const start = state.output.length;
      this.#last = NOTHING;
      const result = run(state);
      const { control, callers } = this.#here;
      const origin = this.#last;
      this.#written.push({
        start,
        end: state.output.length,
        pos,
        kind: kind === 'text' ? 'text' : 'action',
        reads: readsOf(origin),
        conditions: union(origin.conditions, control),
        callers,
      });
      return result;
    };
  }

  #set(state: Execution, slot: number, origin: Origin): void {
    let origins = this.#variables.get(state.frame);
    if (origins === undefined) this.#variables.set(state.frame, (origins = []));
    origins[slot] = origin;
  }

  #addConditions(state: Execution, slot: number, paths: DataPaths): void {
    const known = this.#variables.get(state.frame)?.[slot] ?? NOTHING;
    this.#set(state, slot, withConditions(known, paths));
  }

  #withChanges(origin: Origin, value: GoValue): Origin {
    const raw = rawOf(value);
    const change = typeof raw === 'object' && raw !== null ? this.#changed.get(raw) : undefined;
    if (change === undefined) return origin;
    return {
      ...origin,
      reads: union(origin.reads, readsOf(change)),
      conditions: union(origin.conditions, change.conditions),
    };
  }
}

function surroundingsOf(data: DataPath): Surroundings {
  const dot: Origin = { at: data, reads: NO_PATHS, conditions: NO_PATHS };
  return { dot, root: dot, control: NO_PATHS, range: undefined, callers: [] };
}
