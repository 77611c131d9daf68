import { describe, expect, it } from 'vitest';
import {
  compileConfiguration,
  decodeClusterObjects,
  indexClusterObjects,
  noClusterObjects,
  readFeatures,
  withClusterObjects,
} from '../../src/configuration/index.ts';

const compile = (texts: { config?: string; values?: string; mesh?: string[] } = {}) =>
  compileConfiguration({
    config: { file: 'config', text: texts.config ?? 'policy: enabled\ntemplates: {sidecar: ""}' },
    values: { file: 'values', text: texts.values ?? '{}' },
    mesh: (texts.mesh ?? []).map((text, index) => ({ file: `mesh-${index}`, text })),
    revision: 'r',
    clusterId: 'c',
    features: readFeatures({}).features,
  });

describe('a configuration', () => {
  it('has the built-in mesh when there is no document', () => {
    const { mesh, warnings, cluster } = compile();
    expect(mesh).toMatchObject({ trustDomain: 'cluster.local', proxyListenPort: 15001 });
    expect(warnings).toEqual([]);
    expect(cluster).toBe(noClusterObjects);
  });

  it('applies the documents of the mesh one after the other', () => {
    const { mesh } = compile({ mesh: ['trustDomain: a\nproxyListenPort: 1', 'trustDomain: b'] });
    expect(mesh).toMatchObject({ trustDomain: 'b', proxyListenPort: 1 });
  });

  it('warns when there is no template', () => {
    expect(compile({ config: 'policy: enabled' }).warnings).toEqual(['injection templates are empty']);
  });

  it.each([
    [
      'a wrong value in the mesh',
      { mesh: ['{}', 'defaultConfig: {statusPort: 70000}'] },
      /^mesh-1: invalid mesh config: .*status port/s,
    ],
    [
      'a wrong type in the mesh',
      { mesh: ['trustDomain: a\ndefaultConfig:\n  proxyMetadata: {}\n  statusPort: [1]\n'] },
      /^mesh-0:4: invalid mesh config: /,
    ],
    ['broken YAML in the mesh', { mesh: ['a: b\nc: ['] }, /^mesh-0:\d/],
    ['broken values', { values: 'global: 5' }, /^values:1: /],
    ['a broken template', { config: 'templates: {a: "{{"}' }, /^config:1: template "a": /],
  ])('is refused as a whole for %s', (_what, texts, message) => {
    expect(() => compile(texts)).toThrow(message);
  });

  it('takes other objects of the cluster without being compiled again', () => {
    const configuration = compile();
    const cluster = indexClusterObjects([
      {
        apiVersion: 'networking.istio.io/v1beta1',
        kind: 'ProxyConfig',
        metadata: { name: 'x', namespace: 'shop' },
        spec: { concurrency: 3 },
      },
    ]);
    const changed = withClusterObjects(configuration, cluster);
    expect(changed.injection).toBe(configuration.injection);
    expect(changed.proxyConfigs.effective({ namespace: 'shop', labels: {} }).concurrency).toEqual({ value: 3 });
    expect(configuration.proxyConfigs.effective({ namespace: 'shop', labels: {} }).concurrency).toBeUndefined();
  });
});

describe('objects of a cluster', () => {
  const decode = (...texts: string[]) =>
    decodeClusterObjects(texts.map((text, index) => ({ file: `objects-${index}`, text })));

  it('are read from documents, lists and JSON', () => {
    const { namespaces, nodes, proxyConfigs } = decode(
      `# a comment
apiVersion: v1
kind: Namespace
metadata: {name: a, labels: {x: "1"}, annotations: {z: "2"}}
--- # next
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Node, metadata: {name: node}, status: {nodeInfo: {kubeletVersion: v1.34.0}}}
- {apiVersion: v1, kind: Node, metadata: {name: old}}
- 5
---
---
apiVersion: v1
kind: ConfigMap
metadata: {name: other}
`,
      '{"apiVersion":"networking.istio.io/v1","kind":"ProxyConfig","metadata":{"name":"p","namespace":"s","creationTimestamp":"2024-01-01T00:00:00Z","labels":{"l":"m"}},"spec":{"concurrency":1}}',
    );
    expect([...namespaces.keys()]).toEqual(['a']);
    expect({ ...namespaces.get('a')?.labels }).toEqual({ x: '1' });
    expect({ ...namespaces.get('a')?.annotations }).toEqual({ z: '2' });
    expect([...nodes]).toEqual([
      ['node', 'v1.34.0'],
      ['old', ''],
    ]);
    expect(proxyConfigs).toMatchObject([
      { name: 'p', namespace: 's', creationTimestamp: '2024-01-01T00:00:00Z', spec: { concurrency: 1 } },
    ]);
  });

  it('replace earlier ones of the same name', () => {
    const { proxyConfigs } = decode(
      'apiVersion: networking.istio.io/v1\nkind: ProxyConfig\nmetadata: {name: p}\n---\napiVersion: networking.istio.io/v1\nkind: ProxyConfig\nmetadata: {name: p}\nspec: {concurrency: 2}\n',
    );
    expect(proxyConfigs).toHaveLength(1);
    expect(proxyConfigs[0]?.spec).toEqual({ concurrency: 2 });
  });

  it('are told apart by their group', () => {
    expect(decode('apiVersion: x/v1\nkind: Namespace\nmetadata: {name: a}').namespaces.size).toBe(0);
    expect(decode('apiVersion: v1\nkind: ProxyConfig\nmetadata: {name: a}').proxyConfigs).toEqual([]);
  });

  it('survive odd types and names', () => {
    const { namespaces } = decode(
      '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"__proto__","labels":{"__proto__":"x","n":5},"annotations":[]}}',
    );
    expect(Object.entries(namespaces.get('__proto__')?.labels ?? {})).toEqual([['__proto__', 'x']]);
  });

  it('say where the YAML is broken, counted in the whole file', () => {
    expect(() => decode('kind: a\n---\nkind: b\n---\nkind: [\n')).toThrow(/^objects-0:[56]/);
  });
});
