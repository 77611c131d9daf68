/** A template that was edited: compiled, watched while it is rendered, and its errors at their places in its source. */
import {
  compileRecordedTemplate,
  compileTemplate,
  TemplateError,
  type CompiledTemplate,
  type FunctionContext,
  type GoValue,
} from '../gotemplate/index.ts';
import { decodeYaml, YamlError } from '../yaml/index.ts';
import type { PreviewRequest, Problem } from './preview-types.ts';

/** A compiled template that remembers its first rendering; later ones only try what a change would bring. */
export interface EditedTemplate {
  readonly name: string;
  readonly compiled: CompiledTemplate;
  /** The place of a failure in the template, when it failed; undefined when it did not. */
  readonly failure: (message: string) => Problem | undefined;
}

type NamedText = PreviewRequest['templates'][number];

interface Rendering {
  readonly data: GoValue;
  readonly context: Partial<FunctionContext> | undefined;
  text?: string;
  error?: TemplateError;
}

/** Compiles the text; an error of its grammar is a problem. */
export function compileEdited({ name, text }: NamedText): EditedTemplate | Problem {
  let template: CompiledTemplate;
  try {
    template = compileTemplate(text);
  } catch (error) {
    if (error instanceof TemplateError) return templateProblem({ name, text }, error.message, error.line, error.column);
    throw error;
  }
  let first: Rendering | undefined;
  return {
    name,
    compiled: {
      ...template,
      execute(data, context) {
        const rendering: Rendering = { data, context };
        first ??= rendering;
        try {
          return (rendering.text = template.execute(data, context));
        } catch (error) {
          if (error instanceof TemplateError) rendering.error = error;
          throw error;
        }
      },
    },
    failure(message) {
      if (first?.error !== undefined)
        return templateProblem({ name, text }, message, first.error.line, first.error.column);
      return first === undefined ? undefined : outputProblem({ name, text }, first, message);
    },
  };
}

/** What the template wrote is no YAML: the place is that of the action or text that wrote the wrong line. */
function outputProblem(source: NamedText, { text, data, context }: Rendering, message: string): Problem | undefined {
  const fault = text === undefined ? undefined : yamlFault(text);
  if (fault === undefined) return undefined;
  const { text: again, written } = compileRecordedTemplate(source.text)(data, context);
  const at = offsetOf(again, fault.line, fault.column);
  // What is missing is missed at the end of the text, behind all that was written.
  const origin = written.findLast(({ start, end, kind }) => kind !== 'decision' && start <= at && start < end);
  if (origin === undefined) return templateProblem(source, message, 0);
  const pos = origin.kind === 'text' ? origin.pos + Math.min(at, origin.end - 1) - origin.start : origin.pos;
  return templateProblem(source, message, source.text.slice(0, pos).split('\n').length);
}

function yamlFault(text: string): YamlError | undefined {
  try {
    decodeYaml(text);
    return undefined;
  } catch (error) {
    return error instanceof YamlError && error.line > 0 ? error : undefined;
  }
}

/** Offset of a place; of its line when the column is not known. */
function offsetOf(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, { length }) => sum + length + 1, 0) + Math.max(column - 1, 0);
}

function templateProblem({ name, text }: NamedText, message: string, line: number, bytes?: number): Problem {
  const shown = text.split('\n')[line - 1] ?? '';
  return {
    editor: 'template',
    template: name,
    line,
    column: bytes === undefined ? 0 : columnOf(shown, bytes),
    message,
  };
}

/** Go counts columns in bytes from 0, editors in UTF-16 units from 1. */
function columnOf(line: string, bytes: number): number {
  let units = 0;
  for (let counted = 0; counted < bytes && units < line.length;) {
    const point = line.codePointAt(units) ?? 0;
    counted += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    units += point < 0x10000 ? 1 : 2;
  }
  return units + 1;
}
