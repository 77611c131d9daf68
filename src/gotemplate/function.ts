/**
 * Template functions and how their Go signature is declared.
 *
 * A function is its Go signature plus a JavaScript implementation. The engine does Go's argument work (count, assignability, one
 * dereference, `nil`, constants to the parameter's type) and words the errors, so an implementation only computes:
 *
 *     define('trunc', 'func(int, string) string', (count: bigint, text: string) => …)
 *     define('dict', 'func(...interface {}) map[string]interface {}', (...pairs: GoValue[]) => …)
 *     define('toJSON', 'func(map[string]string) string', (map: Record<string, string> | null) => …)
 *
 * Arguments and results cross as **raw data** of their declared Go type (see values.ts): `string` is a JS string, `bool` a boolean, every
 * integer type a `bigint`, `float64` a number, `[]string` an array or null, `map[string]interface {}` a plain object or null, a pointer
 * or struct its raw object or null, and `interface {}` any `GoValue` (integers as `Typed`, nil as null). Variadic arguments are
 * spread. The result is turned into a value of the declared result type (an integer result may also be a JS number).
 *
 * An implementation that fails throws `FunctionError(message)`: the template fails with `error calling NAME: message`; a Go panic is the same.
 */
import type { GoType } from './types.ts';

/** What a function may know of its surroundings; the core itself has no environment, clock or chance. */
export interface FunctionContext {
  /** Environment variables that `env` and `expandenv` see. */
  readonly env: Readonly<Record<string, string>>;
  /** Current time in nanoseconds since 1970 (UTC). */
  readonly now: () => bigint;
  /** Cryptographically random bytes. */
  readonly random: (count: number) => Uint8Array;
  /**
   * Told of work every few thousand steps (see MAX_STEPS) and at the end of an execution. It may throw {@link Interrupted} to end the
   * work, for which nothing gets the blame: whoever set this knows what to do instead. Default: nothing.
   */
  readonly spend?: (steps: number) => void;
}

/** {@link FunctionContext.spend} ended the work; passes through everything that turns errors into answers. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

/** Failure of a function, worded as Go's error or panic value. */
export class FunctionError extends Error {
  override name = 'FunctionError';
}

/** A Go function type. */
export interface Signature {
  readonly params: readonly GoType[];
  /** The last parameter repeats; its entry in `params` is then the element type. */
  readonly variadic: boolean;
  readonly result: GoType;
}

/** A function callable from templates. */
export interface TemplateFunction {
  readonly name: string;
  /** Go syntax, e.g. `func(string, ...interface {}) (string, error)`. A second result must be `error`. */
  readonly signature: string;
  /** The implementation. */
  readonly run: (...args: never[]) => unknown;
  /** Whether `run` gets the context in front of its arguments. */
  readonly needsContext: boolean;
}

/** Declares a function that depends on its arguments only. */
export function define(
  name: string,
  signature: string,
  implementation: (...args: never[]) => unknown,
): TemplateFunction {
  return { name, signature, run: implementation, needsContext: false };
}

/** Declares a function that also needs the surroundings, as first argument. */
export function defineWithContext(
  name: string,
  signature: string,
  implementation: (context: FunctionContext, ...args: never[]) => unknown,
): TemplateFunction {
  return { name, signature, run: implementation as TemplateFunction['run'], needsContext: true };
}

/** Functions by name, as `src/gotemplate/functions/index.ts` exports them (`templateFunctions`). */
export type FunctionTable = ReadonlyMap<string, TemplateFunction>;
