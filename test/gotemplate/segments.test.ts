import { describe, expect, it } from 'vitest';
import {
  compileTemplate,
  rerenderer,
  sidecarTemplateData,
  TemplateError,
  type SidecarTemplateData,
} from '../../src/gotemplate/index.ts';
import { randomNumbers, type Random } from '../support/mutate.ts';

interface Pod {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly containers?: readonly object[];
  readonly name?: string;
}

function dataOf(
  { labels, annotations, containers = [], name = 'web' }: Pod,
  values: object = shared,
): SidecarTemplateData {
  return {
    TypeMeta: { kind: 'Deployment', apiVersion: 'apps/v1' },
    DeploymentMeta: { Name: name, Namespace: 'shop' },
    ObjectMeta: { ...(labels && { labels }), ...(annotations && { annotations }) },
    Spec: { containers },
    ProxyConfig: null,
    MeshConfig: null,
    Values: values,
    Revision: 'default',
    NativeSidecars: false,
    ProxyImage: 'proxy',
    ProxyUID: 1337,
    ProxyGID: 1337,
    InboundTrafficPolicyMode: 'passthrough',
    CompliancePolicy: '',
  };
}

const shared = { hub: 'h', list: [1, 2], nested: { a: 'x' }, count: 3 };

/** The text, or the message of the error. */
const outcome = (render: () => string): string => {
  try {
    return render();
  } catch (error) {
    if (error instanceof TemplateError) return `error: ${error.message}`;
    throw error;
  }
};

const templates: readonly (readonly [string, string])[] = [
  [
    'texts of labels',
    'a: {{ .ObjectMeta.Labels.app }}\nb: {{ .ObjectMeta.Labels.tier }}\nc: {{ .DeploymentMeta.Name }}\n',
  ],
  [
    'branches',
    '{{ if .ObjectMeta.Labels.app }}app {{ .ObjectMeta.Labels.tier }}{{ if isset .ObjectMeta.Annotations "x" }} x {{ .DeploymentMeta.Name }}{{ end }}{{ else }}none {{ .ObjectMeta.Annotations.y }}{{ end }} end',
  ],
  [
    'variables',
    '{{ $a := .ObjectMeta.Labels.app }}{{ $b := index .ObjectMeta.Annotations "x" }}{{ $a }}-{{ $b }}-{{ .DeploymentMeta.Name }}',
  ],
  [
    'assignments in branches',
    '{{ $a := "none" }}{{ if .ObjectMeta.Labels.app }}{{ $a = .ObjectMeta.Labels.tier }}{{ end }}{{ .DeploymentMeta.Name }} {{ $a }}{{ if .ObjectMeta.Annotations.x }}{{ $a = "x" }}{{ end }} {{ $a }}',
  ],
  [
    'assignments in loops',
    '{{ $names := list }}{{ range .Spec.Containers }}{{ $names = append $names .Name }}{{ end }}{{ join "," $names }} {{ .ObjectMeta.Labels.app }} {{ len $names }}',
  ],
  [
    'variables that hold parts of the pod',
    '{{ $spec := .Spec }}{{ $meta := .ObjectMeta }}{{ .DeploymentMeta.Name }}{{ range $spec.Containers }}{{ .Image }}{{ end }}{{ $meta.Labels.app }}{{ $meta.Labels.tier }}',
  ],
  [
    'variables of one name in several scopes',
    '{{ $a := "1" }}{{ if .ObjectMeta.Labels.app }}{{ $a := .ObjectMeta.Labels.tier }}{{ $a }}{{ end }}{{ $a }}{{ .ObjectMeta.Annotations.x }}',
  ],
  [
    'variables that are set in conditions',
    '{{ if $x := .ObjectMeta.Labels.app }}{{ $x }}{{ else }}{{ $x }}{{ end }}{{ and (.ObjectMeta.Labels.tier) ($y := "y") }}{{ with $z := .ObjectMeta.Annotations.x }}{{ $z }}{{ end }}',
  ],
  [
    'templates of their own',
    '{{ define "t" }}{{ .ObjectMeta.Labels.app }}{{ $.DeploymentMeta.Name }}{{ end }}{{ template "t" . }}|{{ .ObjectMeta.Labels.tier }}|{{ template "t" . }}',
  ],
  [
    'lists that are sorted in place',
    '{{ $l := splitList "," .ObjectMeta.Labels.app }}{{ $s := sortAlpha $l }}{{ .DeploymentMeta.Name }}{{ $l }}{{ .ObjectMeta.Labels.tier }}',
  ],
  [
    'maps that are changed',
    '{{ $d := dict "a" .ObjectMeta.Labels.app }}{{ $_ := set $d "b" .ObjectMeta.Labels.tier }}{{ $d }}{{ .DeploymentMeta.Name }}',
  ],
  [
    'what fails for some',
    '{{ .ObjectMeta.Labels.tier }}{{ if eq .ObjectMeta.Labels.app "b" }}{{ fail .DeploymentMeta.Name }}{{ end }}\n{{ index .Spec.Containers 0 }}{{ .ObjectMeta.Annotations.x }}',
  ],
  [
    'values',
    '{{ .Values.hub }}{{ range .Values.list }}{{ . }}{{ end }}{{ $n := .Values.nested }}{{ .ObjectMeta.Labels.app }}{{ $n.a }}{{ .Values.count }}',
  ],
  [
    'whether there are labels',
    '{{ if .ObjectMeta.Labels }}some{{ else }}none{{ end }}{{ .ObjectMeta.Labels.app }}{{ range $k, $v := .ObjectMeta.Annotations }}{{ $k }}{{ $v }}{{ end }}',
  ],
];

const pick = <T>(random: Random, items: readonly T[]): T => items[random(items.length)] as T;

function randomPod(random: Random): Pod {
  const map = (keys: readonly string[]): Record<string, string> =>
    Object.fromEntries(keys.filter(() => random(3) > 0).map((key) => [key, pick(random, ['', 'b', 'a', 'b,a', '"'])]));
  const container = (): object => ({
    name: pick(random, ['a', 'b']),
    image: pick(random, ['i', 'j']),
    command: ['x'.repeat(random(3))],
  });
  return {
    ...(random(4) > 0 && { labels: map(['app', 'tier', 'other']) }),
    ...(random(4) > 0 && { annotations: map(['x', 'y', 'z']) }),
    containers: Array.from({ length: random(3) }, container),
    name: pick(random, ['web', 'db']),
  };
}

describe('a template that is rendered again and again', () => {
  it.each(templates)('gives what it gives the first time: %s', (_what, text) => {
    const template = compileTemplate(text);
    const again = rerenderer(template);
    const random = randomNumbers(text.length);
    for (let i = 0; i < 300; i++) {
      const data = dataOf(randomPod(random), random(10) === 0 ? { ...shared, hub: String(i) } : shared);
      const expected = outcome(() => template.execute(sidecarTemplateData(data)));
      if (again !== undefined) expect(outcome(() => again.render(data))).toBe(expected);
    }
  });

  it.each([
    ['the environment', '{{ env "A" "" }}'],
    ['the whole data', '{{ . }}'],
    ['maps that it changes', '{{ $d := dict }}{{ $_ := set $d "a" "b" }}'],
    ['lists that it sorts', '{{ $l := list "b" "a" | sortAlpha }}'],
  ])('is not one that depends on %s', (_what, text) => {
    expect(rerenderer(compileTemplate(text))).toBeUndefined();
  });

  it('is interrupted by whoever counts its work', () => {
    const again = rerenderer(compileTemplate('{{ range until 5000 }}{{ . }}{{ end }}{{ .ObjectMeta.Labels.app }}'));
    let spent = 0;
    const render = (app: string) =>
      again?.render(dataOf({ labels: { app } }), { spend: (steps) => void (spent += steps) });
    render('a');
    const first = spent;
    spent = 0;
    render('b');
    expect(spent).toBe(first);
    expect(first).toBeGreaterThan(5000);
  });
});
