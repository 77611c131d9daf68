import { describe, expect, it } from 'vitest';
import { projectionOf, renderTemplate, showPath, templateReads } from '../../src/gotemplate/index.ts';

/** The places of a template as text, those that are read as a whole with a star. */
function readsOf(template: string, dataKind: 'injection' | 'json' = 'injection'): string[] {
  const { reads } = templateReads(template, { dataKind });
  return [...new Set(reads.map(({ path, isWhole }) => showPath(path) + (isWhole ? '*' : '')))].sort();
}

describe('the reads of a template', () => {
  it.each([
    ['a printed field', '{{ .Values.global.hub }}', ['.Values.global.hub*']],
    ['a condition, which asks whether something is there', '{{ if .Values.a }}x{{ end }}', ['.Values.a']],
    [
      'both branches',
      '{{ if .Values.a }}{{ .Revision }}{{ else }}{{ .ProxyImage }}{{ end }}',
      ['.ProxyImage*', '.Revision*', '.Values.a'],
    ],
    [
      'the dot of a with, and the outer one in its else',
      '{{ with .Values.a }}{{ .b }}{{ else }}{{ .Revision }}{{ end }}',
      ['.Revision*', '.Values.a', '.Values.a.b*'],
    ],
    [
      'elements of a range',
      '{{ range .Spec.Containers }}{{ .Name }}{{ end }}',
      ['.Spec.Containers', '.Spec.Containers[].Name*'],
    ],
    [
      'variables of a range',
      '{{ range $i, $c := .Spec.Containers }}{{ $i }}{{ $c.Image }}{{ end }}',
      ['.Spec.Containers', '.Spec.Containers[].Image*'],
    ],
    [
      'variables',
      '{{ $p := .Values.global.proxy }}{{ $p.image }}',
      ['.Values.global.proxy', '.Values.global.proxy.image*'],
    ],
    [
      'assignments, those of later rounds too',
      '{{ $v := .Values }}{{ range .Values.list }}{{ $v.x }}{{ $v = .Values.other }}{{ end }}',
      ['.Values', '.Values.list', '.Values.list[].Values.other', '.Values.list[].Values.other.x*', '.Values.x*'],
    ],
    [
      'the root in a template of its own',
      '{{ define "t" }}{{ $.Name }}{{ end }}{{ template "t" .DeploymentMeta }}',
      ['.DeploymentMeta', '.DeploymentMeta.Name*'],
    ],
    [
      'constant keys of index',
      '{{ index .ObjectMeta.Labels "app" }}',
      ['.ObjectMeta.Labels', '.ObjectMeta.Labels.app*'],
    ],
    [
      'any key where it is computed',
      '{{ index .ObjectMeta.Labels .Revision }}',
      ['.ObjectMeta.Labels', '.ObjectMeta.Labels[]*', '.Revision*'],
    ],
    ['an annotation', '{{ annotation .ObjectMeta `a/b` .Values.x }}', ['.ObjectMeta', '.Values.x*']],
    [
      'entries of maps that the template makes',
      '{{ $d := dict "c" .Spec "n" .Revision }}{{ $d.c.ServiceAccountName }}',
      ['.Revision', '.Spec', '.Spec.ServiceAccountName*'],
    ],
    [
      'elements of lists that the template makes',
      '{{ $l := list }}{{ range .Spec.Containers }}{{ $l = append $l .Name }}{{ end }}{{ join "," $l }}',
      ['.Spec.Containers', '.Spec.Containers[].Name*'],
    ],
    ['a fallback', '{{ .Values.a | default .Values.b }}', ['.Values.a*', '.Values.b*']],
    ['unknown uses, as a whole', '{{ toYaml .Values.a }}', ['.Values.a*']],
    [
      'getters as their fields',
      '{{ .ProxyConfig.GetTracing.GetTlsSettings.GetCaCertificates }}',
      ['.ProxyConfig.Tracing.TlsSettings.CaCertificates*'],
    ],
    ['other methods, as a whole', '{{ $x := .ObjectMeta.String }}{{ .ObjectMeta.Name }}', ['.ObjectMeta.Name*']],
    ['a length, by the elements', '{{ $n := .Spec.Containers | len }}', ['.Spec.Containers']],
    ['put into a map, as a whole', '{{ $d := dict }}{{ $_ := set $d "a" .Spec }}{{ $d.a.NodeName }}', ['.Spec*']],
  ])('are %s', (_what, template, expected) => {
    expect(readsOf(template)).toEqual(expected);
  });

  it('names the place in the source', () => {
    const [first, second] = templateReads('é{{ .Values.a }}\n  {{ (index .Values "b").c }}').reads;
    expect(first).toMatchObject({ line: 1, column: 5 });
    expect(second).toMatchObject({ path: ['Values', 'b'], line: 2, column: 6 });
  });

  it('ends for templates that call themselves', () => {
    const template =
      '{{ define "t" }}{{ with .child }}{{ template "t" . }}{{ end }}{{ .v }}{{ end }}{{ template "t" . }}';
    const { root } = templateReads(template, { dataKind: 'json' });
    const project = projectionOf(root);
    const nest = (depth: number, v: string): object => (depth === 0 ? { v } : { child: nest(depth - 1, v) });
    expect(project(nest(100, 'a'))).not.toBe(project(nest(100, 'b')));
    expect(project({ ...nest(3, 'a'), other: 1 })).toBe(project({ ...nest(3, 'a'), other: 2 }));
  });

  it('tells of the environment, of clocks and of chance', () => {
    expect(templateReads('{{ env "A" "" }}').usesContext).toBe(true);
    expect(templateReads('{{ if .X }}{{ now | date "2006" }}{{ end }}').usesContext).toBe(true);
    expect(templateReads('{{ upper "a" }}').usesContext).toBe(false);
  });

  it('tells of maps that may be changed', () => {
    const { changes } = templateReads(
      '{{ $v := .Values.global }}{{ $d := dict "l" .Values.x }}{{ $_ := merge $d.l $v }}{{ $_ = set $v "a" 1 }}',
    );
    expect(changes.map(showPath).sort()).toEqual(['.Values.global', '.Values.x']);
  });
});

describe('the projection of data', () => {
  const project = projectionOf(
    templateReads('{{ if .m }}{{ .m.a }}{{ range .l }}{{ .n }}{{ end }}{{ end }}', { dataKind: 'json' }).root,
  );

  it.each<[string, unknown, unknown]>([
    ['what is not read', { m: { a: 1, b: 2 }, x: 1 }, { m: { a: 1, b: 3 }, x: 2 }],
    ['what is not read of elements', { l: [{ n: 1, o: 1 }] }, { l: [{ n: 1, o: 2 }] }],
  ])('leaves out %s', (_what, left, right) => {
    expect(project(left)).toBe(project(right));
  });

  it.each<[string, unknown, unknown]>([
    ['absent from null', { m: { a: null } }, { m: {} }],
    ['empty from not empty', { m: {} }, { m: { b: 1 } }],
    ['texts from numbers', { m: { a: '1' } }, { m: { a: 1 } }],
    ['texts that look like the syntax', { m: { a: '1"' } }, { m: { a: '1', '1"': 1 } }],
    ['lengths', { l: [] }, { l: [{}] }],
    ['maps from lists', { l: {} }, { l: [] }],
    ['keys', { m: { a: 'x' } }, { m: { b: 'x' } }],
    ['zero from negative zero', { m: { a: 0 } }, { m: { a: -0 } }],
  ])('tells %s', (_what, left, right) => {
    expect(project(left)).not.toBe(project(right));
  });

  it('reads typed data by its Go fields', () => {
    const { root } = templateReads('{{ range .Spec.Volumes }}{{ if .ConfigMap }}{{ .Name }}{{ end }}{{ end }}');
    const spec = root.children.get('Spec');
    if (spec === undefined) throw new Error('no reads of .Spec');
    const volumes = (path: string, configMap?: object): object => ({
      volumes: [{ name: 'v', ...(configMap && { configMap }), hostPath: { path } }],
    });
    expect(projectionOf(spec)(volumes('/a'))).toBe(projectionOf(spec)(volumes('/b')));
    expect(projectionOf(spec)(volumes('/a'))).not.toBe(projectionOf(spec)(volumes('/a', {})));
  });

  it('keeps what a fallback to the root may need', () => {
    const template = '{{ with $x := .Values.a }}{{ $x }}{{ end }}';
    expect(renderTemplate(template, { Values: { a: 'v' } }, { dataKind: 'injection' })).toBe('v');
    expect(readsOf(template)).toEqual(['.Values.a*']);
  });
});
