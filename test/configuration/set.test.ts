import { describe, expect, it } from 'vitest';
import {
  compileConfigurationSet,
  ConfigurationError,
  pickConfigurationSet,
  placeInFile,
  readDocuments,
  readFeatures,
  type ConfigurationSet,
} from '../../src/configuration/index.ts';

const injector = (name: string, config = 'policy: enabled', extra = ''): string => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: istio-system${extra} }
data:
  config: |
    ${config.replaceAll('\n', '\n    ')}
  values: '{"global":{"hub":"h"}}'
`;
const mesh = (name: string, text = 'rootNamespace: a'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata:\n  mesh: |-\n    ${text}\n`;

const pick = (text: string, revision?: string, namespace = 'istio-system'): ConfigurationSet =>
  pickConfigurationSet(readDocuments({ file: 'all.yaml', text }), {
    name: 'all.yaml',
    namespace,
    ...(revision !== undefined && { revision }),
  });

describe('a configuration set of documents', () => {
  it('takes config, values and mesh of the ConfigMaps that cluster mode takes, and all objects', () => {
    const set = pick(
      [injector('istio-sidecar-injector'), mesh('istio'), 'kind: Namespace\nmetadata: { name: a }'].join('---\n'),
    );
    expect([set.config.text, set.values.text, set.mesh.map(({ text }) => text)]).toEqual([
      'policy: enabled\n',
      '{"global":{"hub":"h"}}',
      ['rootNamespace: a'],
    ]);
    expect([set.revision, set.objects.length]).toEqual(['default', 3]);
    expect(set.config.file).toBe('configmap istio-system/istio-sidecar-injector key config');
  });

  it.each<[string, string[], string | undefined]>([
    ['is not known without its Deployment', ['other'], undefined],
    ['is that of its Deployment', ['other', 'istiod'], 'istiod'],
    ['is that of ours where both are there', ['outrigger', 'istiod'], 'outrigger'],
    ['is not that of another revision', ['istiod-canary'], undefined],
  ])('has the environment of the control plane, which %s', (_what, names, expected) => {
    const deployment = (name: string): string =>
      JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace: 'istio-system' },
        spec: {
          template: {
            spec: {
              containers: [
                { name: 'proxy', env: [{ name: 'PLATFORM', value: 'other' }] },
                {
                  name: 'discovery',
                  env: [
                    { name: 'PLATFORM', value: name },
                    { name: 'COMPLIANCE_POLICY' },
                    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                  ],
                },
              ],
            },
          },
        },
      });
    const { environment } = pick([injector('istio-sidecar-injector'), ...names.map(deployment)].join('\n---\n'));
    expect(environment).toEqual(expected && { PLATFORM: expected, COMPLIANCE_POLICY: '' });
  });

  it('opens lists, in YAML and in JSON', () => {
    const list = {
      kind: 'List',
      items: [
        { kind: 'ConfigMap', metadata: { name: 'outrigger' }, data: { config: 'a: 1', values: '{}', mesh: 'm: 1' } },
      ],
    };
    const set = pick(JSON.stringify(list));
    expect([set.config.text, set.mesh[0]?.text]).toEqual(['a: 1', 'm: 1']);
    const items = injector('istio-sidecar-injector').split('\n').join('\n  ').trimEnd();
    expect(pick(`kind: List\nitems:\n- ${items}\n`).config.text).toBe('policy: enabled\n');
  });

  it.each([
    ['the only one there is', [injector('istio-sidecar-injector-canary')], undefined, 'canary'],
    [
      'the unnamed one among several',
      [injector('istio-sidecar-injector-a'), injector('istio-sidecar-injector')],
      undefined,
      'default',
    ],
    ['the one asked for', [injector('istio-sidecar-injector-a'), injector('istio-sidecar-injector')], 'a', 'a'],
    [
      'as its label says',
      [injector('istio-sidecar-injector', 'policy: enabled', ', labels: { istio.io/rev: blue }')],
      undefined,
      'blue',
    ],
  ])('chooses the revision: %s', (_title, texts, revision, expected) => {
    expect(pick(texts.join('---\n'), revision).revision).toBe(expected);
  });

  it.each([
    [
      'several revisions',
      [injector('istio-sidecar-injector-a'), injector('istio-sidecar-injector-b')].join('---\n'),
      'all.yaml: there are several revisions, choose one: a, b',
    ],
    ['no injector', mesh('istio'), 'all.yaml: there is no ConfigMap istio-sidecar-injector or outrigger'],
    [
      'a missing key',
      'kind: ConfigMap\nmetadata: { name: istio-sidecar-injector }\ndata: { config: "" }',
      'all.yaml: configmap istio-sidecar-injector: missing ConfigMap values key "values"',
    ],
  ])('refuses %s', (_title, text, message) => {
    expect(() => pick(text)).toThrow(new ConfigurationError('', '').constructor as never);
    expect(() => pick(text)).toThrow(message);
  });

  it('takes the ConfigMap of the namespace among equal names, else the last', () => {
    const other = injector('istio-sidecar-injector', 'policy: disabled').replace(
      'namespace: istio-system',
      'namespace: other',
    );
    const text = [other, injector('istio-sidecar-injector'), other].join('---\n');
    expect(pick(text).config.text).toBe('policy: enabled\n');
    expect(pick(text, undefined, 'none').config.text).toBe('policy: disabled\n');
  });

  it('knows where a literal block stands in the file, and a quoted string as a whole', () => {
    const text = `# a chart\n---\n${injector('istio-sidecar-injector', '\npolicy: enabled')}`;
    const { config, values } = pick(text);
    expect(text.split('\n')[placeInFile(config, { line: 2, column: 1 }).line - 1]).toBe('    policy: enabled');
    expect(placeInFile(config, { line: 2, column: 1 })).toEqual({ file: 'all.yaml', line: 9, column: 5 });
    expect(placeInFile(values, { line: 1, column: 3 })).toEqual({ file: 'all.yaml', line: 10, column: 0 });
    expect(placeInFile({ file: 'mesh.yaml', text: '' }, { line: 3, column: 4 })).toEqual({
      file: 'mesh.yaml',
      line: 3,
      column: 4,
    });
  });

  it('names the place in the file when it does not compile', () => {
    const broken = injector('istio-sidecar-injector', 'templates:\n  sidecar: |\n    {{ nofunc }}');
    const compile = (): unknown =>
      compileConfigurationSet(pick(`---\n${broken}`), { clusterId: 'c', features: readFeatures({}).features });
    expect(compile).toThrow(
      /^all\.yaml:9(:\d+)?: configmap istio-system\/istio-sidecar-injector key config: .*"nofunc" not defined/,
    );
  });

  it('reads no document that is no YAML, and says where', () => {
    expect(() => readDocuments({ file: 'x.yaml', text: 'a: 1\n---\nb: }' })).toThrow(/^x\.yaml:3/);
  });
});
