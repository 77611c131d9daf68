import { describe, expect, it } from 'vitest';
import { examplePods, type DiffLine, type Preview } from '../../src/playground/index.ts';
import { pod, preview, template, values } from './support.ts';

const lineOf = (result: Preview, text: string): DiffLine | undefined =>
  result.diff.find((line) => line.text.trim().replace(/^- /, '') === text);
const sourceOf = (result: Preview, text: string) => result.sources?.[lineOf(result, text)?.source ?? -1];
const small = (text: string) => [{ name: 'small', text }];

describe('the preview of an injection', () => {
  it('shows the injected pod as a diff against the pod that was sent', () => {
    const { verdict, diff, templates, problems } = preview();
    expect(verdict).toMatchObject({ outcome: 'injected', reason: 'policy-enabled' });
    expect({ templates, problems }).toEqual({ templates: ['small'], problems: [] });
    expect(diff).toContainEqual(
      expect.objectContaining({ kind: 'same', text: '    image: cart', path: 'spec.containers[cart].image' }),
    );
    expect(diff).toContainEqual(
      expect.objectContaining({ kind: 'added', text: '    added: "yes"', path: 'metadata.labels.added' }),
    );
  });

  it.each([
    { line: 'added: "yes"', made: 3, reads: [] },
    { line: 'image: example.com/istio/proxy', made: 7, reads: ['values global.hub'] },
    { line: 'tty: true', made: 9, reads: [] },
    { line: 'cpu: "2"', made: 15, reads: [] },
  ])('tells which template line made $line', ({ line, made, reads }) => {
    const source = sourceOf(preview(), line);
    expect(source?.lines[0]).toEqual({ template: 'small', line: made });
    expect(source?.reads).toEqual(reads);
  });

  it('tells what a line depends on', () => {
    expect(sourceOf(preview(), 'tty: true')?.conditions).toContain('values global.debug');
    expect(sourceOf(preview(), 'cpu: "2"')?.conditions).toContain('annotation sidecar.istio.io/proxyCPULimit');
  });

  it('tells the line that called a block of its own after the line that wrote', () => {
    expect(sourceOf(preview(), 'cpu: "2"')?.lines.map(({ line }) => line)).toEqual([15, 11]);
  });

  it('tells the step for what no template made', () => {
    const line = preview().diff.find(({ path }) => path === 'metadata.annotations[sidecar.istio.io/status]');
    expect(preview().sources?.[line?.source ?? -1]?.step).toMatch(/record of the injection/);
  });

  it('tells nothing for what was sent', () => {
    const result = preview();
    for (const text of ['name: cart', 'image: cart', 'containers:', 'metadata:', 'spec:']) {
      expect([text, lineOf(result, text)?.source]).toEqual([text, undefined]);
    }
  });

  it('tells a source for every line that was added', () => {
    const result = preview();
    const added = result.diff.filter(({ kind }) => kind === 'added');
    expect(added.length).toBeGreaterThan(10);
    expect(added.filter(({ source }) => source === undefined)).toEqual([]);
  });

  it('gives the same without sources where they are not wanted', () => {
    const { sources, diff, ...rest } = preview();
    const { diff: plain, ...others } = preview({ withSources: false });
    expect(sources?.length).toBeGreaterThan(0);
    expect(others).toEqual(rest);
    expect(plain).toEqual(diff.map(({ kind, text, path }) => ({ kind, text, ...(path !== undefined && { path }) })));
  });

  it('gives one decisive step, and what would change the verdict', () => {
    const { trace, suggestion } = preview();
    expect(trace.filter(({ decisive }) => decisive).map(({ rule }) => rule)).toEqual(['policy']);
    expect(suggestion).toContain('sidecar.istio.io/inject=false');
  });

  it('keeps values of environment variables out of everything but the pod itself', () => {
    const { diff, ...rest } = preview();
    expect(JSON.stringify(diff)).toContain('hunter2-secret');
    expect(JSON.stringify(rest)).not.toContain('hunter2-secret');
  });

  it('takes changed values and templates', () => {
    const changed = preview({
      values: values.replace('example.com', 'other.example'),
      templates: [...small(template.replace('added', 'changed')), { name: 'other', text: 'metadata: {}' }],
    });
    expect(lineOf(changed, 'image: other.example/istio/proxy')?.kind).toBe('added');
    expect(lineOf(changed, 'changed: "yes"')?.kind).toBe('added');
  });

  it('keeps nothing of one request for the next', () => {
    preview({ templates: small('metadata:\n  labels: {only: this}\n') });
    expect(preview()).toEqual(preview());
    expect(JSON.stringify(preview())).not.toContain('only');
  });

  it('shows the pod as it is when it is not injected', () => {
    const { verdict, diff, suggestion } = preview({
      pod: pod.replace('  name: cart\n', '  name: cart\n  labels:\n    sidecar.istio.io/inject: "false"\n'),
    });
    expect(verdict).toMatchObject({ outcome: 'skipped', reason: 'refused-by-label' });
    expect(new Set(diff.map(({ kind }) => kind))).toEqual(new Set(['same']));
    expect(suggestion).toContain('sidecar.istio.io/inject=true');
  });

  it('shows the pod that a Deployment would make', () => {
    const { verdict, diff } = preview({
      pod: `kind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers: [{name: app}]\n`,
    });
    expect(verdict?.outcome).toBe('injected');
    expect(diff).toContainEqual(expect.objectContaining({ text: '    kind: ReplicaSet', kind: 'same' }));
    expect(diff).toContainEqual(expect.objectContaining({ text: '  namespace: default' }));
  });

  it.each(examplePods.map(({ name, pod }) => ({ name, pod })))('reads the example "$name"', ({ pod }) => {
    expect(preview({ pod }).verdict).toBeDefined();
  });
});

describe('problems of the texts', () => {
  it.each([
    { what: 'a pod that is no YAML', change: { pod: 'kind: Pod\nspec: "' }, editor: 'pod', line: 2 },
    { what: 'an object without a pod', change: { pod: 'kind: Service' }, editor: 'pod', line: 0 },
    { what: 'a pod of another form', change: { pod: 'kind: Pod\nspec: {containers: 1}' }, editor: 'pod', line: 0 },
    { what: 'values that are no YAML', change: { values: 'a: b\nc: [' }, editor: 'values', line: 3 },
    { what: 'values of another form', change: { values: 'global:\n  hub: [1]\n' }, editor: 'values', line: 2 },
    {
      what: 'an action that does not end',
      change: { templates: small('a: b\n{{ if .X }}\n') },
      editor: 'template',
      line: 3,
    },
    { what: 'an unknown function', change: { templates: small('a: b\nc: {{ nope }}\n') }, editor: 'template', line: 2 },
  ])('names $what, at its line', ({ change, editor, line }) => {
    const { verdict, problems } = preview(change);
    expect(verdict).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ editor, line });
    expect(problems[0]?.message).not.toBe('');
  });

  it('names all of them at once', () => {
    const { problems } = preview({ pod: 'a: [', values: 'a: [', templates: small('{{') });
    expect(problems.map(({ editor }) => editor)).toEqual(['pod', 'template', 'values']);
  });

  it('names the place where a template fails, in characters as the editor counts them', () => {
    const { verdict, problems } = preview({ templates: small('a: b\nx: "äö🚀 {{ .Nope }}"\n') });
    expect(verdict).toMatchObject({ outcome: 'denied', reason: 'template-failed' });
    // `.Nope` is behind 12 characters of which the rocket counts two.
    expect(problems).toMatchObject([{ editor: 'template', template: 'small', line: 2, column: 13 }]);
  });

  it('names the template line that wrote what is no YAML', () => {
    const { verdict, problems } = preview({
      templates: small('metadata:\n  {{- if true }}\n  labels:\n    a: {{ "b: c" }}\n  {{- end }}\nspec: {}\n'),
    });
    expect(verdict?.outcome).toBe('denied');
    expect(problems).toMatchObject([{ editor: 'template', line: 4 }]);
  });

  it('names the last template line that wrote something when an end is missing', () => {
    const { problems } = preview({ templates: small('metadata:\n  labels: {{ "[1" }}\n') });
    expect(problems).toMatchObject([{ editor: 'template', line: 2 }]);
  });

  it('names the line of an annotation that is not accepted', () => {
    const annotated = pod.replace(
      '  name: cart\n',
      '  name: cart\n  annotations:\n    "sidecar.istio.io/proxyCPU": banana\n',
    );
    const { verdict, problems } = preview({ pod: annotated });
    expect(verdict).toMatchObject({ outcome: 'denied', reason: 'invalid-annotations' });
    expect(problems).toMatchObject([{ editor: 'pod', line: 6, column: 6 }]);
    expect(problems[0]?.message).toContain('banana');
  });
});
