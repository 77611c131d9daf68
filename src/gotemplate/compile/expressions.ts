/** Compiles pipelines, commands and operands to closures (the `eval…` functions of text/template). */
import { argumentFor, idealConstant, literalFor } from '../execute/argument.ts';
import { fieldOf, fieldSite, holdsInterfaces, type CallMethod } from '../execute/field.ts';
import type { Execution } from '../execute/state.ts';
import { builtinFunctions } from '../builtins/index.ts';
import type { FunctionTable } from '../function.ts';
import type {
  ChainNode,
  CommandNode,
  FieldNode,
  IdentifierNode,
  Operand,
  PipeNode,
  VariableNode,
} from '../parse/nodes.ts';
import { show } from '../parse/nodes.ts';
import type { GoType } from '../types.ts';
import type { GoValue } from '../values.ts';
import { compileCall, methodCaller, noMethodArguments, resultIsBoxed, type Argument } from './calls.ts';
import type { Recorder } from '../record/recorder.ts';
import type { Scope } from './scope.ts';
import { setVariable, slotFinder } from './variable.ts';

export type Evaluate = (state: Execution) => GoValue;
/** A command gets the value piped into it; whether there is one is known when it is compiled. */
export type EvaluateCommand = (state: Execution, piped: GoValue) => GoValue;

/** What compiling an expression of one template body needs. */
export interface ExpressionContext {
  readonly functions: FunctionTable;
  readonly scope: Scope;
  /** Wraps what is compiled, to record where output comes from. */
  readonly recorder?: Recorder;
}

/** A pipeline with its declarations. Its value is unwrapped: nil in an interface is no value. */
export function compilePipe(context: ExpressionContext, pipe: PipeNode): Evaluate {
  const commands = pipe.commands.map((command, i) => compileCommand(context, command, i > 0));
  const declare = pipe.decl.map((variable) => compileDeclaration(context, variable, pipe.isAssign));
  const [first] = commands;
  if (first !== undefined && commands.length === 1 && declare.length === 0) {
    return (state) => {
      state.node = pipe;
      return first(state, undefined) ?? undefined;
    };
  }
  return (state) => {
    state.node = pipe;
    let value: GoValue;
    for (const command of commands) value = command(state, value) ?? undefined;
    for (const set of declare) set(state, value);
    return value;
  };
}

type Declare = (state: Execution, value: GoValue) => void;

function compileDeclaration(
  { scope, recorder }: ExpressionContext,
  { name }: VariableNode,
  isAssign: boolean,
): Declare {
  if (!isAssign) {
    const slot = scope.declare(name);
    const declare: Declare = (state, value) => setVariable(state, slot, value, false);
    return recorder?.declare(() => slot, declare, false) ?? declare;
  }
  const find = slotFinder(scope.lookup(name), name);
  const assign: Declare = (state, value) => setVariable(state, find(state), value, false);
  return recorder?.declare(find, assign, true) ?? assign;
}

function compileCommand(context: ExpressionContext, command: CommandNode, hasPiped: boolean): EvaluateCommand {
  const [word, ...args] = command.args;
  if (word === undefined) throw new Error('the parser made an empty command');
  if (word.kind === 'identifier') return compileFunction(context, word, command, args, hasPiped);
  const hasArguments = args.length > 0 || hasPiped;
  if (word.kind === 'field' || word.kind === 'chain' || (word.kind === 'variable' && word.fields.length > 0)) {
    const call = methodCaller(
      word,
      args.map((arg) => compileArgument(context, arg)),
      hasPiped,
    );
    return compileFields(context, word, call, hasArguments);
  }
  if (hasArguments) {
    const message = `can't give argument to non-function ${show(word)}`;
    const needsNode = word.kind !== 'pipe';
    return (state) => {
      if (needsNode) state.node = word;
      return state.fail(message);
    };
  }
  return compileOperand(context, word);
}

function compileFunction(
  context: ExpressionContext,
  node: IdentifierNode,
  command: CommandNode | IdentifierNode,
  args: readonly Operand[],
  hasPiped: boolean,
): EvaluateCommand {
  const custom = context.functions.get(node.name);
  const fn = custom ?? builtinFunctions.get(node.name);
  if (fn === undefined) throw new Error('the parser accepted an unknown function');
  const isLogic = custom === undefined && (node.name === 'and' || node.name === 'or');
  const { recorder } = context;
  const compileRecorded = (arg: Operand): Argument => {
    const argument = compileArgument(context, arg);
    return recorder?.argument(argument) ?? argument;
  };
  const compileArguments = (): Argument[] => args.map(compileRecorded);
  const [compiled, conditional] = isLogic ? context.scope.conditionally(compileArguments) : [compileArguments(), []];
  const call = compileCall({
    fn,
    isBuiltin: custom === undefined,
    node,
    command,
    args: compiled,
    conditional,
    hasPiped,
  });
  return recorder?.call(fn.name, hasPiped, call) ?? call;
}

/** An operand that stands alone, as command or as argument. */
function compileOperand(context: ExpressionContext, node: Operand): Evaluate {
  const evaluate = compileBareOperand(context, node);
  switch (node.kind) {
    case 'dot':
      return context.recorder?.dot(evaluate) ?? evaluate;
    case 'number':
    case 'string':
    case 'bool':
      return context.recorder?.constant(evaluate) ?? evaluate;
    default:
      return evaluate;
  }
}

function compileBareOperand(context: ExpressionContext, node: Operand): Evaluate {
  switch (node.kind) {
    case 'pipe':
      return compilePipe(context, node);
    case 'variable':
      return node.fields.length > 0 ? withoutArguments(context, node) : compileVariable(context, node);
    case 'field':
    case 'chain':
      return withoutArguments(context, node);
    case 'identifier': {
      const call = compileFunction(context, node, node, [], false);
      return (state) => call(state, undefined);
    }
    case 'dot':
      return (state) => {
        state.node = node;
        return state.dot;
      };
    case 'nil':
      return (state) => {
        state.node = node;
        return state.fail('nil is not a command');
      };
    case 'number':
      return (state) => {
        state.node = node;
        return idealConstant(state, node);
      };
    case 'string':
    case 'bool':
      return (state) => {
        state.node = node;
        return node.value;
      };
  }
}

/** A field chain that is given no arguments. */
function withoutArguments(context: ExpressionContext, node: FieldNode | ChainNode | VariableNode): Evaluate {
  return compileFields(context, node, methodCaller(node, [], false), false) as Evaluate;
}

function compileVariable({ scope, recorder }: ExpressionContext, node: VariableNode): Evaluate {
  const find = slotFinder(scope.lookup(node.name), node.name);
  const evaluate: Evaluate = (state) => {
    state.node = node;
    return state.frame.values[find(state)];
  };
  return recorder?.variable(find, evaluate) ?? evaluate;
}

/** Where a field chain starts. */
interface Start {
  readonly evaluate: Evaluate;
  /** Whether the start has the static type `interface {}`; asked only when an error needs to say so. */
  readonly boxed: (state: Execution) => boolean;
}

function compileStart(context: ExpressionContext, node: FieldNode | ChainNode | VariableNode): Start {
  const { recorder } = context;
  if (node.kind === 'field') {
    const dot: Evaluate = (state) => state.dot;
    return { evaluate: recorder?.dot(dot) ?? dot, boxed: (state) => state.dotBoxed };
  }
  if (node.kind === 'variable') {
    const find = slotFinder(context.scope.lookup(node.name), node.name);
    const read: Evaluate = (state) => state.frame.values[find(state)];
    return {
      evaluate: recorder?.variable(find, read) ?? read,
      boxed: (state) => state.frame.boxed[find(state)] ?? false,
    };
  }
  const inner = node.node;
  const evaluate = compileOperand(context, inner);
  const boxed = inner.kind === 'identifier' && resultIsBoxed(context.functions, inner.name);
  return {
    evaluate: (state) => {
      state.node = inner;
      return evaluate(state);
    },
    boxed: () => boxed,
  };
}

/** `.X.Y.Z`: only the last field may be a method with arguments. */
function compileFields(
  context: ExpressionContext,
  node: FieldNode | ChainNode | VariableNode,
  callLast: (piped: GoValue) => CallMethod,
  hasArguments: boolean,
): EvaluateCommand {
  const start = compileStart(context, node);
  const callInner = noMethodArguments(node);
  const sites = node.fields.map((name, i) =>
    fieldSite(name, i === 0 ? start.boxed : (_state, container) => holdsInterfaces(container)),
  );
  const last = sites.pop();
  if (last === undefined) throw new Error('the parser made a field chain without fields');
  const evaluate: EvaluateCommand = (state, piped) => {
    state.node = node;
    let value = start.evaluate(state);
    let container: GoValue;
    for (const site of sites) {
      const next = fieldOf(state, value, site, container, callInner, false);
      container = value;
      value = next;
    }
    return fieldOf(state, value, last, container, callLast(piped), hasArguments);
  };
  return context.recorder?.fields(node.fields, evaluate) ?? evaluate;
}

/** An operand as argument, converted to the type that a parameter asks for. */
function compileArgument(context: ExpressionContext, node: Operand): Argument {
  switch (node.kind) {
    case 'nil':
    case 'number':
    case 'string':
    case 'bool':
      return { node, evaluate: compileLiteral(node) };
  }
  const evaluate = compileOperand(context, node);
  return {
    node,
    evaluate: (state, type) => {
      state.node = node;
      const value = evaluate(state);
      return argumentFor(state, value, type);
    },
  };
}

/** A literal has one value for each type of parameter; a call site asks for the same type every time. */
function compileLiteral(node: Operand): Argument['evaluate'] {
  let cachedType: GoType | undefined;
  let cached: unknown;
  return (state, type) => {
    state.node = node;
    if (type !== cachedType) {
      cached = literalFor(state, node, type);
      cachedType = type;
    }
    return cached;
  };
}
