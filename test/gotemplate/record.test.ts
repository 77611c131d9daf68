import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRecordedTemplate, compileTemplate, type DataPaths, type GoValue } from '../../src/gotemplate/index.ts';

const data: GoValue = {
  Values: { a: 'A', b: '', list: ['x', 'y'], map: { k: 'v', l: 'w' }, on: true, off: false, inner: { deep: 'D' } },
  other: 'O',
};

const texts = (paths: DataPaths): string[] => [...paths].map(({ keys }) => keys.join('.')).sort();

/** What is known of the part of the output that is `text`. */
function originOf(template: string, text: string): { reads: string[]; conditions: string[]; source: string } {
  const output = compileRecordedTemplate(template)(data);
  const start = output.text.indexOf(text);
  const found = output.written.find((item) => item.start === start && item.end === start + text.length);
  if (found === undefined) throw new Error(`nothing wrote ${text} alone in ${output.text}`);
  return { reads: texts(found.reads), conditions: texts(found.conditions), source: template.slice(found.pos) };
}

describe('a recorded template', () => {
  it.each([
    { what: 'a field', template: '{{ .Values.a }}', text: 'A', reads: ['Values.a'] },
    { what: 'a variable', template: '{{ $v := .Values.inner }}{{ $v.deep }}', text: 'D', reads: ['Values.inner.deep'] },
    {
      what: 'the data behind $',
      template: '{{ with .Values }}{{ $.other }}{{ end }}',
      text: 'O',
      reads: ['other'],
      conditions: ['Values'],
    },
    { what: 'a pipeline', template: '{{ .Values.a | lower | quote }}', text: '"a"', reads: ['Values.a'] },
    { what: 'several arguments', template: '{{ print .Values.a .other }}', text: 'AO', reads: ['Values.a', 'other'] },
    { what: 'an index', template: '{{ index .Values.map "k" }}', text: 'v', reads: ['Values.map.k'] },
    {
      what: 'an index by data',
      template: '{{ index .Values (lower "MAP") .other | default "-" }}',
      text: '-',
      conditions: ['Values.map.O', 'other'],
    },
    {
      what: 'a default that counts',
      template: '{{ .Values.b | default .other }}',
      text: 'O',
      reads: ['other'],
      conditions: ['Values.b'],
    },
    { what: 'a default that does not', template: '{{ .Values.a | default .other }}', text: 'A', reads: ['Values.a'] },
    {
      what: 'or',
      template: '{{ or .Values.b .Values.a .other }}',
      text: 'A',
      reads: ['Values.a'],
      conditions: ['Values.b'],
    },
    { what: 'and', template: '{{ and .Values.a .other }}', text: 'O', reads: ['other'], conditions: ['Values.a'] },
    {
      what: 'coalesce',
      template: '{{ coalesce .Values.b .other }}',
      text: 'O',
      reads: ['other'],
      conditions: ['Values.b'],
    },
    {
      what: 'ternary',
      template: '{{ ternary .Values.a .other .Values.on }}',
      text: 'A',
      reads: ['Values.a'],
      conditions: ['Values.on'],
    },
    {
      what: 'valueOrDefault',
      template: '{{ valueOrDefault .Values.b .other }}',
      text: 'O',
      reads: ['other'],
      conditions: ['Values.b'],
    },
    {
      what: 'dig that finds',
      template: '{{ dig "inner" "deep" "-" .Values }}',
      text: 'D',
      reads: ['Values.inner.deep'],
    },
    {
      what: 'dig that does not',
      template: '{{ dig "inner" "no" .other .Values }}',
      text: 'O',
      reads: ['other'],
      conditions: ['Values.inner.no'],
    },
    { what: 'get', template: '{{ get .Values.map "l" }}', text: 'w', reads: ['Values.map.l'] },
    { what: 'a comparison', template: '{{ eq .Values.a "A" }}', text: 'true', conditions: ['Values.a'] },
    {
      what: 'if',
      template: '{{ if .Values.on }}{{ .Values.a }}{{ end }}',
      text: 'A',
      reads: ['Values.a'],
      conditions: ['Values.on'],
    },
    { what: 'else', template: '{{ if .Values.off }}no{{ else }}yes{{ end }}', text: 'yes', conditions: ['Values.off'] },
    {
      what: 'with',
      template: '{{ with .Values.inner }}{{ .deep }}{{ end }}',
      text: 'D',
      reads: ['Values.inner.deep'],
      conditions: ['Values.inner'],
    },
    {
      what: 'the else of with',
      template: '{{ with .Values.b }}no{{ else }}{{ .other }}{{ end }}',
      text: 'O',
      reads: ['other'],
      conditions: ['Values.b'],
    },
    {
      what: 'an element',
      template: '{{ range .Values.list }}{{ . }};{{ end }}',
      text: 'y',
      reads: ['Values.list.1'],
      conditions: ['Values.list'],
    },
    {
      what: 'an element by variable',
      template: '{{ range $i, $e := .Values.list }}{{ $e }}{{ $i }};{{ end }}',
      text: 'y',
      reads: ['Values.list.1'],
      conditions: ['Values.list'],
    },
    {
      what: 'an entry',
      template: '{{ range $k, $e := .Values.map }}{{ $e }};{{ end }}',
      text: 'w',
      reads: ['Values.map.l'],
      conditions: ['Values.map'],
    },
    {
      what: 'the key of an entry',
      template: '{{ range $k, $e := .Values.map }}{{ $k }};{{ end }}',
      text: 'l',
      conditions: ['Values.map', 'Values.map.l'],
    },
    {
      what: 'a defined template',
      template: '{{ define "d" }}{{ .deep }}{{ $.deep | lower }}{{ end }}{{ template "d" .Values.inner }}',
      text: 'd',
      reads: ['Values.inner.deep'],
    },
    {
      what: 'an assignment in a branch',
      template: '{{ $v := "-" }}{{ if .Values.on }}{{ $v = .Values.a }}{{ end }}{{ $v }}',
      text: 'A',
      reads: ['Values.a'],
      conditions: ['Values.on'],
    },
    {
      what: 'an assignment that did not happen',
      template: '{{ $v := "-" }}{{ if .Values.off }}{{ $v = .Values.a }}{{ end }}{{ $v }}',
      text: '-',
      conditions: ['Values.off'],
    },
    {
      what: 'a map that was changed',
      template: '{{ $m := dict }}{{ $_ := set $m "k" .other }}{{ $m.k }}',
      text: 'O',
      reads: ['other'],
    },
    { what: 'a constant', template: '{{ "c" }}', text: 'c' },
  ])('knows what $what comes from', ({ template, text, reads = [], conditions = [] }) => {
    expect(originOf(template, text)).toMatchObject({ reads, conditions });
  });

  it('knows the place of text and actions, and who called the template they are in', () => {
    const template = 'one\n{{ define "d" }}two{{ end }}{{ template "d" }}{{- if .Values.off }}x{{ end }}';
    const { written, text } = compileRecordedTemplate(template)(data);
    expect(text).toBe('one\ntwo');
    expect(written.map(({ kind, pos, callers }) => [kind, template.slice(pos, pos + 3), callers.length])).toEqual([
      ['text', 'one', 0],
      ['text', 'two', 1],
      ['decision', expect.any(String), 0],
    ]);
  });

  it('covers its output without gaps and writes what the template writes', () => {
    const part = fc.constantFrom(
      'text\n',
      '{{ .other }}',
      '{{ .Values.b }}',
      '{{ range .Values.list }}-{{ . }}{{ end }}',
      '{{ if .Values.on }}y{{ end }}',
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const template = parts.join('');
        const { text, written } = compileRecordedTemplate(template)(data);
        expect(text).toBe(compileTemplate(template).execute(data));
        let end = 0;
        for (const item of written) {
          expect(item.start).toBe(end);
          end = item.end;
        }
        expect(end).toBe(text.length);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('starts anew with each execution', () => {
    const run = compileRecordedTemplate('{{ .other }}');
    const first = run(data);
    expect(run(data)).toEqual(first);
    expect(first.written).toHaveLength(1);
  });

  it('does not make keys of what may be environment variables', () => {
    const environment: GoValue = { Spec: { value: 'secret' }, Values: { map: { secret: 'v' } } };
    const { written } = compileRecordedTemplate('{{ index .Values.map .Spec.value }}')(environment);
    expect(written.map(({ reads, conditions }) => [texts(reads), texts(conditions)])).toEqual([
      [['Values.map'], ['Spec.value']],
    ]);
  });
});
