import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { decisiveRules, explainPod, referenceOf, rules, type RuleId } from '../../src/explanation/index.ts';
import { reasons } from '../../src/injection/index.ts';
import { pod } from '../injection/support.ts';
import { smallInjector } from './support.ts';

const read = (file: string): string => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');

interface Schema {
  readonly definitions: Readonly<Record<string, { enum?: string[]; properties?: Record<string, { enum?: string[] }> }>>;
}

const schema = JSON.parse(read('explain.schema.json')) as Schema;
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

describe('docs/explain.schema.json', () => {
  it.each<[string, object, object]>([
    ['an injected pod', {}, { containers: [{ name: 'app', readinessProbe: { httpGet: { port: 80 } } }] }],
    ['a skipped pod', {}, { hostNetwork: true }],
    ['a denied pod', { annotations: { 'sidecar.istio.io/proxyCPU': 'banana' } }, {}],
    ['a pod that is not sent', { namespace: 'other' }, {}],
  ])('describes the explanation of %s', (_what, metadata, spec) => {
    const surroundings = 'namespace' in metadata ? { namespaceLabels: {} } : {};
    const explanation = explainPod(smallInjector('policy: enabled\n'), pod(metadata, spec), surroundings);
    expect(validate(JSON.parse(JSON.stringify([explanation]))), JSON.stringify(validate.errors)).toBe(true);
  });

  it('refuses what is no explanation', () => {
    expect(validate([{ version: 1 }])).toBe(false);
  });

  it('knows every rule and every reason', () => {
    const { definitions } = schema;
    expect(definitions['step']?.properties?.['rule']?.enum).toEqual(Object.keys(rules));
    expect(definitions['reason']?.enum?.toSorted()).toEqual(['webhook-not-called', ...Object.keys(reasons)].sort());
  });
});

describe('docs/explain.md', () => {
  const text = read('explain.md');

  it.each(Object.keys(rules))('has a section for the rule %s', (rule) => {
    expect(text).toContain(`\n### ${referenceOf(rule as RuleId).split('#')[1] ?? ''}\n`);
  });

  it.each(Object.keys(decisiveRules))('names the reason %s', (reason) => {
    expect(text).toContain(`\`${reason}\``);
  });
});
