/** An administrator's configuration, or a pod that chooses from it, cannot hang or exhaust the server; others are served meanwhile. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';
import { startServer, type RunningServer } from '../../src/server/start.ts';
import { configurationFolder, podReview, recorder, serverOptions } from './support/fixtures.ts';
import { patchOf, responseOf, sendWhileOthersAreServed } from './support/abuse.ts';
import type { Answer } from './support/client.ts';

/** Bodies of templates, none of which can come to an end within the limits. */
const bombs: readonly (readonly [what: string, template: string])[] = [
  ['a loop without end in sight', '{{ range until 100000000 }}x{{ end }}'],
  ['nested loops', '{{ range until 9999 }}{{ range until 9999 }}{{ end }}{{ end }}'],
  ['a recursion without end', '{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}'],
  [
    'two recursions at each level',
    '{{ define "t" }}{{ template "t" . }}{{ template "t" . }}{{ end }}{{ template "t" . }}',
  ],
  ['a long text', '{{ repeat 1000000000 "x" }}'],
  ['a text that doubles', '{{ $x := "xxxxxxxx" }}{{ range until 60 }}{{ $x = print $x $x }}{{ end }}{{ $x }}'],
  ['a list that doubles', '{{ $l := list 1 2 }}{{ range until 60 }}{{ $l = concat $l $l }}{{ end }}{{ len $l }}'],
  ['much output', '{{ range until 5000 }}{{ repeat 10000 "x" }}{{ end }}'],
  ['a wide number', '{{ printf "%1000000000d" 1 }}'],
  ['a precise number', '{{ printf "%.1000000000f" 1.5 }}'],
  ['a deep indentation', '{{ indent 1000000000 "x" }}'],
  ['a regular expression that is repeated', '{{ regexMatch "((a{1000}){1000}){1000}" "a" }}'],
  ['a long sequence', '{{ untilStep 0 1000000000 1 }}'],
  ['YAML with aliases of aliases', `a: &a [x, x, x, x, x, x, x, x, x]\n${aliases('bcdefghij')}`],
  ['YAML that nests', '{{ repeat 100000 "[" }}'],
];

function aliases(names: string): string {
  return [...names]
    .map((name, index) => {
      const previous = `*${'abcdefghij'.charAt(index)}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => previous).join(', ')}]\n`;
    })
    .join('');
}

let server: RunningServer;

beforeAll(async () => {
  const folder = configurationFolder();
  const indented = (text: string): string => text.split('\n').join('\n    ');
  const templates = bombs.map(([, text], index) => `  bomb-${index}: |2\n    ${indented(text)}\n`).join('');
  writeFileSync(
    join(folder, 'config.yaml'),
    `policy: enabled
defaultTemplates: [sidecar]
templates:
  sidecar: |
    spec:
      containers:
      - name: istio-proxy
        image: proxy
  keys: |
    metadata:
      annotations:
        proto: {{ index .ObjectMeta.Labels "__proto__" | default "none" | quote }}
        constructor-label: {{ index .ObjectMeta.Labels "constructor" | default "none" | quote }}
        to-string: {{ index .ObjectMeta.Labels "toString" | default "none" | quote }}
        value-of: {{ .Values.valueOf | default "none" | quote }}
        proto-value: {{ index .Values "__proto__" | default "none" | toJson | quote }}
        polluted: {{ .Values.polluted | default "none" | quote }}
        keys: "{{ range $name, $_ := .ObjectMeta.Labels }}{{ $name }},{{ end }}"
${templates}`,
  );
  writeFileSync(join(folder, 'values.yaml'), '__proto__:\n  polluted: "yes"\nglobal:\n  constructor: c\n');
  server = await startServer(await serverOptions(folder), {}, await createLogger(recorder()));
});
afterAll(() => server.stop());

describe('a template with', () => {
  it.each(bombs.map(([what], index) => [what, index] as const))(
    '%s is denied, and others are served meanwhile',
    async (_what, index) => {
      const review = podReview({ annotations: { 'inject.istio.io/templates': `bomb-${index}` } });
      const { answer } = await sendWhileOthersAreServed(server.https, { body: review });
      expect(answer.status).toBe(200);
      expect(responseOf(answer)).toMatchObject({ allowed: false, status: { message: expect.any(String) as string } });
      expect(answer.body.length).toBeLessThan(64 * 1024);
    },
  );
});

describe('names of built-in properties', () => {
  it('are labels like others in templates', async () => {
    const labels = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c","app":"d"}') as object;
    const review = podReview({ labels, annotations: { 'inject.istio.io/templates': 'keys' } });
    const { answer } = await sendWhileOthersAreServed(server.https, { body: review });
    expect(addedAnnotations(answer)).toMatchObject({
      proto: 'a',
      'constructor-label': 'b',
      'to-string': 'c',
      keys: '__proto__,app,constructor,toString,',
    });
  });

  it('are absent where nobody wrote them, and values where somebody did', async () => {
    const review = podReview({ labels: { app: 'x' }, annotations: { 'inject.istio.io/templates': 'keys' } });
    const { answer } = await sendWhileOthersAreServed(server.https, { body: review });
    expect(addedAnnotations(answer)).toMatchObject({
      proto: 'none',
      'constructor-label': 'none',
      'to-string': 'none',
      'value-of': 'none',
      polluted: 'none',
      'proto-value': '{"polluted":"yes"}',
    });
    expect(Object.prototype).not.toHaveProperty('polluted');
  });
});

/** The annotations that a patch adds. */
function addedAnnotations(answer: Answer): Record<string, unknown> {
  const operations = JSON.parse(patchOf(answer)) as { path: string; value: unknown }[];
  const annotations = operations.flatMap(({ path, value }) => {
    if (path === '/metadata/annotations') return Object.entries(value as object);
    const name = /^\/metadata\/annotations\/(.+)$/.exec(path)?.[1];
    return name === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(annotations);
}
