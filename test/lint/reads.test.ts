import { describe, expect, it } from 'vitest';
import { parse } from '../../src/gotemplate/parse/parser.ts';
import { readsOf } from '../../src/lint/reads.ts';

/** Paths that are read, those that must not be missing with `!`, those only handed on with `~`. */
function readsIn(text: string): string[] {
  const { reads } = readsOf(
    parse('main', text, () => true),
    'main',
  );
  const shown = reads.map(
    ({ path, isTolerant, isPassed }) => `${isPassed ? '~' : isTolerant ? '' : '!'}${path.join('.')}`,
  );
  return [...new Set(shown)].sort();
}

describe('the places that a template reads', () => {
  it.each<[string, string, string[]]>([
    ['a field', '{{ .Values.a.b }}', ['!Values.a.b']],
    ['a field of the root', '{{ with .Values.a }}{{ $.Values.b }}{{ end }}', ['!Values.b', '~Values.a']],
    ['the dot of a with', '{{ with .Values.a }}{{ .b }}{{ end }}', ['Values.a.b', '~Values.a']],
    ['a variable', '{{ $v := .Values.a }}{{ $v.b }}', ['!Values.a.b', '~Values.a']],
    ['elements', '{{ range .Values.a }}{{ .b }}{{ end }}', ['Values.a.*.b', '~Values.a']],
    ['elements in variables', '{{ range $i, $e := .Values.a }}{{ $e.b }}{{ end }}', ['Values.a.*.b', '~Values.a']],
    ['an index', '{{ index .Values.a "b" "c" }}', ['Values.a.b.c', '~Values.a']],
    ['a computed index', '{{ index .Values.a .Revision }}', ['!Revision', 'Values.a.*', '~Values.a']],
    ['a default', '{{ .Values.a | default "x" }}', ['Values.a']],
    ['one of two', '{{ (or .Values.a .Values.b).c }}', ['Values.a.c', 'Values.b.c', '~Values.a', '~Values.b']],
    ['what was asked for', '{{ if .Values.a }}{{ .Values.a.b }}{{ end }}', ['Values.a', 'Values.a.b']],
    ['what was asked for otherwise', '{{ if not .Values.a }}x{{ else }}{{ .Values.a }}{{ end }}', ['Values.a']],
    ['a chain', '{{ ((.Values.a).b).c }}', ['Values.a.b.c', '~Values.a', '~Values.a.b']],
    ['a call', '{{ define "t" }}{{ .b }}{{ end }}{{ template "t" .Values.a }}', ['!Values.a.b', '~Values.a']],
    [
      'an assignment',
      '{{ $v := .Values.a }}{{ if .X }}{{ $v = .Values.b }}{{ end }}{{ $v.c }}',
      ['Values.a.c', 'Values.b.c', 'X', '~Values.a', '~Values.b'],
    ],
    ['the whole of something', '{{ toYaml .Values }}', ['!Values']],
  ])('%s', (_what, text, expected) => {
    expect(readsIn(text)).toEqual([...expected].sort());
  });

  it('ends in templates that call themselves with ever deeper data', () => {
    expect(readsIn('{{ define "t" }}{{ template "t" .a }}{{ end }}{{ template "t" .Values }}').length).toBeLessThan(30);
  });

  it('looks at definitions that nothing calls, without knowing their data', () => {
    const trees = parse('main', '{{ define "t" }}{{ .a }}{{ template "u" }}{{ end }}', () => true);
    expect(readsOf(trees, 'main')).toMatchObject({ reads: [], calls: [{ name: 'u' }] });
  });
});
