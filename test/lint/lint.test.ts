import { describe, expect, it } from 'vitest';
import { decodePod } from '../../src/kubernetes/index.ts';
import { lintConfiguration, type Finding } from '../../src/lint/index.ts';
import { configOf, goodTemplate, lintTexts, plainOptions, setOf, withFields } from './support.ts';

const rulesIn = (findings: readonly Finding[]): string[] => findings.map(({ rule }) => rule);

const failing = `{{ if eq .DeploymentMeta.Name "own-shop" }}{{ fail "no shop" }}{{ end }}\n${goodTemplate}`;

describe('linting a configuration', () => {
  it('tries pods of one’s own beside the built-in ones', () => {
    const pod = decodePod({
      metadata: { name: 'own-shop', namespace: 'a' },
      spec: { containers: [{ name: 'a', image: 'a:1' }] },
    });
    expect(lintTexts({ template: failing })).toEqual([]);
    const findings = lintTexts({ template: failing }, { pods: [{ name: 'Pod a/own-shop', pod }] });
    expect(findings).toMatchObject([{ rule: 'execution-fails', place: { line: 5 } }]);
    expect(findings[0]?.message).toContain('(pod: Pod a/own-shop)');
  });

  it('leaves the canary pods out when asked to', () => {
    const texts = { template: withFields('ports:', '- containerPort: 70000') };
    expect(rulesIn(lintTexts(texts))).toEqual(['invalid-pod']);
    expect(lintTexts(texts, { canary: false })).toEqual([]);
  });

  it('leaves out what is below the level', () => {
    const texts = { values: 'global: {tag: 1.30, own: 1}' };
    expect(rulesIn(lintTexts(texts))).toEqual(['yaml-scalar', 'unread-value']);
    expect(rulesIn(lintTexts(texts, { level: 'warning' }))).toEqual(['yaml-scalar']);
    expect(lintTexts(texts, { level: 'error' })).toEqual([]);
  });

  it('ends with what it has when it is out of time', () => {
    const { set } = setOf({ mesh: 'ingressService: [a]', template: withFields('ports:', '- containerPort: 70000') });
    let asked = 0;
    const findings = lintConfiguration(set, { ...plainOptions, isOutOfTime: () => ++asked > 3 });
    expect(rulesIn(findings)).toEqual(['mesh-unreadable']);
    expect(asked).toBeLessThan(10);
  });

  it('tells of its steps', () => {
    const steps: number[] = [];
    lintTexts({}, { onProgress: (done) => steps.push(done) });
    expect(steps.length).toBeGreaterThan(50);
    expect(steps).toEqual(steps.map((_, index) => index + 1));
  });

  it('reports every template that cannot be parsed, and every unknown function', () => {
    const texts = { template: '{{ foo }}{{ bar }}', others: { extra: '{{ end }}' } };
    expect(rulesIn(lintTexts(texts))).toEqual(['unknown-function', 'unknown-function', 'template-syntax']);
  });

  it('says of every value of the wrong type', () => {
    const values = 'global: {hub: [a], proxy: {privileged: 1, image: x}, imagePullSecrets: [1]}';
    expect(lintTexts({ values }).map(({ message }) => message.split(' ')[0])).toEqual([
      'Values.global.hub',
      'Values.global.proxy.privileged',
      'Values.global.imagePullSecrets.0',
    ]);
  });

  it('does not try the templates of the gateway controller, but parses them', () => {
    expect(lintTexts({ others: { 'kube-gateway': 'metadata: {name: {{ .DeploymentName }}}' } })).toEqual([]);
    expect(rulesIn(lintTexts({ others: { waypoint: '{{ .Name' } }))).toEqual(['template-syntax']);
  });

  it('says where a field belongs that stands on the wrong level', () => {
    const tooFar = lintTexts({ template: withFields('env:', '- name: A', '  value: b', '  command: [x]') });
    expect(tooFar[0]?.fix).toContain('beside "env": indent it less');
    const tooNear = lintTexts({ template: withFields('securityContext:', '  capabilities: {}', 'runAsUser: 1') });
    expect(tooNear[0]?.fix).toContain('below "securityContext": indent it further');
  });

  it('calls a template that never works an error, also when pods must ask for it', () => {
    const never = lintTexts({ others: { extra: 'spec: {terminationGracePeriodSeconds: soon}' } });
    expect(rulesIn(never)).toEqual(['merge-fails']);
    const sometimes = lintTexts({
      others: { extra: 'metadata: {annotations: {a: {{ (index .Spec.InitContainers 0).Name }}}}' },
    });
    expect(rulesIn(sometimes)).toEqual(['optional-template']);
  });

  it('bounds its work on templates that are expensive', () => {
    const template = `metadata: {annotations: {a: "{{ derivePassword 1 "long" "a" "b" "c" }}"}}\n${goodTemplate}`;
    const steps: number[] = [];
    lintTexts({ template }, { onProgress: (done) => steps.push(done) });
    expect(steps.length).toBeLessThan(60);
  });

  it('takes documents that are empty', () => {
    const findings = lintTexts({ config: '', values: '', mesh: '' });
    expect(rulesIn(findings)).toEqual(['missing-default-template', 'policy-unknown', 'templates-empty']);
  });

  it('takes names that every object has', () => {
    const values = '{"__proto__": {"a": 1}, "constructor": 2}';
    const template = `${goodTemplate}# {{ .Values.constructor }} {{ .Values.toString }}\n`;
    expect(rulesIn(lintTexts({ values, template }))).toEqual(['no-value', 'unread-value']);
    expect(rulesIn(lintTexts({ config: `${configOf({})}constructor: 1\n` }))).toEqual(['unknown-key']);
  });
});
