import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../../src/gotemplate/compile/template.ts';
import { TemplateError } from '../../src/gotemplate/error.ts';
import { MAX_CALL_DEPTH, MAX_NESTING, MAX_SOURCE_LENGTH } from '../../src/gotemplate/limits.ts';
import { failure, render } from './render.ts';

describe('limits', () => {
  it.each([
    ['too many parentheses', `{{${'('.repeat(20_000)}`, 'max expression depth exceeded'],
    ['too many open actions', '{{if true}}'.repeat(50_000), 'max expression depth exceeded'],
    ['a source that is too long', 'x'.repeat(MAX_SOURCE_LENGTH + 1), 'source is longer than'],
    [
      'a template that calls itself',
      '{{template "inject" .}}',
      `exceeded maximum template depth (${String(MAX_CALL_DEPTH)})`,
    ],
    ['a loop over a huge number', '{{range 9223372036854775807}}{{end}}', 'steps'],
    ['output that is too long', `{{range 100000}}${'x'.repeat(1000)}{{end}}`, 'output is longer than'],
    ['texts that double', `{{$x := "0123456789"}}${'{{$x = print $x $x}}'.repeat(40)}`, 'too long'],
    ['work on long texts', `{{$x := printf "%1000000s" ""}}{{range 100000}}{{$y := len (print $x)}}{{end}}`, 'steps'],
  ])('refuses %s', (_what, template, message) => {
    expect(failure(template).message).toContain(message);
  });

  it('counts templates that double their calls', () => {
    const names = Array.from({ length: 40 }, (_, i) => `t${String(i)}`);
    const bodies = names.map(
      (name, i) => `{{define "${name}"}}{{template "t${String(i + 1)}"}}{{template "t${String(i + 1)}"}}{{end}}`,
    );
    expect(failure(`${bodies.join('')}{{define "t40"}}{{end}}{{template "t0"}}`).message).toContain('steps');
  });

  it('lets templates nest up to the limit', () => {
    const parens = MAX_NESTING - 1;
    expect(render(`{{${'('.repeat(parens)}1${')'.repeat(parens)}}}`)).toBe('1');
    expect(render('{{with 1}}'.repeat(MAX_NESTING) + 'x' + '{{end}}'.repeat(MAX_NESTING))).toBe('x');
    const nested =
      '{{range 1}}'.repeat(90) + '{{if lt (len $) 300}}{{template "r" (print $ "x")}}{{end}}' + '{{end}}'.repeat(90);
    expect(failure(`{{define "r"}}${nested}{{end}}{{template "r" ""}}`).message).toContain(
      'exceeded maximum template depth',
    );
  });
});

const SNIPPETS = [
  '{{',
  '}}',
  '{{-',
  '-}}',
  '(',
  ')',
  '|',
  ' ',
  '"',
  '`',
  "'",
  '.',
  '$',
  '$x',
  ':=',
  '=',
  ',',
  '\n',
  '1',
  '0x',
  '1e',
  '.x',
  '.l',
  'x',
  '/*',
  '*/',
  'end',
  'else',
  'if',
  'with',
  'range',
  'define',
  'block',
  'template',
  '"t"',
  'break',
  'continue',
  'nil',
  'true',
  'print',
  'printf',
  'index',
  'and',
  'len',
  '"%d %[1]*v"',
  'é',
  '\udc80',
  '\u0000',
  '\\',
  '{{end}}',
  '{{else}}',
  '{{range .l}}',
  '{{if .x}}',
];

describe('any text', () => {
  const data = { x: 1, l: ['a', 1, null, { x: null }] };
  const runs = { numRuns: 3000, seed: 20260107 };

  function settles(text: string): boolean {
    try {
      compileTemplate(text).execute(data);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      expect(error.message).toMatch(/^template: inject:\d+/);
      expect(error.line).toBeGreaterThan(0);
    }
    return true;
  }

  it('either renders or fails with a TemplateError', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), settles), runs);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SNIPPETS), { maxLength: 30 }), (parts) => settles(parts.join(''))),
      runs,
    );
    const action = fc.array(fc.constantFrom(...SNIPPETS), { maxLength: 8 }).map((parts) => `{{ ${parts.join(' ')} }}`);
    fc.assert(
      fc.property(fc.array(action, { maxLength: 6 }), (actions) => settles(actions.join(''))),
      runs,
    );
  });

  it('is its own output where it has no action', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('{{'));
    fc.assert(
      fc.property(plain, (text) => render(text) === text),
      { numRuns: 500, seed: 7 },
    );
  });

  it('passes through print and a string constant unchanged', () => {
    const law = (text: string): boolean =>
      render('{{print .}}', text) === text && render(`{{${JSON.stringify(text)}}}`) === text;
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ab "{}é✓\n\t') }), law), { numRuns: 500, seed: 7 });
  });
});
