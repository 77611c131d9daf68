import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileConfiguration, noClusterObjects, readFeatures } from '../../src/configuration/index.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../../src/server/built-in-configuration.ts';
import { manifestFile } from './support.ts';

const read = (path: string): string => readFileSync(manifestFile(`chart/${path}`), 'utf8');

describe('the built-in configuration in the chart', () => {
  const texts = { config: builtInConfig(), values: builtInValues(), mesh: builtInMesh() };

  it.each(Object.entries(texts))('has the text of templates/ for %s (else run node tools/manifests.ts)', (key, { text }) => {
    expect(read(`built-in/${key}`)).toBe(`${text.trimEnd()}\n`);
  });

  it('compiles', () => {
    const source = (key: string) => ({ file: key, text: read(`built-in/${key}`) });
    const configuration = compileConfiguration({
      config: source('config'),
      values: source('values'),
      mesh: [source('mesh')],
      revision: 'default',
      clusterId: 'Kubernetes',
      cluster: noClusterObjects,
      features: readFeatures({}).features,
    });
    expect(configuration.warnings).toEqual([]);
  });
});

describe('the schema of the values', () => {
  const check = new Ajv({ strict: false }).compile(JSON.parse(read('values.schema.json')) as object);
  const defaults = parse(read('values.yaml')) as Record<string, unknown>;

  it('takes the defaults', () => {
    expect(check(defaults), JSON.stringify(check.errors)).toBe(true);
  });

  it('knows every value', () => {
    const { properties } = JSON.parse(read('values.schema.json')) as { properties: object };
    expect(Object.keys(properties).filter((key) => key !== 'global')).toEqual(Object.keys(defaults));
  });

  it.each([
    ['an unknown value', { replica: 2 }],
    ['a failure policy that does not exist', { sidecarInjectorWebhook: { failurePolicy: 'Never' } }],
    ['a timeout that the API server refuses', { validationWebhook: { timeoutSeconds: 31 } }],
    ['a revision that is no label', { revision: 'a_b' }],
    ['a kind of certificates that does not exist', { certificates: { mode: 'none' } }],
    ['a digest that is none', { image: { digest: 'sha256:1' } }],
    ['no replica', { replicas: 0 }],
  ])('refuses %s', (_what, values) => {
    expect(check(values)).toBe(false);
  });
});
