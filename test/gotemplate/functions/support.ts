/** Renders templates with all functions, in a fixed world: one variable, one instant, and "chance" that counts upwards. */
import { expect } from 'vitest';
import { compileTemplate, TemplateError, type FunctionContext, type GoValue } from '../../../src/gotemplate/index.ts';
import { templateFunctions } from '../../../src/gotemplate/functions/index.ts';

/** 2023-11-14 22:13:20 UTC */
export const NOW = 1_700_000_000n * 1_000_000_000n;

function context(): FunctionContext {
  let drawn = 0;
  return {
    env: { HOME: '/root', EMPTY: '' },
    now: () => NOW,
    random: (count) => Uint8Array.from({ length: count }, () => drawn++),
  };
}

/** The output of a template. */
export function render(template: string, data?: GoValue): string {
  return compileTemplate(template, { functions: templateFunctions }).execute(data, context());
}

/** What went wrong in the only action of a template, without its place. */
export function failure(template: string, data?: GoValue): string {
  try {
    render(template, data);
  } catch (error) {
    if (error instanceof TemplateError) return error.message.replace(/^.*?>: /s, '');
    throw error;
  }
  throw new Error(`${template} did not fail`);
}

/** `it.each` body: the expression in braces prints this. */
export function prints(expression: string, output: string): void {
  expect(render(`{{ ${expression} }}`)).toBe(output);
}

/** `it.each` body: the expression fails with this. */
export function fails(expression: string, message: string): void {
  expect(failure(`{{ ${expression} }}`)).toBe(message);
}
