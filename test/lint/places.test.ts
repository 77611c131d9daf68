import { describe, expect, it } from 'vitest';
import { pickConfigurationSet, readDocuments, type ConfigurationSet } from '../../src/configuration/index.ts';
import { lintConfiguration, type Finding } from '../../src/lint/index.ts';
import { configOf, goodTemplate, plainOptions, setOf } from './support.ts';

const bad = goodTemplate.replace('proxy:1.2.3', 'proxy:{{ nope }}');

const placesOf = (set: ConfigurationSet): string[] => shown(lintConfiguration(set, { ...plainOptions, canary: false }));

const shown = (findings: readonly Finding[]): string[] =>
  findings.map(({ rule, place }) => `${place.file}:${place.line}:${place.column} ${rule}`);

describe('the place of a finding', () => {
  it('is in the template of a plain config document', () => {
    expect(placesOf(setOf({ template: bad }).set)).toEqual(['config.yaml:8:25 unknown-function']);
  });

  it('is in the file where the ConfigMap of the document stands', () => {
    const indented = configOf({ template: bad }).replaceAll(/^(?=.)/gm, '    ');
    const text = `apiVersion: v1\nkind: Namespace\n---\nkind: ConfigMap\nmetadata: {name: istio-sidecar-injector}\ndata:\n  config: |-\n${indented}\n  values: |-\n    {"global": {"tag": 1.30}}\n`;
    const lineOf = (words: string): number => text.split('\n').findIndex((line) => line.includes(words)) + 1;
    const set = pickConfigurationSet(readDocuments({ file: 'all.yaml', text }), {
      name: 'x',
      namespace: 'istio-system',
    });
    expect(placesOf(set)).toEqual([
      `all.yaml:${lineOf('nope')}:29 unknown-function`,
      `all.yaml:${lineOf('1.30')}:24 yaml-scalar`,
    ]);
  });

  it('is in the quoted string of a JSON document, escapes counted', () => {
    const config = JSON.stringify({
      policy: 'enabled',
      defaultTemplates: ['sidecar'],
      templates: { sidecar: `# "a"\n${bad}` },
    });
    const { set } = setOf({ config });
    expect(placesOf(set)).toEqual([`config.yaml:1:${config.indexOf('nope') + 1} unknown-function`]);
  });

  it('is where the string begins when its lines are folded', () => {
    const config = 'defaultTemplates: [sidecar]\npolicy: enabled\ntemplates:\n  sidecar: >\n    {{ nope }}\n    b\n';
    expect(placesOf(setOf({ config }).set)).toEqual(['config.yaml:4:12 unknown-function']);
  });

  it('is that of the line where an unreadable document breaks off', () => {
    expect(placesOf(setOf({ values: 'global:\n  a: [1\n  b: 2\n' }).set)).toEqual([
      'values.yaml:3:4 values-unreadable',
    ]);
    expect(placesOf(setOf({ config: 'a: b: c\n' }).set)).toEqual(['config.yaml:1:5 config-unreadable']);
  });

  it.each([
    ['labels: {b: "1", ▸a: 1.30}', 'a number'],
    ['labels: {a: "no", ▸example.com/b: on, c: "x"}', 'a truth'],
    ['labels: {b: "1"}, generateName: x, ▸name: 010', 'a field'],
  ])('is that of the value that does not fit: %s', (metadata) => {
    const { set, marked } = setOf({ template: `metadata: {${metadata}}\n${goodTemplate}` });
    const found = lintConfiguration(set, plainOptions).filter(({ rule }) => rule === 'merge-fails');
    expect(shown(found)).toEqual([`${marked?.file ?? ''}:${marked?.line ?? 0}:${marked?.column ?? 0} merge-fails`]);
  });

  it('has the line with what is meant', () => {
    const [found] = lintConfiguration(setOf({ template: bad }).set, { ...plainOptions, canary: false });
    expect(found?.place.excerpt).toBe('        image: proxy:{{ nope }}');
    expect(found?.place.mark).toEqual({ column: 25, length: 4 });
  });
});
