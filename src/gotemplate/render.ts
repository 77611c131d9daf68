/** The public ways to run a template: with all functions that the injector's templates have. */
import {
  compileRecordedTemplate as compileRecorded,
  compileTemplate as compile,
  type CompiledTemplate,
  type CompileOptions,
  type RecordedOutput,
} from './compile/template.ts';
import type { FunctionContext } from './function.ts';
import { templateFunctions } from './functions/index.ts';
import { sidecarTemplateDataFromJson } from './injection-data.ts';
import type { GoValue } from './values.ts';

/**
 * Parses and compiles a template with the functions of sprig and Istio, unless the options name others.
 * @throws TemplateError with phase `parse`
 */
export function compileTemplate(text: string, options: CompileOptions = {}): CompiledTemplate {
  return compile(text, { ...options, functions: options.functions ?? templateFunctions });
}

/** {@link compileTemplate} for a template that also tells where its output comes from. */
export function compileRecordedTemplate(
  text: string,
  options: CompileOptions = {},
): (data: GoValue, context?: Partial<FunctionContext>) => RecordedOutput {
  return compileRecorded(text, { ...options, functions: options.functions ?? templateFunctions });
}

export interface RenderOptions {
  /** The template's name in errors; `inject` by default. */
  readonly name?: string;
  /**
   * How `data` is typed: `json` as `encoding/json` decodes it into `any`, `injection` as `SidecarTemplateData` given in JSON (see
   * injection-data.ts).
   */
  readonly dataKind: 'json' | 'injection';
  /** Environment variables that `env` and `expandenv` see; none by default. */
  readonly env?: Record<string, string>;
}

const NANOS_PER_MILLI = 1_000_000n;

/**
 * The clock and the chance of the machine, for callers that render a template on its own. The injector passes its own context
 * to {@link CompiledTemplate.execute}.
 */
const machine: Pick<FunctionContext, 'now' | 'random'> = {
  now: () => BigInt(new Date().getTime()) * NANOS_PER_MILLI,
  random: (count) => globalThis.crypto.getRandomValues(new Uint8Array(count)),
};

/**
 * Renders a template once.
 * @throws TemplateError when it cannot be parsed or executed
 */
export function renderTemplate(template: string, data: unknown, options: RenderOptions): string {
  const { name, dataKind, env = {} } = options;
  const compiled = compileTemplate(template, name === undefined ? {} : { name });
  const value = dataKind === 'injection' ? sidecarTemplateDataFromJson(data) : (data as GoValue);
  return compiled.execute(value, { ...machine, env });
}
