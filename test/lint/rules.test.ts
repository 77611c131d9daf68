import { describe, expect, it } from 'vitest';
import { lintConfiguration, rules, type LintOptions, type RuleId } from '../../src/lint/index.ts';
import { decodePod } from '../../src/kubernetes/index.ts';
import { configOf, goodTemplate, lintTexts, plainOptions, setOf, withFields, type Texts } from './support.ts';

/** Asks for more than some pods allow. */
const greedy = goodTemplate.replace('requests: {cpu: 10m', '▸requests: {cpu: 100m');

interface Example {
  /** Texts with a finding, and a mark before what it is about; none when it is about a file as a whole. */
  readonly bad: Texts;
  /** Texts that are like it and right. */
  readonly good: Texts;
  /** Words of the message. */
  readonly says?: string;
  /** Words of the fix. */
  readonly fix?: string;
  readonly options?: Partial<LintOptions>;
}

const metadata = (...lines: readonly string[]): string =>
  `metadata:\n${lines.map((line) => `  ${line}\n`).join('')}${goodTemplate}`;

const examples: Readonly<Record<RuleId, Example>> = {
  'config-unreadable': {
    bad: { config: 'policy: enabled\n▸templates: [a]\n' },
    good: {},
    says: 'cannot unmarshal array',
  },
  'values-unreadable': {
    bad: { values: 'global:\n  proxy:\n    privileged: ▸maybe\n' },
    good: { values: 'global:\n  proxy:\n    privileged: true\n' },
    says: 'Values.global.proxy.privileged has the wrong type',
  },
  'mesh-unreadable': {
    bad: { mesh: 'enableTracing: true\ningressService: ▸[a]\n' },
    good: { mesh: 'enableTracing: true\ningressService: a\n' },
  },
  'unknown-key': {
    bad: { config: `${configOf({})}▸alias: {}\n` },
    good: { config: `${configOf({})}aliases: {}\n` },
    fix: '"aliases"',
  },
  'unknown-mesh-field': {
    bad: { mesh: 'defaultConfig:\n  tracing: {▸zipkn: {address: "a:1"}}\n' },
    good: { mesh: 'defaultConfig:\n  tracing: {zipkin: {address: "a:1"}}\n' },
    fix: '"zipkin"',
  },
  'mesh-warning': {
    bad: { mesh: 'tlsDefaults:\n  ecdhCurves: [P-256, ▸P-1]\n' },
    good: { mesh: 'tlsDefaults:\n  ecdhCurves: [P-256]\n' },
    says: 'unrecognized ECDH curves',
  },
  'deprecated-mesh-field': {
    bad: { mesh: 'defaultConfig:\n  ▸zipkinAddress: zipkin:9411\n' },
    good: { mesh: 'defaultConfig:\n  tracing: {zipkin: {address: "zipkin:9411"}}\n' },
    fix: 'tracing.zipkin.address',
  },
  'policy-unknown': {
    bad: { config: configOf({}).replace('enabled', '▸on-demand') },
    good: { config: configOf({}).replace('enabled', 'disabled') },
  },
  'selector-invalid': {
    bad: { config: `${configOf({})}neverInjectSelector:\n- ▸matchExpressions: [{key: a, operator: Is}]\n` },
    good: { config: `${configOf({})}neverInjectSelector:\n- matchExpressions: [{key: a, operator: Exists}]\n` },
  },
  'templates-empty': { bad: { config: 'policy: enabled\n▸templates: {}\n' }, good: {} },
  'missing-default-template': {
    bad: { config: configOf({}).replace('[sidecar]', '[sidecar, ▸sidecars]') },
    good: {},
    fix: '"sidecar"',
  },
  'missing-alias-template': {
    bad: { config: `${configOf({})}aliases:\n  both: [sidecar, ▸more]\n` },
    good: { config: `${configOf({})}aliases:\n  both: [sidecar]\n` },
  },
  'duplicate-key': {
    bad: { values: 'global:\n  hub: a\n  ▸hub: b\n' },
    good: { values: 'global:\n  hub: a\n' },
  },
  'template-syntax': {
    bad: { template: metadata('labels:', '  ▸{{ if .Revision }}', '  a: b') },
    good: { template: metadata('labels:', '  {{ if .Revision }}', '  a: b', '  {{ end }}') },
    says: '{{ if }} is never closed',
  },
  'unknown-function': {
    bad: { template: metadata('labels: {a: {{ .Revision | ▸qoute }}}') },
    good: { template: metadata('labels: {a: {{ .Revision | quote }}}') },
    fix: '"quote"',
  },
  'unknown-field': {
    bad: { template: `{{ if false }}{{ ▸.ObjectMeta.Label }}{{ end }}\n${goodTemplate}` },
    good: { template: `{{ if false }}{{ .ObjectMeta.Labels }}{{ end }}\n${goodTemplate}` },
    fix: '"Labels"',
  },
  'unknown-template': {
    bad: {
      template: `{{ define "part" }}{{ end }}{{ if false }}{{ template ▸"parts" }}{{ end }}\n${goodTemplate}`,
    },
    good: {
      template: `{{ define "part" }}{{ end }}{{ if false }}{{ template "part" }}{{ end }}\n${goodTemplate}`,
    },
    fix: '"part"',
  },
  'unknown-value': {
    bad: {
      template: metadata('labels: {a: {{ if false }}{{ ▸.Values.global.team }}{{ end }}}'),
      values: 'global: {teams: x}',
    },
    good: {
      template: metadata(
        'labels: {a: "{{ .Values.global.team | default "x" }}{{ if .Values.own }}{{ .Values.own.x }}{{ end }}"}',
      ),
      values: 'global: {teams: x}',
    },
    fix: '"teams"',
  },
  nondeterministic: {
    bad: { template: metadata('labels: {a: x{{ ▸uuidv4 }}}') },
    good: { template: metadata('labels: {a: x{{ keys (dict "k" 1) | sortAlpha | first }}}') },
    says: 'chance',
  },
  'execution-fails': {
    bad: { template: metadata('labels: {a: "{{ ▸fail "no" }}"}') },
    good: { template: metadata('labels: {a: "{{ if false }}{{ fail "no" }}{{ end }}"}') },
    says: 'error calling fail: no',
  },
  'rendered-yaml': {
    bad: { template: `${goodTemplate}\t▸dnsPolicy: Default\n` },
    good: { template: `${goodTemplate}  dnsPolicy: Default\n` },
    says: 'found character that cannot start any token',
  },
  'merge-fails': {
    bad: { template: `${goodTemplate}  ▸terminationGracePeriodSeconds: soon\n` },
    good: { template: `${goodTemplate}  terminationGracePeriodSeconds: 5\n` },
    says: 'cannot unmarshal string',
  },
  'invalid-pod': {
    bad: { template: withFields('ports:', '- ▸containerPort: 70000') },
    good: { template: withFields('ports:', '- containerPort: 7000') },
    says: 'containerPort',
  },
  'injection-fails': {
    bad: {},
    good: {},
    options: {
      pods: [{ name: 'mine', pod: decodePod({ metadata: { annotations: { 'status.sidecar.istio.io/port': 'x' } } }) }],
    },
  },
  'reinjection-fails': {
    bad: {
      template: `{{ range .Spec.Volumes }}{{ if eq .Name "own" }}{{ ▸fail "twice" }}{{ end }}{{ end }}\n${goodTemplate}  volumes:\n  - name: own\n    emptyDir: {}\n`,
    },
    good: { template: `${goodTemplate}  volumes:\n  - name: own\n    emptyDir: {}\n` },
    says: 'twice',
  },
  'long-label': {
    bad: { template: metadata('labels:', '  name: {{ ▸.DeploymentMeta.Name }}') },
    good: { template: metadata('labels:', '  name: {{ .DeploymentMeta.Name | trunc 63 | trimSuffix "-" }}') },
  },
  'annotation-without-container': {
    bad: {
      config: `injectedAnnotations: {container.apparmor.security.beta.kubernetes.io/x: runtime/default}\n${configOf({})}`,
    },
    good: { config: `injectedAnnotations: {example.com/x: runtime/default}\n${configOf({})}` },
    says: 'container not found',
  },
  // One of the canary pods limits its proxy to less than this.
  'pod-conflict': {
    bad: { template: greedy },
    good: {},
    options: { reference: setOf({ template: greedy }).set },
    says: 'must be less than or equal to cpu limit',
  },
  'refused-annotation': {
    bad: {
      template: `{{ if isset .ObjectMeta.Annotations "example.com/x" }}{{ ▸fail "no" }}{{ end }}\n${goodTemplate}`,
    },
    good: {
      template: `{{ if eq (annotation .ObjectMeta "example.com/x" "") "secret" }}{{ fail "no" }}{{ end }}\n${goodTemplate}`,
    },
  },
  'optional-template': {
    bad: { others: { extra: 'spec:\n  nodeName: {{ (▸index .Spec.InitContainers 0).Name }}\n' } },
    good: { others: { extra: 'spec:\n  priorityClassName: mesh\n' } },
  },
  'pod-stub': {
    bad: { template: `${goodTemplate}  - ▸name: stub\n` },
    good: { template: `${goodTemplate}  - name: stub\n    image: x:1\n` },
  },
  'unknown-pod-field': {
    bad: { template: withFields('env:', '- name: A', 'volumeMounts:', '- name: a', '  mountPath: /a', '  ▸value: b') },
    good: { template: withFields('env:', '- name: A', '  value: b') },
    says: 'spec.containers.volumeMounts.value',
  },
  'extra-document': {
    bad: { template: `${goodTemplate}▸---\nmetadata: {}\n` },
    good: { template: `---\n${goodTemplate}` },
  },
  'no-value': {
    bad: { template: metadata('labels: {a: "x{{ ▸.Values.nothing }}"}') },
    good: { template: metadata('labels: {a: "x{{ .Values.nothing | default "" }}"}') },
    says: '<no value>',
  },
  'yaml-scalar': {
    bad: { values: 'global:\n  tag: ▸1.30\n' },
    good: { values: 'global:\n  tag: "1.30"\n' },
    says: '1.3',
  },
  'unquoted-value': {
    bad: { template: withFields('workingDir: {{ ▸.Values.global.dir }}'), values: 'global: {dir: /x}' },
    good: { template: withFields('workingDir: {{ .Values.global.dir | quote }}'), values: 'global: {dir: /x}' },
  },
  'not-idempotent': {
    bad: {
      template:
        metadata('annotations:', '  volumes: "{{ ▸len .Spec.Volumes }}"') + '  volumes:\n  - {name: v, emptyDir: {}}\n',
    },
    good: { template: `${goodTemplate}  volumes:\n  - {name: v, emptyDir: {}}\n` },
    says: 'metadata.annotations.volumes',
  },
  'missing-resources': {
    bad: { template: goodTemplate.replace('name: istio', '▸name: istio').replace(/ {6}limits.*\n/, '') },
    good: {},
    says: 'no limits',
  },
  'image-tag': {
    bad: { template: goodTemplate.replace('image: proxy:1.2.3', '▸image: registry:5000/proxy') },
    good: { template: goodTemplate.replace('proxy:1.2.3', 'registry:5000/proxy:1') },
    says: 'without tag',
  },
  privileged: {
    bad: { template: withFields('securityContext:', '  capabilities:', '    ▸add: [NET_ADMIN]') },
    good: { template: withFields('securityContext:', '  capabilities:', '    add: [NET_BIND_SERVICE]') },
    says: 'NET_ADMIN',
  },
  'unread-value': {
    bad: { values: 'global:\n  proxy:\n    ▸imag: x\n' },
    good: { values: 'global:\n  proxy:\n    image: x\n' },
    fix: '"image"',
  },
  'unknown-suppression': {
    bad: { values: '{} # outrigger:ignore ▸yaml-scalars why not\n' },
    good: { values: 'global: {tag: 1.30} # outrigger:ignore yaml-scalar why not\n' },
    fix: '"yaml-scalar"',
  },
  'unused-suppression': {
    bad: { values: '{} # outrigger:ignore ▸yaml-scalar why not\n' },
    good: { values: 'global: {tag: 1.30} # outrigger:ignore yaml-scalar why not\n' },
  },
};

describe('a configuration in which nothing is wrong', () => {
  it('has no findings', () => {
    expect(lintTexts({})).toEqual([]);
  });
});

describe.each(Object.entries(examples))('rule %s', (id, { bad, good, says = '', fix = '', options = {} }) => {
  const rule = id as RuleId;

  it('finds what is wrong, and where', () => {
    const { set, marked } = setOf(bad);
    const found = lintConfiguration(set, { ...plainOptions, ...options }).filter((one) => one.rule === rule);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatchObject({ rule, level: rules[rule].level });
    if (marked !== undefined)
      expect(found.map(({ place: { file, line, column } }) => ({ file, line, column }))).toContainEqual(marked);
    expect(found.map(({ message }) => message).join('\n')).toContain(says);
    expect(found.map((one) => one.fix).join('\n')).toContain(fix);
  });

  it('finds nothing in what is right', () => {
    expect(lintTexts(good).filter((one) => one.rule === rule)).toEqual([]);
  });
});

describe('numbers that templates write', () => {
  it('are a surprise where YAML reads another one', () => {
    const { set, marked } = setOf({ template: withFields('securityContext: {runAsUser: ▸010}') });
    const found = lintConfiguration(set, plainOptions).filter(({ rule }) => rule === 'yaml-scalar');
    expect(found).toMatchObject([{ place: marked, message: expect.stringContaining('reads as 8') as string }]);
  });

  it('are none where they are rights of files', () => {
    const template = `${goodTemplate}  volumes:\n  - {name: v, secret: {secretName: s, defaultMode: 0640}}\n`;
    expect(lintTexts({ template })).toEqual([]);
  });
});
