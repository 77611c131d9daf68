import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../../src/gotemplate/compile/template.ts';
import { define, defineWithContext, FunctionError, type TemplateFunction } from '../../src/gotemplate/function.ts';
import { goType } from '../../src/gotemplate/gotypes/registry.ts';
import { signatureOf } from '../../src/gotemplate/signature.ts';
import { isAssignable } from '../../src/gotemplate/types.ts';
import { rawOf, Typed, typeName, type GoValue } from '../../src/gotemplate/values.ts';
import { failure, render } from './render.ts';

const table = (...functions: readonly TemplateFunction[]): Map<string, TemplateFunction> =>
  new Map(functions.map((fn) => [fn.name, fn]));

describe('signatures', () => {
  it('reads parameters, variadics and results', () => {
    const signature = signatureOf(
      define('f', 'func(string, *int, ...map[string]interface{}) ([]string, error)', () => null),
    );
    expect(signature.params.map(({ name }) => name)).toEqual(['string', '*int', 'map[string]interface {}']);
    expect(signature).toMatchObject({ variadic: true, result: { name: '[]string' } });
    expect(signatureOf(define('g', 'func() bool', () => true))).toMatchObject({ params: [], variadic: false });
  });

  it('refuses types that do not exist', () => {
    expect(() => goType('v1.NoSuchType')).toThrow('unknown Go type v1.NoSuchType');
  });

  it('knows which types are assignable', () => {
    expect(isAssignable(goType('string'), goType('interface{}'))).toBe(true);
    expect(isAssignable(goType('map[string]string'), goType('map[string]interface{}'))).toBe(false);
    expect(isAssignable(goType('[]string'), goType('[]string'))).toBe(true);
    expect(isAssignable(goType('int'), goType('int64'))).toBe(false);
    expect(isAssignable(goType('string'), goType('error'))).toBe(false);
  });
});

describe('calls', () => {
  const echo = define('echo', 'func(interface {}) interface {}', (value: GoValue) => value);
  const half = define('half', 'func(int64) int64', (value: bigint) => value / 2n);
  const count = define('count', 'func(...string) int', (...texts: string[]) => texts.length);
  const upper = define('upper', 'func(string) string', (text: string) => text.toUpperCase());
  const typed = define('typed', 'func(interface {}) string', (value: GoValue) => typeName(value));
  const pointer = define('pointer', 'func(string) *string', (text: string) => text);
  const none = define('none', 'func() *string', () => null);
  const functions = table(echo, half, count, upper, typed, pointer, none);

  it.each([
    ['{{half 9}} {{half 9 | typed}} {{9.0 | typed}} {{half 1e3}}', '4 int64 float64 500'],
    ['{{count}} {{count "a" "b"}} {{"c" | count "a"}}', '0 2 2'],
    ['{{upper (pointer "x")}} {{pointer "y"}} {{none}}', 'X y <nil>'],
    ['{{typed (count "a")}} {{echo nil}} {{typed nil}} {{typed (pointer "a")}}', 'int <no value> <nil> *string'],
  ])('%s', (template, output) => {
    expect(render(template, {}, functions)).toBe(output);
  });

  it.each([
    ['{{half "a"}}', '<"a">: expected integer; found "a"'],
    ['{{half 1.5}}', '<1.5>: expected integer; found 1.5'],
    ['{{upper true}}', '<true>: expected string; found true'],
    ['{{upper (none)}}', '<none>: dereference of nil pointer of type string'],
    ['{{upper (half 1)}}', '<1>: wrong type for value; expected string; got int64'],
    ['{{half}}', '<half>: wrong number of args for half: want 1 got 0'],
    ['{{1 | half 2}}', '<half>: wrong number of args for half: want 1 got 2'],
    ['{{(echo "a").x}}', '<"a">: can\'t evaluate field x in type string'],
  ])('%s fails', (template, message) => {
    expect(failure(template, {}, functions).message).toContain(message);
  });

  it('gives functions the context they ask for', () => {
    const greet = defineWithContext(
      'greet',
      'func(string) string',
      ({ env }, name: string) => `${env['WORD'] ?? ''} ${name}`,
    );
    const template = compileTemplate('{{greet "you"}}', { functions: table(greet) });
    expect(template.execute({}, { env: { WORD: 'hi' } })).toBe('hi you');
  });

  it('has no clock and no chance unless they are given', () => {
    const now = defineWithContext('now', 'func() int64', (context) => context.now());
    expect(failure('{{now}}', {}, table(now)).message).toContain('error calling now: the time is not available');
  });

  it('reports what JavaScript refuses to build, and lets mistakes of ours through', () => {
    const huge = define('huge', 'func() string', () => 'x'.repeat(2 ** 30));
    const wrong = define('wrong', 'func() string', () => {
      throw new TypeError('a bug');
    });
    expect(failure('{{huge}}', {}, table(huge)).message).toContain('error calling huge: Invalid string length');
    expect(() => render('{{wrong}}', {}, table(wrong))).toThrow(TypeError);
    const failing = define('failing', 'func() string', () => {
      throw new FunctionError('100% sure');
    });
    expect(failure('{{failing}}', {}, table(failing)).message).toContain('error calling failing: 100% sure');
  });

  it('passes arguments as raw data of their type', () => {
    const seen: unknown[] = [];
    const look = define('look', 'func(map[string]string, []string, ...interface {}) bool', (...args: unknown[]) => {
      seen.push(...args);
      return true;
    });
    const labels = { a: '1' };
    const data = { labels: new Typed(goType('map[string]string'), labels), list: new Typed(goType('[]string'), ['x']) };
    expect(render('{{look .labels .list 1 "s" nil}}', data, table(look))).toBe('true');
    expect(seen.slice(0, 2)).toEqual([labels, ['x']]);
    expect(seen[0]).toBe(labels);
    expect(rawOf(seen[2] as GoValue)).toBe(1n);
    expect(seen.slice(3)).toEqual(['s', null]);
  });
});
