/** Compiles lists, actions and control structures to closures (the `walk…` functions of text/template). */
import { quote } from '../../go/quote.ts';
import { compareStrings } from '../../go/utf8.ts';
import { isPrintable, printable } from '../execute/printable.ts';
import type { Execution } from '../execute/state.ts';
import { truth } from '../execute/truth.ts';
import { sprint1 } from '../format/print.ts';
import { MAX_CALL_DEPTH } from '../limits.ts';
import {
  show,
  type ActionNode,
  type BranchNode,
  type ListNode,
  type Statement,
  type TemplateNode,
} from '../parse/nodes.ts';
import { INTERFACE, isInteger, LIST } from '../types.ts';
import { indirect, int, mapViewOf, Typed, typeName, typeOf, valueOf, type GoValue, type MapView } from '../values.ts';
import { compilePipe, type Evaluate, type ExpressionContext } from './expressions.ts';
import { setVariable, slotFinder } from './variable.ts';

/** What to do after a statement. */
export type Flow = 'next' | 'break' | 'continue';
export type Run = (state: Execution) => Flow;

/** The compiled body of one named template. */
export interface Body {
  readonly run: Run;
  /** How deep its lists nest, the measure of MAX_CALL_DEPTH. */
  readonly nesting: number;
}

export interface StatementContext extends ExpressionContext {
  /** All templates of the set; complete only when everything is compiled. */
  readonly bodies: ReadonlyMap<string, Body>;
}

export function compileList(context: StatementContext, list: ListNode): Run {
  const runs = list.nodes.map((node) => compileStatement(context, node));
  return (state) => {
    for (const run of runs) {
      const flow = run(state);
      if (flow !== 'next') return flow;
    }
    return 'next';
  };
}

export function compileStatement(context: StatementContext, node: Statement): Run {
  const { recorder } = context;
  if (recorder === undefined) return compileBareStatement(context, node);
  const assigned = assignedVariables(context, node);
  return recorder.statement(node, compileBareStatement(context, node), assigned);
}

function compileBareStatement(context: StatementContext, node: Statement): Run {
  switch (node.kind) {
    case 'text':
      return (state) => {
        state.write(node.text, node);
        return 'next';
      };
    case 'action':
      return compileAction(context, node);
    case 'break':
    case 'continue':
      return () => node.kind;
    case 'if':
    case 'with':
    case 'range':
      return compileScoped(context, node);
    case 'template':
      return compileTemplateCall(context, node);
  }
}

function compileAction(context: StatementContext, node: ActionNode): Run {
  const evaluate = compilePipe(context, node.pipe);
  if (node.pipe.decl.length > 0) {
    return (state) => {
      state.step();
      evaluate(state);
      return 'next';
    };
  }
  return (state) => {
    state.step();
    const value = evaluate(state);
    state.node = node;
    if (typeof value === 'string') state.write(value, node);
    else if (isPrintable(value)) state.write(sprint1(printable(value)), node);
    else state.fail(`can't print ${show(node)} of type ${typeName(value)}`);
    return 'next';
  };
}

/** Variables declared in a control structure, its head included, end with it. */
function compileScoped(context: StatementContext, node: BranchNode): Run {
  const depth = context.scope.enter();
  const run = node.kind === 'range' ? compileRange(context, node) : compileCondition(context, node);
  context.scope.leave(depth);
  return run;
}

function compileHead({ recorder }: StatementContext, node: BranchNode | TemplateNode, evaluate: Evaluate): Evaluate {
  return recorder?.head(node, evaluate) ?? evaluate;
}

/** Finds the variables from outside of a control structure that something in it may assign. */
function assignedVariables({ scope }: StatementContext, node: Statement): ((state: Execution) => number)[] {
  const names = new Set<string>();
  const collect = (statement: Statement): void => {
    if ('pipe' in statement && statement.pipe?.isAssign === true)
      for (const { name } of statement.pipe.decl) names.add(name);
    if (!('list' in statement)) return;
    statement.list.nodes.forEach(collect);
    statement.elseList?.nodes.forEach(collect);
  };
  if ('list' in node) collect(node);
  return [...names].flatMap((name) => {
    const slots = scope.lookup(name);
    return slots.length === 0 ? [] : [slotFinder(slots, name)];
  });
}

function compileElse(context: StatementContext, { elseList }: BranchNode): Run {
  return elseList === undefined ? () => 'next' : compileList(context, elseList);
}

/** Compiles a list whose declarations end with it. Both lists of an `if` see the same outer variables. */
function compileCondition(context: StatementContext, node: BranchNode): Run {
  const evaluate = compileHead(context, node, compilePipe(context, node.pipe));
  const depth = context.scope.enter();
  const list = compileList(context, node.list);
  context.scope.leave(depth);
  const otherwise = compileElse(context, node);
  if (node.kind === 'if') {
    return (state) => {
      state.step();
      return truth(evaluate(state)) ? list(state) : otherwise(state);
    };
  }
  return (state) => {
    state.step();
    const value = evaluate(state);
    return truth(value) ? withDot(state, value, false, list) : otherwise(state);
  };
}

function withDot(state: Execution, dot: GoValue, boxed: boolean, run: Run): Flow {
  const { dot: outer, dotBoxed: outerBoxed } = state;
  state.dot = dot;
  state.dotBoxed = boxed;
  const flow = run(state);
  state.dot = outer;
  state.dotBoxed = outerBoxed;
  return flow;
}

/** Runs the body of a range once; false ends the loop. */
type Iterate = (state: Execution, key: GoValue, element: GoValue, boxed: boolean) => boolean;

function compileRange(context: StatementContext, node: BranchNode): Run {
  const evaluate = compileHead(context, node, compilePipe(context, node.pipe));
  const iterate = compileIteration(context, node);
  const otherwise = compileElse(context, node);
  const variables = node.pipe.decl.length;
  return (state) => {
    state.step();
    state.node = node;
    const value = indirect(evaluate(state));
    return rangeOver(state, value, iterate, variables) ? 'next' : otherwise(state);
  };
}

function compileIteration(context: StatementContext, { pipe, list }: BranchNode): Iterate {
  const { scope, recorder } = context;
  const slots = pipe.decl.map(({ name }) => slotFinder(scope.lookup(name), name));
  const depth = scope.enter();
  const body = compileList(context, list);
  scope.leave(depth);
  const element = slots.at(-1);
  const key = slots.length > 1 ? slots[0] : undefined;
  // With `=` Go sets the index first, with `:=` the element; it matters only if both are one variable.
  const iterate: Iterate = (state, keyValue, elementValue, boxed) => {
    state.step();
    if (key !== undefined && pipe.isAssign) setVariable(state, key(state), keyValue, false);
    if (element !== undefined) setVariable(state, element(state), elementValue, boxed);
    if (key !== undefined && !pipe.isAssign) setVariable(state, key(state), keyValue, false);
    return withDot(state, elementValue, boxed, body) !== 'break';
  };
  return recorder?.iteration(key, element, iterate) ?? iterate;
}

/** Iterates over a value; false when there was nothing to iterate over. */
function rangeOver(state: Execution, value: GoValue, iterate: Iterate, variables: number): boolean {
  if (value === undefined) return false;
  const type = typeOf(value);
  if (type?.kind === 'slice' || type?.kind === 'array') return rangeList(state, value, iterate, variables > 1);
  const map = mapViewOf(value);
  if (map !== undefined) return rangeMap(state, map, iterate);
  if (type !== undefined && isInteger(type.kind)) return rangeInteger(state, value as Typed, iterate, variables);
  return state.fail(`range can't iterate over ${sprint1(value)}`);
}

function rangeList(state: Execution, value: GoValue, iterate: Iterate, needsIndex: boolean): boolean {
  const { elem } = typeOf(value) ?? LIST;
  const boxed = elem === INTERFACE;
  const items = ((value instanceof Typed ? value.data : value) ?? []) as readonly unknown[];
  const { length } = items;
  for (let i = 0; i < length; i++) {
    const element = boxed ? ((items[i] as GoValue) ?? null) : valueOf(elem, items[i], true);
    if (!iterate(state, needsIndex ? int(i) : undefined, element, boxed)) break;
  }
  return length > 0;
}

function rangeMap(state: Execution, map: MapView, iterate: Iterate): boolean {
  const boxed = map.type.elem === INTERFACE;
  const keys = [...map.keys].sort(compareStrings);
  for (const key of keys) if (!iterate(state, valueOf(map.type.key, key), map.get(key), boxed)) break;
  return keys.length > 0;
}

function rangeInteger(state: Execution, value: Typed, iterate: Iterate, variables: number): boolean {
  const count = value.data as bigint;
  if (variables > 1) state.fail(`can't use ${sprint1(value)} to iterate over more than one variable`);
  for (let i = 0n; i < count; i++) if (!iterate(state, undefined, new Typed(value.type, i), false)) break;
  return count > 0n;
}

function compileTemplateCall(context: StatementContext, node: TemplateNode): Run {
  const { name, pipe } = node;
  const argument = pipe === undefined ? (): GoValue => undefined : compilePipe(context, pipe);
  const evaluate = compileHead(context, node, argument);
  return (state) => {
    state.step();
    state.node = node;
    const body = context.bodies.get(name) ?? state.fail(`template ${quote(name)} not defined`);
    const depth = state.depth + 1 + body.nesting;
    if (depth > MAX_CALL_DEPTH) state.fail(`exceeded maximum template depth (${MAX_CALL_DEPTH})`);
    const dot = evaluate(state);
    const { frame, templateName, depth: outerDepth } = state;
    state.frame = { values: [dot], boxed: [false] };
    state.templateName = name;
    state.depth = depth;
    withDot(state, dot, false, body.run);
    state.frame = frame;
    state.templateName = templateName;
    state.depth = outerDepth;
    return 'next';
  };
}
