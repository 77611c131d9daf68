/** Compiles calls of functions and methods (`evalCall` of text/template). */
import { argumentFor } from '../execute/argument.ts';
import type { CallMethod } from '../execute/field.ts';
import type { Execution } from '../execute/state.ts';
import { truth } from '../execute/truth.ts';
import { FunctionError, type FunctionTable, type Signature, type TemplateFunction } from '../function.ts';
import { ITEMS_PER_STEP } from '../limits.ts';
import { show, type CommandNode, type IdentifierNode, type Node, type Operand } from '../parse/nodes.ts';
import { builtinFunctions } from '../builtins/index.ts';
import { signatureOf } from '../signature.ts';
import { INTERFACE, REFLECT_VALUE, type GoType } from '../types.ts';
import { typeName, valueOf, type GoValue } from '../values.ts';
import type { EvaluateCommand } from './expressions.ts';
import { UNSET } from './variable.ts';

/** A compiled operand; it gives raw data of the type that the parameter has. */
export interface Argument {
  readonly node: Operand;
  readonly evaluate: (state: Execution, type: GoType) => unknown;
}

/** A function call as written. */
export interface Call {
  readonly fn: TemplateFunction;
  readonly isBuiltin: boolean;
  readonly node: IdentifierNode;
  /** What "error calling" is reported at. */
  readonly command: CommandNode | IdentifierNode;
  readonly args: readonly Argument[];
  /** Slots of variables that the arguments may or may not declare. */
  readonly conditional: readonly number[];
  /** A value is piped in as last argument. */
  readonly hasPiped: boolean;
}

type Arity = Pick<Signature, 'params' | 'variadic'>;

/** The complaint about a wrong number of arguments, if there is one. For variadic functions Go does not count a piped one. */
function arityError(name: string, { params, variadic }: Arity, given: number, hasPiped: boolean): string | undefined {
  const count = given + (hasPiped ? 1 : 0);
  if (!variadic) {
    return count === params.length ? undefined : `wrong number of args for ${name}: want ${params.length} got ${count}`;
  }
  const least = params.length - 1;
  return count >= least ? undefined : `wrong number of args for ${name}: want at least ${least} got ${given}`;
}

/** Evaluates all arguments in order, the piped one last. */
function evaluateArguments(
  state: Execution,
  { params }: Arity,
  args: readonly Argument[],
  hasPiped: boolean,
  piped: GoValue,
): unknown[] {
  const last = params[params.length - 1] ?? INTERFACE;
  const values: unknown[] = [];
  let i = 0;
  for (const arg of args) values.push(arg.evaluate(state, params[i++] ?? last));
  if (hasPiped) values.push(argumentFor(state, piped, params[i] ?? last));
  return values;
}

/** Whatever makes an implementation fail is an error of the call. */
function callFailed(state: Execution, name: string, node: Node, error: unknown): never {
  // A RangeError is JavaScript's refusal to build something enormous.
  if (!(error instanceof FunctionError) && !(error instanceof RangeError)) throw error;
  state.node = node;
  state.fail(`error calling ${name}: ${error.message}`);
}

/** Counts the work that a long argument or result means. */
function count(state: Execution, value: unknown): void {
  if ((typeof value !== 'string' && !Array.isArray(value)) || value.length < ITEMS_PER_STEP) return;
  state.step(Math.ceil(value.length / ITEMS_PER_STEP));
}

export function compileCall(call: Call): EvaluateCommand {
  const { fn, node, args, hasPiped } = call;
  const signature = signatureOf(fn);
  const wrong = arityError(fn.name, signature, args.length, hasPiped);
  if (wrong !== undefined) {
    return (state) => {
      state.node = node;
      return state.fail(wrong);
    };
  }
  if (call.isBuiltin && (fn.name === 'and' || fn.name === 'or')) return compileLogic(call);
  if (call.isBuiltin && fn.name === 'call') return compileFunctionValueCall(call);
  const { result } = signature;
  const run = invoker(fn, argumentReaders(signature, args, hasPiped));
  return (state, piped) => {
    state.node = node;
    state.step();
    let raw: unknown;
    try {
      raw = run(state, piped);
    } catch (error) {
      callFailed(state, fn.name, call.command, error);
    }
    count(state, raw);
    return result === REFLECT_VALUE ? (raw as GoValue) : valueOf(result, raw);
  };
}

type ReadArgument = (state: Execution, piped: GoValue) => unknown;

/** One reader for each argument, the piped one last; each knows the type of its parameter. */
function argumentReaders({ params }: Arity, args: readonly Argument[], hasPiped: boolean): ReadArgument[] {
  const last = params[params.length - 1] ?? INTERFACE;
  const readers = args.map(({ evaluate }, i): ReadArgument => {
    const type = params[i] ?? last;
    return (state) => evaluate(state, type);
  });
  if (hasPiped) {
    const type = params[args.length] ?? last;
    readers.push((state, piped) => argumentFor(state, piped, type));
  }
  return readers;
}

/** Reads the arguments and calls the implementation; few arguments, the usual case, without a list of them. */
function invoker(fn: TemplateFunction, readers: readonly ReadArgument[]): ReadArgument {
  const run = fn.run as (...args: unknown[]) => unknown;
  const [first, second] = readers;
  if (!fn.needsContext && first !== undefined && readers.length === 1) {
    return (state, piped) => {
      const a = first(state, piped);
      count(state, a);
      return run(a);
    };
  }
  if (!fn.needsContext && first !== undefined && second !== undefined && readers.length === 2) {
    return (state, piped) => {
      const a = first(state, piped);
      const b = second(state, piped);
      count(state, a);
      count(state, b);
      return run(a, b);
    };
  }
  return (state, piped) => {
    const values = readers.map((read) => read(state, piped));
    for (const value of values) count(state, value);
    return fn.needsContext ? run(state.context, ...values) : run(...values);
  };
}

/** `and` and `or` give the first argument that decides, else the last; arguments behind it are not evaluated. */
function compileLogic({ fn, node, args, hasPiped, conditional }: Call): EvaluateCommand {
  const deciding = fn.name === 'or';
  return (state, piped) => {
    state.node = node;
    for (const slot of conditional) state.frame.values[slot] = UNSET;
    let value: GoValue;
    for (const arg of args) {
      value = arg.evaluate(state, REFLECT_VALUE) as GoValue;
      if (truth(value) === deciding) return value;
    }
    return hasPiped ? piped : value;
  };
}

/** `call` wants a function value, and no data that reaches a template holds one. */
function compileFunctionValueCall({ fn, node, command, args, hasPiped }: Call): EvaluateCommand {
  const signature = signatureOf(fn);
  return (state, piped) => {
    state.node = node;
    const [callee] = evaluateArguments(state, signature, args, hasPiped, piped) as GoValue[];
    const [first] = args;
    const piper = typeof callee === 'string' ? callee : `<${typeName(callee)} Value>`;
    const name = first === undefined ? piper : show(first.node);
    state.node = command;
    const reason = callee == null ? 'call of nil' : `non-function ${name} of type ${typeName(callee)}`;
    return state.fail(`error calling call: ${reason}`);
  };
}

/** How the last field of a chain, when it is a method, is called with the arguments written behind it. */
export function methodCaller(node: Node, args: readonly Argument[], hasPiped: boolean): (piped: GoValue) => CallMethod {
  const caller =
    (piped: GoValue): CallMethod =>
    (state, method, receiver) => {
      const arity: Arity = { params: method.params, variadic: method.variadic ?? false };
      const wrong = arityError(method.name, arity, args.length, hasPiped);
      if (wrong !== undefined) state.fail(wrong);
      const values = evaluateArguments(state, arity, args, hasPiped, piped);
      const call = method.call as (receiver: unknown, ...args: unknown[]) => unknown;
      try {
        return valueOf(method.result, call(receiver, ...values));
      } catch (error) {
        return callFailed(state, method.name, node, error);
      }
    };
  if (hasPiped) return caller;
  const fixed = caller(undefined);
  return () => fixed;
}

/** Methods inside a chain are called without arguments. */
export const noMethodArguments = (node: Node): CallMethod => methodCaller(node, [], false)(undefined);

/** Whether a function's result has the static type `interface {}`. */
export const resultIsBoxed = (functions: FunctionTable, name: string): boolean => {
  const fn = functions.get(name) ?? builtinFunctions.get(name);
  return fn !== undefined && signatureOf(fn).result === INTERFACE;
};
