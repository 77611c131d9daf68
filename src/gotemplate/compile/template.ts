/** Compiled templates: parsed once, executed any number of times, never changed. */
import { toValidUtf8 } from '../../go/utf8.ts';
import { builtinFunctions } from '../builtins/index.ts';
import { TemplateError } from '../error.ts';
import { Execution } from '../execute/state.ts';
import { FunctionError, type FunctionContext, type FunctionTable } from '../function.ts';
import { MAX_SOURCE_LENGTH } from '../limits.ts';
import type { ListNode } from '../parse/nodes.ts';
import { parse } from '../parse/parser.ts';
import type { GoValue } from '../values.ts';
import { Recorder, type Written } from '../record/recorder.ts';
import { Scope } from './scope.ts';
import { compileList, type Body, type StatementContext } from './statements.ts';

export interface CompileOptions {
  /** The template's name in errors; `inject`, as the injector calls all of its templates, by default. */
  readonly name?: string;
  /** Functions beside Go's built-in ones, which they may replace. None by default. */
  readonly functions?: FunctionTable;
}

/** A template ready to be executed. Immutable: executions share nothing. */
export interface CompiledTemplate {
  readonly name: string;
  /** The source. */
  readonly text: string;
  /**
   * Renders the template.
   * @param data what `.` and `$` are, a value of values.ts
   * @param context what functions may know of the world; by default no environment, and clock and chance that fail
   * @throws TemplateError with phase `exec`
   */
  readonly execute: (data: GoValue, context?: Partial<FunctionContext>) => string;
}

const unavailable = (what: string) => (): never => {
  throw new FunctionError(`${what} is not available`);
};
/** What functions know of the world when nothing is given. */
export const NO_CONTEXT: FunctionContext = { env: {}, now: unavailable('the time'), random: unavailable('randomness') };

/**
 * Parses and compiles a template.
 * @throws TemplateError with phase `parse`, also for functions that do not exist
 */
export function compileTemplate(text: string, options: CompileOptions = {}): CompiledTemplate {
  return compile(text, options);
}

/** Output of a template and where it comes from. */
export interface RecordedOutput {
  readonly text: string;
  /** In the order of the output. */
  readonly written: readonly Written[];
}

/** Compiles a template to be rendered with a record of where its output comes from; otherwise it is as {@link compileTemplate} makes it. */
export function compileRecordedTemplate(
  source: string,
  options: CompileOptions = {},
): (data: GoValue, context?: Partial<FunctionContext>) => RecordedOutput {
  const recorder = new Recorder();
  const template = compile(source, options, recorder);
  return (data, context) => {
    recorder.begin();
    const text = template.execute(data, context);
    return { text, written: recorder.written };
  };
}

function compile(text: string, options: CompileOptions, recorder?: Recorder): CompiledTemplate {
  const { name = 'inject', functions = new Map() } = options;
  if (text.length > MAX_SOURCE_LENGTH) {
    const message = `template: ${name}:1: source is longer than ${MAX_SOURCE_LENGTH} characters`;
    throw new TemplateError('parse', message, { line: 1 });
  }
  const trees = parse(name, text, (fn) => functions.has(fn) || builtinFunctions.has(fn));
  const bodies = compileBodies(trees, functions, recorder);
  const root = trees.get(name);
  const body = bodies.get(name);
  if (root === undefined || body === undefined) throw new Error('the parser did not make the template asked for');
  return {
    name,
    text,
    execute: (data, context) => execute(new Execution({ name, text }, { ...NO_CONTEXT, ...context }, data, root), body),
  };
}

/** Compiles all templates of a set. */
export function compileBodies(
  trees: ReadonlyMap<string, ListNode>,
  functions: FunctionTable,
  recorder?: Recorder,
): ReadonlyMap<string, Body> {
  const bodies = new Map<string, Body>();
  for (const [name, tree] of trees) bodies.set(name, compileBody(tree, { functions, bodies, recorder }));
  return bodies;
}

function compileBody(tree: ListNode, context: Omit<StatementContext, 'scope'>): Body {
  return { run: compileList({ ...context, scope: new Scope() }, tree), nesting: nestingOf(tree) };
}

function nestingOf(list: ListNode): number {
  let deepest = 0;
  for (const node of list.nodes) {
    if (!('list' in node)) continue;
    deepest = Math.max(deepest, nestingOf(node.list), node.elseList === undefined ? 0 : nestingOf(node.elseList));
  }
  return deepest + 1;
}

function execute(state: Execution, body: Body): string {
  try {
    body.run(state);
  } catch (error) {
    // Deep recursion of templates can still exhaust a small stack before MAX_CALL_DEPTH does.
    if (error instanceof RangeError) state.fail('exceeded maximum template depth');
    throw error;
  }
  state.report();
  return toValidUtf8(state.output);
}
