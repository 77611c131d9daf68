import { describe, expect, it } from 'vitest';
import { define } from '../../src/gotemplate/function.ts';
import { FunctionError } from '../../src/gotemplate/index.ts';
import { failure } from './render.ts';

const data = { name: 'proxy', list: ['a'], n: 1, nothing: null, map: { a: '1' } };

describe('parse errors', () => {
  it.each([
    ['{{', 'unclosed action'],
    ['{{.x', 'unclosed action'],
    ['{{/* x', 'unclosed comment'],
    ['{{/* x */ y}}', 'comment ends before closing delimiter'],
    ['{{"x}}', 'unterminated quoted string'],
    ['{{`x}}', 'unterminated raw quoted string'],
    ["{{'x}}", 'unterminated character constant'],
    ['{{(1}}', 'unclosed left paren'],
    ['{{1)}}', 'unexpected right paren'],
    ['{{nope}}', 'function "nope" not defined'],
    ['{{$x}}', 'undefined variable "$x"'],
    ['{{if .x}}{{$y := 1}}{{end}}{{$y}}', 'undefined variable "$y"'],
    ['{{}}', 'missing value for command'],
    ['{{if}}x{{end}}', 'missing value for if'],
    ['{{if .x}}', 'unexpected EOF'],
    ['{{end}}', 'unexpected {{end}}'],
    ['{{else}}', 'unexpected {{else}}'],
    ['{{if .x}}{{else}}{{else}}{{end}}', 'expected end; found {{else}}'],
    ['{{break}}', '{{break}} outside {{range}}'],
    ['{{range .}}{{block "b" .}}{{continue}}{{end}}{{end}}', '{{continue}} outside {{range}}'],
    ['{{range .x}}{{continue 1}}{{end}}', 'unexpected "1" in {{continue}}'],
    ['{{.x | 1}}', 'non executable command in pipeline stage 2'],
    ['{{1 | .x | "s"}}', 'non executable command in pipeline stage 3'],
    ['{{1.x}}', 'bad number syntax: "1.x"'],
    ['{{1a}}', 'bad number syntax: "1a"'],
    ['{{1+2}}', 'bad number syntax: "1+2"'],
    ['{{08}}', 'integer overflow: "08"'],
    ['{{18446744073709551616}}', 'integer overflow: "18446744073709551616"'],
    ['{{1e400}}', 'illegal number syntax: "1e400"'],
    ['{{"a\\qb"}}', 'invalid syntax'],
    ["{{''}}", 'invalid syntax'],
    ["{{'ab'}}", "malformed character constant: 'ab'"],
    ['{{"a".x}}', 'unexpected . after term "\\"a\\""'],
    ['{{nil.x}}', 'unexpected . after term "nil"'],
    ['{{.x:y}}', 'expected :='],
    ['{{.x@}}', "bad character U+0040 '@'"],
    ['{{x\u0001}}', 'bad character U+0001'],
    ['{{\u00a0}}', 'unrecognized character in action: U+00A0'],
    ['{{.x .}} {{=}}', 'unexpected "=" in command'],
    ['{{$a, $b := .x}}', 'too many declarations in command'],
    ['{{range $a, 1 := .x}}{{end}}', 'range can only initialize variables'],
    ['{{range $a, $b, $c := .x}}{{end}}', 'too many declarations in range'],
    ['{{define t}}{{end}}', 'unexpected "t" in define clause'],
    ['{{if .x}}{{define "t"}}{{end}}{{end}}', 'unexpected <define> in command'],
    ['{{define "a"}}1{{end}}{{define "a"}}2{{end}}', 'template: multiple definition of template "a"'],
    ['{{define "a"}}{{else}}{{end}}', 'unexpected {{else}} in define clause'],
    ['{{template}}', 'unexpected "}}" in template clause'],
    ['{{block "b"}}{{end}}', 'missing value for block clause'],
    ['{{ | }}', 'unexpected "|" in command'],
    ['{{print ()}}', 'missing value for parenthesized pipeline'],
    ['{{a_very_long_identifier := 1}}', 'function "a_very_long_identifier" not defined'],
    ['{{.x "a long string" := 1}}', 'unexpected ":=" in operand'],
    ['{{(1)"another long string"}}', 'unexpected "\\"another l"... in operand'],
  ])('%j: %s', (template, message) => {
    const error = failure(template);
    expect(error.phase).toBe('parse');
    expect(error.column).toBeUndefined();
    expect(error.message).toBe(`template: inject:1: ${message}`);
  });

  it('names the line of the token read last', () => {
    expect(failure('a\nb\n{{nope}}\n').message).toBe('template: inject:3: function "nope" not defined');
    expect(failure('a\n{{if .x}}\nb\n').line).toBe(4);
  });

  it('says where an unfinished action started', () => {
    expect(failure('\n{{ .x\n "').message).toBe(
      'template: inject:3: unterminated quoted string in action started at inject:2',
    );
    expect(failure('\n{{ .x\n ').message).toBe('template: inject:3: unclosed action started at inject:2');
  });
});

describe('execution errors', () => {
  it.each([
    ['{{.name.x}}', '1:7', '<.name.x>', "can't evaluate field x in type interface {}"],
    ['{{with .name}}{{.x}}{{end}}', '1:16', '<.x>', "can't evaluate field x in type string"],
    ['{{range .list}}{{.x}}{{end}}', '1:17', '<.x>', "can't evaluate field x in type interface {}"],
    ['{{$v := .n}}{{$v.x}}', '1:16', '<$v.x>', "can't evaluate field x in type float64"],
    ['{{.nothing.x}}', '1:10', '<.nothing.x>', 'nil pointer evaluating interface {}.x'],
    ['{{.map.a 1}}', '1:6', '<.map.a>', 'a is not a method but has arguments'],
    ['{{nil}}', '1:2', '<nil>', 'nil is not a command'],
    ['{{"a" "b"}}', '1:2', '<"a">', 'can\'t give argument to non-function "a"'],
    ['{{(1) 2}}', '1:2', '<(1) 2>', "can't give argument to non-function 1"],
    ['{{9223372036854775808}}', '1:2', '<9223372036854775808>', '9223372036854775808 overflows int'],
    ['{{$x = 1}}', '1:7', '<1>', 'undefined variable: $x'],
    ['{{$x := $x}}', '1:8', '<$x>', 'undefined variable: $x'],
    ['{{template "t"}}', '1:11', '<{{template "t"}}>', 'template "t" not defined'],
    ['{{range .name}}{{end}}', '1:8', '<.name>', "range can't iterate over proxy"],
    ['{{range $i, $e := 3}}{{end}}', '1:18', '<3>', "can't use 3 to iterate over more than one variable"],
    ['{{printf}}', '1:2', '<printf>', 'wrong number of args for printf: want at least 1 got 0'],
    ['{{not 1 2}}', '1:2', '<not>', 'wrong number of args for not: want 1 got 2'],
    ['{{printf 1}}', '1:9', '<1>', 'expected string; found 1'],
    ['{{printf nil}}', '1:9', '<nil>', 'cannot assign nil to string'],
    ['{{printf .n}}', '1:9', '<.n>', 'wrong type for value; expected string; got float64'],
    ['{{printf .nothing}}', '1:9', '<.nothing>', 'wrong type for value; expected string; got interface {}'],
    ['{{printf .missing}}', '1:9', '<.missing>', 'invalid value; expected string'],
    ['{{index .list 1}}', '1:2', '<index .list 1>', 'error calling index: reflect: slice index out of range'],
    ['{{index .list 5}}', '1:2', '<index .list 5>', 'error calling index: index out of range: 5'],
    ['{{index .list -1}}', '1:2', '<index .list -1>', 'error calling index: index out of range: -1'],
    [
      '{{index .list "a"}}',
      '1:2',
      '<index .list "a">',
      'error calling index: cannot index slice/array with type string',
    ],
    ['{{index .list nil}}', '1:2', '<index .list nil>', 'error calling index: cannot index slice/array with nil'],
    ['{{index .map 1}}', '1:2', '<index .map 1>', 'error calling index: value has type int; should be string'],
    ['{{index .map nil}}', '1:2', '<index .map nil>', 'error calling index: value is nil; should be of type string'],
    ['{{index .missing 1}}', '1:2', '<index .missing 1>', 'error calling index: index of untyped nil'],
    ['{{index .nothing 1}}', '1:2', '<index .nothing 1>', 'error calling index: index of untyped nil'],
    ['{{index . "nothing" 1}}', '1:2', '<index . "nothing" 1>', 'error calling index: index of nil pointer'],
    ['{{index 1 1}}', '1:2', '<index 1 1>', "error calling index: can't index item of type int"],
    ['{{index "é" 2}}', '1:2', '<index "é" 2>', 'error calling index: reflect: string index out of range'],
    ['{{slice nil}}', '1:2', '<slice nil>', 'error calling slice: slice of untyped nil'],
    [
      '{{slice .map 1}}',
      '1:2',
      '<slice .map 1>',
      "error calling slice: can't slice item of type map[string]interface {}",
    ],
    ['{{slice .list 0 2}}', '1:2', '<slice .list 0 2>', 'error calling slice: index out of range: 2'],
    ['{{slice "abc" 2 1}}', '1:2', '<slice "abc" 2 1>', 'error calling slice: invalid slice index: 2 > 1'],
    ['{{slice "abc" 1 2 3}}', '1:2', '<slice "abc" 1 2 3>', 'error calling slice: cannot 3-index slice a string'],
    ['{{slice .list 0 1 0}}', '1:2', '<slice .list 0 1 0>', 'error calling slice: invalid slice index: 1 > 0'],
    ['{{slice .list 0 0 0 0}}', '1:2', '<slice .list 0 0 0 0>', 'error calling slice: too many slice indexes: 4'],
    ['{{len 3}}', '1:2', '<len 3>', 'error calling len: len of type int'],
    ['{{len .nothing}}', '1:2', '<len .nothing>', 'error calling len: len of nil pointer'],
    [
      '{{len .missing}}',
      '1:2',
      '<len .missing>',
      'error calling len: reflect: call of reflect.Value.Type on zero Value',
    ],
    ['{{eq 1}}', '1:2', '<eq 1>', 'error calling eq: missing argument for comparison'],
    ['{{eq 1 1.0}}', '1:2', '<eq 1 1.0>', 'error calling eq: incompatible types for comparison: int and float64'],
    [
      '{{eq .map .map}}',
      '1:2',
      '<eq .map .map>',
      'error calling eq: non-comparable type map[a:1]: map[string]interface {}',
    ],
    [
      '{{eq .map .list}}',
      '1:2',
      '<eq .map .list>',
      'error calling eq: non-comparable types map[a:1]: map[string]interface {}, []interface {}: [a]',
    ],
    ['{{lt true false}}', '1:2', '<lt true false>', 'error calling lt: invalid type for comparison'],
    ['{{lt .missing 1}}', '1:2', '<lt .missing 1>', 'error calling lt: invalid type for comparison'],
    ['{{gt "a" 1}}', '1:2', '<gt "a" 1>', 'error calling gt: incompatible types for comparison: string and int'],
    ['{{call nil}}', '1:2', '<call nil>', 'error calling call: call of nil'],
    ['{{call "f" 1}}', '1:2', '<call "f" 1>', 'error calling call: non-function "f" of type string'],
    ['{{"f" | call}}', '1:8', '<call>', 'error calling call: non-function f of type string'],
  ])('%s fails at %s', (template, position, at, message) => {
    const error = failure(template, data);
    expect(error.phase).toBe('exec');
    expect(error.message).toBe(`template: inject:${position}: executing "inject" at ${at}: ${message}`);
    expect(`${error.line}:${error.column ?? ''}`).toBe(position);
  });

  it('counts columns in bytes and lines from one', () => {
    expect(failure('x\né {{.name.x}}', data)).toMatchObject({ line: 2, column: 10 });
  });

  it('names the template that was executing', () => {
    const { message } = failure('{{define "t"}}{{.x}}{{end}}{{template "t" "s"}}');
    expect(message).toBe('template: inject:1:16: executing "t" at <.x>: can\'t evaluate field x in type string');
  });

  it('shows the failing node in canonical form', () => {
    const template = '{{range  1}}{{ template "t"  (print  1 |len) }}{{end}}';
    expect(failure(template, data).message).toContain('at <{{template "t" (print 1 | len)}}>');
  });

  it('reports what a function throws, at its call', () => {
    const broken = define('broken', 'func(string) (string, error)', () => {
      throw new FunctionError('no luck');
    });
    const functions = new Map([['broken', broken]]);
    expect(failure('{{ broken "x" }}', data, functions).message).toBe(
      'template: inject:1:3: executing "inject" at <broken "x">: error calling broken: no luck',
    );
  });
});
