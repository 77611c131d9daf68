/** Runs templates for the tests: only the language and Go's built-in functions. */
import { compileTemplate } from '../../src/gotemplate/compile/template.ts';
import { TemplateError } from '../../src/gotemplate/error.ts';
import type { FunctionTable } from '../../src/gotemplate/function.ts';
import type { GoValue } from '../../src/gotemplate/values.ts';

const noFunctions: FunctionTable = new Map();

/** The output of a template. */
export function render(template: string, data?: GoValue, functions = noFunctions): string {
  return compileTemplate(template, { functions }).execute(data);
}

/** The error a template fails with. */
export function failure(template: string, data?: GoValue, functions = noFunctions): TemplateError {
  try {
    render(template, data, functions);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error(`no error from ${template}`);
}
