import { describe, expect, it } from 'vitest';
import { compileConfiguration, indexClusterObjects, readFeatures } from '../../../src/configuration/index.ts';
import { OverlayCache } from '../../../src/injection/index.ts';
import { injectDocuments, type ManualInjection } from '../../../src/injection/manual/index.ts';

/** A configuration whose template shows what it was given; its policy, defaults and aliases must not count. */
function manual(change: Partial<ManualInjection> = {}): ManualInjection {
  const config = `
policy: disabled
defaultTemplates: [other]
aliases: {sidecar: [other]}
injectedAnnotations: {never: seen}
templates:
  other: "metadata: {labels: {other: 'true'}}"
  sidecar: |
    metadata:
      labels:
        seen: "{{ .TypeMeta.APIVersion }}|{{ .TypeMeta.Kind }}|{{ .DeploymentMeta.Namespace }}|{{ .DeploymentMeta.Name }}"
        more: "{{ .NativeSidecars }}|{{ .Revision }}|{{ .ProxyUID }}|{{ .ProxyConfig.StatusPort }}|{{ .MeshConfig.DefaultConfig.StatusPort }}"
`;
  const configuration = compileConfiguration({
    config: { file: 'config', text: config },
    values: { file: 'values', text: '{}' },
    mesh: [],
    revision: 'default',
    clusterId: 'Kubernetes',
    features: readFeatures({}).features,
  });
  return { configuration, context: {}, cache: new OverlayCache(), ...change };
}

function inject(text: string, change: Partial<ManualInjection> = {}): { text: string; warnings: string[] } {
  const documents = [...injectDocuments(text, manual(change))];
  return {
    text: documents.map((document) => document.text).join(''),
    warnings: documents.flatMap(({ warnings }) => warnings),
  };
}

const spec = 'template: {spec: {containers: [{name: app}]}}';
const workload = (kind: string, apiVersion = 'apps/v1'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: cart, namespace: shop}\nspec: {${spec}}\n`;

describe('injecting a text of Kubernetes objects', () => {
  it.each([
    ['kind: Service\nspec: {a: 010}  # stays\n'],
    ['# a comment alone\n'],
    ['\n'],
    ['apiVersion: v1\n'],
    ['kind: PodList\nitems: []\n'],
  ])('leaves %j as it is', (text) => {
    expect(inject(text).text).toBe(`${text}---\n`);
  });

  it('writes a workload anew: sorted, with what Kubernetes always writes', () => {
    const label = 'apps/v1|Deployment|shop|cart';
    expect(inject(workload('Deployment')).text).toBe(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  selector: null
  strategy: {}
  template:
    metadata:
      annotations:
        prometheus.io/path: /stats/prometheus
        prometheus.io/port: "15020"
        prometheus.io/scrape: "true"
        sidecar.istio.io/status: '{"initContainers":null,"containers":null,"volumes":null,"imagePullSecrets":null,"revision":"default"}'
      labels:
        more: false||1337|15020|15020
        seen: ${label}
    spec:
      containers:
      - name: app
        resources: {}
status: {}
---
`);
  });

  it.each([
    ['DaemonSet', 'apps/v1'],
    ['ReplicaSet', 'apps/v1'],
    ['StatefulSet', 'apps/v1'],
    ['Job', 'batch/v1'],
    ['ReplicationController', 'v1'],
    ['DeploymentConfig', 'apps.openshift.io/v1'],
    ['Deployment', 'extensions/v1beta1'],
  ])('injects the template of a %s of %s', (kind, apiVersion) => {
    const { text } = inject(workload(kind, apiVersion));
    expect(text).toContain(`seen: ${apiVersion}|${kind}|shop|cart\n`);
    expect(text).toMatch(/\n {2}template:\n {4}metadata:\n {6}annotations:/);
  });

  it('injects a pod, whose workload is guessed', () => {
    const { text } = inject('kind: Pod\nmetadata: {name: p}\nspec: {containers: []}\n');
    expect(text).toContain('seen: v1|Pod||p\n');
  });

  it('puts labels and annotations of a CronJob on its job template', () => {
    const { text } = inject(`kind: CronJob\nmetadata: {name: c}\nspec: {jobTemplate: {spec: {${spec}}}}\n`);
    expect(text).toMatch(/\n {2}jobTemplate:\n {4}metadata:\n {6}annotations:/);
    expect(text).toContain('\n        metadata: {}\n        spec:\n');
  });

  it('makes strings of what YAML reads as something else', () => {
    const { text } = inject('kind: Pod\nmetadata: {name: off, labels: {a: 1.50, b: 010}}\nspec: {containers: []}\n');
    expect(text).toContain('\n  name: "false"\n');
    expect(text).toContain('\n    a: "1.5"\n    b: "8"\n');
  });

  it('injects the items of a list and keeps the others', () => {
    const list = `kind: List\napiVersion: v1\nmetadata: {resourceVersion: "1", other: x}\nitems:\n- {kind: Service, spec: {z: 1, a: 010}}\n- {kind: Pod, metadata: {name: p}}\n- null\n`;
    const { text } = inject(list);
    expect(text).toMatch(/^apiVersion: v1\nitems:\n- kind: Service\n {2}spec:\n {4}a: 8\n {4}z: 1\n- kind: Pod\n/);
    expect(text).toMatch(/seen: v1\|Pod\|\|p\n/);
    expect(text).toMatch(/\n- null\nkind: List\nmetadata:\n {2}resourceVersion: "1"\n---\n$/);
    expect(inject('kind: List\n').text).toBe('items: null\nkind: List\nmetadata: {}\n---\n');
  });

  it('leaves workloads alone that refuse, and says so', () => {
    const hostNetwork =
      'kind: Deployment\nmetadata: {name: d, namespace: ns}\nspec: {template: {spec: {hostNetwork: true}}}\n';
    const refusing = 'kind: Pod\nmetadata: {name: p, labels: {sidecar.istio.io/inject: "false"}}\n';
    const named = 'kind: Job\nmetadata: {name: j}\nspec: {template: {metadata: {name: t, namespace: kube-public}}}\n';
    const { text, warnings } = inject([hostNetwork, refusing, named].join('---\n'));
    expect(warnings).toEqual([
      '===> Skipping injection because Deployment "ns/d" has host networking enabled',
      '===> Skipping injection because Pod "p" has sidecar injection disabled',
      '===> Skipping injection because Job "t" has sidecar injection disabled',
    ]);
    expect(text).not.toContain('seen:');
    expect(text).toContain('status: {}');
  });

  it('injects a deployment in an ignored namespace, since only the template counts', () => {
    expect(inject(workload('Deployment').replace('shop', 'kube-system')).text).toContain('seen:');
  });

  it('applies the annotation proxy.istio.io/config to the mesh configuration too', () => {
    const annotations = `metadata: {annotations: {proxy.istio.io/config: "statusPort: 9999"}}`;
    const { text } = inject(
      `kind: Deployment\nmetadata: {name: d}\nspec: {template: {${annotations}, spec: {containers: []}}}\n`,
    );
    expect(text).toContain('more: false||1337|9999|9999\n');
  });

  it('detects native sidecars from the nodes, when they are known', () => {
    const node = {
      kind: 'Node',
      apiVersion: 'v1',
      metadata: { name: 'n' },
      status: { nodeInfo: { kubeletVersion: 'v1.33.1' } },
    };
    expect(inject(workload('Job'), { cluster: indexClusterObjects([node]) }).text).toContain('more: true|');
    expect(inject(workload('Job')).text).toContain('more: false|');
  });

  it.each([
    ['kind: ReplicationController\nspec: {}\n', 'spec.template is required value'],
    [
      'kind: [a]\n',
      'error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go struct field TypeMeta.kind of type string',
    ],
    [
      '- a\n',
      'error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type v1.TypeMeta',
    ],
    ['a: [', 'error converting YAML to JSON: yaml: line 1: did not find expected node content'],
    [
      'kind: Pod\nspec: {containers: 5}\n',
      'error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'kind: List\nitems: 5\n',
      'error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field List.items of type []runtime.RawExtension',
    ],
    [
      'kind: List\nmetadata: x\n',
      'error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go struct field List.metadata of type v1.ListMeta',
    ],
    [
      'kind: Pod\nmetadata: {annotations: {inject.istio.io/templates: none}}\n',
      'failed to run injection template: requested template "none" not found; have other, sidecar',
    ],
  ])('fails for %j', (text, message) => {
    expect(() => inject(text)).toThrow(message);
  });
});
