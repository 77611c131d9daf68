import { describe, expect, it } from 'vitest';
import { UINT64 } from '../../src/gotemplate/types.ts';
import { Typed } from '../../src/gotemplate/values.ts';
import { failure, render } from './render.ts';

const data = {
  text: 'héllo',
  list: ['a', 'b', 'c'],
  map: { a: { b: ['x', 'y'] } },
  n: 3,
  nothing: null,
  unsigned: new Typed(UINT64, 5n),
  huge: new Typed(UINT64, 18446744073709551615n),
};

describe('index, slice and len', () => {
  it.each([
    ['{{index .list 2}} {{index .map "a" "b" 1}} {{index .list}}', 'c y [a b c]'],
    ['{{index .map "zz"}}|{{index .text 1}}', '<no value>|195'],
    [
      '{{slice .list 1}} {{slice .list 0 2}} {{slice .list}} {{slice .list 1 1}} {{slice .list 0 1 2}}',
      '[b c] [a b] [a b c] [] [a]',
    ],
    ['{{slice .text 0 3}} {{slice "abc" 1}} {{slice "abc" 3}}', 'hé bc '],
    ['{{len .text}} {{len .list}} {{len .map}} {{len ""}}', '6 3 1 0'],
  ])('%s', (template, output) => {
    expect(render(template, data)).toBe(output);
  });
});

describe('comparison', () => {
  it.each([
    [
      '{{eq 1 1}} {{eq 1 2 3 1}} {{eq "a" "b"}} {{eq true true}} {{eq 1.5 1.5}} {{eq 1i 1i}}',
      'true true false true true true',
    ],
    [
      '{{eq .nothing nil}} {{eq .missing nil}} {{eq .nothing .missing}} {{eq .list nil}} {{eq nil 1}}',
      'true true true false false',
    ],
    [
      '{{eq .unsigned 5}} {{eq 5 .unsigned}} {{eq .huge -1}} {{lt -1 .huge}} {{lt .huge 1}} {{gt .unsigned 4}}',
      'true true false true false true',
    ],
    ['{{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt 3 2}} {{ge 2 3}}', 'true true true true false'],
    ['{{lt "a" "b"}} {{lt "é" "z"}} {{lt 1.5 2.5}} {{le "b" "a"}}', 'true false true false'],
    ['{{eq 3.0 .n}} {{not (eq 3.5 .n)}}', 'true true'],
  ])('%s', (template, output) => {
    expect(render(template, data)).toBe(output);
  });
});

describe('escaping', () => {
  it.each([
    ['{{html "<a href=\\"x\\">\'&\'</a>\\x00"}}', '&lt;a href=&#34;x&#34;&gt;&#39;&amp;&#39;&lt;/a&gt;\ufffd'],
    ['{{html 1 "a" true nil}}', '1atrue&lt;no value&gt;'],
    [
      '{{js "it\'s <b> \\"x\\" a=b&c \\\\ \\n é \\u2028"}}',
      'it\\\'s \\u003Cb\\u003E \\"x\\" a\\u003Db\\u0026c \\\\ \\u000A é \\u2028',
    ],
    ['{{js "\\xff"}}', '\ufffd'],
    ['{{urlquery "a b&c=d/é~-_."}}', 'a+b%26c%3Dd%2F%C3%A9~-_.'],
    ['{{urlquery .n}}', '3'],
  ])('%s', (template, output) => {
    expect(render(template, data)).toBe(output);
  });
});

describe('printing', () => {
  it.each([
    ['{{print "a" 1 2 "b" true}}', 'a1 2btrue'],
    ['{{println "a" 1}}', 'a 1\n'],
    ['{{printf "%s-%03d" "x" 7}}', 'x-007'],
    ['{{print}}', ''],
  ])('%s', (template, output) => {
    expect(render(template, data)).toBe(output);
  });
});

it('lets other functions replace the built-in ones', async () => {
  const { define } = await import('../../src/gotemplate/function.ts');
  const functions = new Map([['len', define('len', 'func(string) int', () => 99)]]);
  expect(render('{{len "a"}}', data, functions)).toBe('99');
  expect(failure('{{len .n}}', data, functions).message).toContain(
    'wrong type for value; expected string; got float64',
  );
});
