import { describe, expect, it } from 'vitest';
import { render } from './render.ts';

const data = {
  name: 'proxy',
  text: 'tick',
  n: 3,
  big: 1000000,
  yes: true,
  no: false,
  nothing: null,
  list: ['a', 'b', 'c'],
  empty: [],
  none: {},
  map: { b: '2', a: '1', c: '3' },
  deep: { x: { y: 'z' } },
};

describe('text and trimming', () => {
  it.each([
    ['plain', 'plain'],
    ['{ { }} }', '{ { }} }'],
    ['a {{- .name -}} b', 'aproxyb'],
    ['a {{- /* note */ -}} b', 'ab'],
    ['a{{/* two\nlines */}}b', 'ab'],
    ['x\n\t {{- .name }} y', 'xproxy y'],
    ['{{-3}}', '-3'],
    ['{{- -3 -}}', '-3'],
    ['{{"{{"}}', '{{'],
    ['{{`a\r\n"b"`}}', 'a\n"b"'],
    ['{{\n.name\n}}', 'proxy'],
    ['', ''],
  ])('%j gives %j', (template, output) => {
    expect(render(template, data)).toBe(output);
  });
});

describe('constants', () => {
  it.each([
    ['{{1_000}} {{0x1F}} {{0b101}} {{0o17}} {{017}} {{0x1p4}}', '1000 31 5 15 15 16'],
    ["{{'a'}} {{'\\n'}} {{'\\''}} {{'é'}} {{'\\x41'}} {{'\\u00e9'}} {{'\\101'}}", '97 10 39 233 65 233 65'],
    ['{{1.5}} {{.5}} {{1.}} {{1e6}} {{print 1e3}} {{-0.0}}', '1.5 0.5 1 1e+06 1000 -0'],
    ['{{1i}} {{1+2i}} {{-1.5-2i}}', '(0+1i) (1+2i) (-1.5-2i)'],
    ['{{-9223372036854775808}} {{9223372036854775807}}', '-9223372036854775808 9223372036854775807'],
    ['{{"\\u00e9\\x41\\101\\t\\U0001F600\\a"}}', 'éAA\t😀\x07'],
    ['{{true}} {{false}}', 'true false'],
    ['{{"\\xc3\\xa9"}}{{"\\xff"}}', 'é\ufffd'],
  ])('%s', (template, output) => {
    expect(render(template, data)).toBe(output);
  });
});

describe('fields and variables', () => {
  it.each([
    ['{{.deep.x.y}}', 'z'],
    ['{{.missing}}|{{.missing.more}}', '<no value>|<no value>'],
    ['{{.nothing}}', '<no value>'],
    ['{{print .nothing .missing}}', '<nil> <nil>'],
    ['{{.big}} {{.n}} {{.yes}}', '1e+06 3 true'],
    ['{{.map}} {{.list}}', 'map[a:1 b:2 c:3] [a b c]'],
    ['{{$x := .n}}{{$x}}{{$x = "changed"}}{{$x}}', '3changed'],
    ['{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}', '21'],
    ['{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
    ['{{with .deep}}{{.x.y}}{{$.name}}{{end}}', 'zproxy'],
    ['{{$d := .deep}}{{$d.x.y}}', 'z'],
    ['{{(index .list 1)}}{{(.deep).x.y}}', 'bz'],
    ['{{with $x := .deep}}{{$x.x.y}}{{end}}', 'z'],
    ['{{$x := 1}}{{and false ($x := 2)}}{{$x}}', 'false1'],
    ['{{$x := 1}}{{and true ($x := 2)}}{{$x}}', '22'],
  ])('%s', (template, output) => {
    expect(render(template, data)).toBe(output);
  });

  it('reads keys that every JavaScript object inherits only when the map has them', () => {
    expect(render('{{.constructor}} {{.toString}} {{.__proto__}}', {})).toBe('<no value> <no value> <no value>');
    expect(render('{{.__proto__}}', JSON.parse('{"__proto__":"own"}'))).toBe('own');
  });
});

describe('conditions', () => {
  it.each([
    ['{{if .yes}}T{{else}}F{{end}}', 'T'],
    ['{{if .no}}T{{else}}F{{end}}', 'F'],
    ['{{if .no}}1{{else if .yes}}2{{else}}3{{end}}', '2'],
    ['{{if .missing}}T{{else}}F{{end}}{{if .nothing}}T{{else}}F{{end}}', 'FF'],
    ['{{if .empty}}T{{else}}F{{end}}{{if .none}}T{{else}}F{{end}}{{if ""}}T{{else}}F{{end}}', 'FFF'],
    [
      '{{if .list}}T{{end}}{{if .map}}T{{end}}{{if 0}}T{{else}}F{{end}}{{if 0.1}}T{{end}}{{if 0i}}T{{else}}F{{end}}',
      'TTFTF',
    ],
    ['{{with .name}}{{.}}{{else}}none{{end}}', 'proxy'],
    ['{{with .no}}{{.}}{{else with .name}}{{.}}!{{else}}none{{end}}', 'proxy!'],
    ['{{with .no}}x{{else}}{{.name}}{{end}}', 'proxy'],
  ])('%s', (template, output) => {
    expect(render(template, data)).toBe(output);
  });
});

describe('range', () => {
  it.each([
    ['{{range .list}}<{{.}}>{{end}}', '<a><b><c>'],
    ['{{range $i, $e := .list}}{{$i}}{{$e}} {{end}}', '0a 1b 2c '],
    ['{{range $e := .list}}{{$e}}{{end}}', 'abc'],
    ['{{range $k, $v := .map}}{{$k}}={{$v}};{{end}}', 'a=1;b=2;c=3;'],
    ['{{range .map}}{{.}}{{end}}', '123'],
    ['{{range .empty}}x{{else}}empty{{end}}{{range .missing}}x{{else}}missing{{end}}', 'emptymissing'],
    ['{{range $x := .empty}}{{else}}{{$x}}{{end}}', '[]'],
    ['{{range 3}}{{.}}{{end}} {{range $i := 2}}{{$i}}{{end}} {{range 0}}x{{else}}zero{{end}}', '012 01 zero'],
    ['{{range .list}}{{if eq . "b"}}{{continue}}{{end}}{{.}}{{end}}', 'ac'],
    ['{{range .list}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}}', 'a'],
    ['{{range .list}}{{with .}}{{if eq . "b"}}{{break}}{{end}}{{end}}{{.}}{{end}}{{.name}}', 'aproxy'],
    ['{{$last := ""}}{{range $last = .list}}{{end}}{{$last}}', 'c'],
    ['{{$i := 9}}{{$e := 9}}{{range $i, $e = .list}}{{end}}{{$i}}{{$e}}', '2c'],
  ])('%s', (template, output) => {
    expect(render(template, data)).toBe(output);
  });
});

describe('named templates', () => {
  it.each([
    ['{{define "t"}}[{{.}}]{{end}}{{template "t" .name}}{{template "t"}}', '[proxy][<no value>]'],
    ['{{template "late" .}}{{define "late"}}{{$.name}}{{end}}', 'proxy'],
    ['{{block "b" .deep}}{{.x.y}}{{end}}', 'z'],
    ['{{define "a"}} {{end}}{{define "a"}}2{{end}}{{template "a"}}', '2'],
    ['{{$x := 1}}{{define "t"}}{{$x := 2}}{{$x}}{{end}}{{template "t"}}{{$x}}', '21'],
    ['{{define "r"}}{{if .}}{{len .}}{{template "r" (slice . 1)}}{{end}}{{end}}{{template "r" .list}}', '321'],
    ['{{define "inject"}}body{{end}}  ', 'body'],
  ])('%s', (template, output) => {
    expect(render(template, data)).toBe(output);
  });
});

describe('pipelines', () => {
  it.each([
    ['{{.name | printf "%s!" | len}}', '6'],
    ['{{"x" | print "a" | printf "%s%s" "b"}}', 'bax'],
    ['{{printf "%d" (len .list)}}', '3'],
    ['{{true | and .yes}}', 'true'],
    ['{{.name | or .no}}', 'proxy'],
    ['{{or .no 0 "" .name}} {{and .yes 1 ""}}| {{not .no}}', 'proxy | true'],
    ['{{and .no (index .list 99)}}', 'false'],
  ])('%s', (template, output) => {
    expect(render(template, data)).toBe(output);
  });
});
