import { describe, expect, it } from 'vitest';
import {
  explainField,
  fieldsByTemplateLine,
  provenanceOf,
  sourceText,
  type FieldProvenance,
  type ObservedParameters,
} from '../../../src/explanation/provenance/index.ts';
import { createInjector, readPathEnvironment, webhookParameters } from '../../../src/injection/index.ts';
import { decodePod } from '../../../src/kubernetes/index.ts';

const template = `metadata:
  annotations:
    made-by: "{{ .Revision }}"
spec:
  containers:
  - name: istio-proxy
    image: "{{ annotation .ObjectMeta "sidecar.istio.io/proxyImage" .ProxyImage }}"
    args:
    - proxy
    {{- if .Values.global.debug }}
    - --debug
    {{- end }}
    - "--level={{ .Values.global.level }}"
    resources:
      {{- toYaml .Values.global.resources | nindent 6 }}
    env:
    {{- range $key, $value := .ProxyConfig.ProxyMetadata }}
    - name: {{ $key }}
      value: "{{ $value }}"
    {{- end }}
    - { name: OWNER, value: "{{ .DeploymentMeta.Name }}" }
    - { name: PORT, value: "{{ (index .Spec.Containers 0).Name }}" }
`;

const config = `defaultTemplates: [sidecar]\ninjectedAnnotations: { added: "1" }\ntemplates:\n  sidecar: |\n${template.replace(/^/gm, '    ')}`;
const values = {
  global: { hub: 'hub', tag: '1', level: 'info', network: 'n1', resources: { limits: { cpu: '2' } } },
  sidecarInjectorWebhook: { rewriteAppHTTPProbe: true },
};
const mesh = 'defaultConfig: { statusPort: 15020, proxyMetadata: { FROM_MESH: m } }';

interface PodSettings {
  readonly annotations?: Record<string, string>;
  readonly proxy?: object;
  readonly path?: string;
}

function parameters({ annotations = {}, proxy, path = '/inject' }: PodSettings = {}): ObservedParameters {
  const { configuration } = createInjector({ config, values: JSON.stringify(values), mesh });
  const app = { name: 'app', image: 'app', readinessProbe: { httpGet: { path: '/ready', port: 8080 } } };
  const containers = [app, ...(proxy === undefined ? [] : [{ name: 'istio-proxy', ...proxy }])];
  const pod = decodePod({ metadata: { name: 'web', namespace: 'shop', annotations }, spec: { containers } });
  return webhookParameters(configuration, pod, readPathEnvironment(path).env).parameters;
}

const proxyField = 'spec.containers[istio-proxy]';

function leaf(path: string, settings?: PodSettings): FieldProvenance {
  const answer = explainField(parameters(settings), path);
  const field = answer.found && answer.fields.length === 1 ? answer.fields[0] : undefined;
  if (field === undefined) throw new Error(JSON.stringify(answer));
  return field;
}

const lines = ({ template: from }: FieldProvenance): number[] => [...new Set(from?.places.map(({ line }) => line))];

describe('the provenance of a field that a template wrote', () => {
  it.each([
    {
      path: `${proxyField}.image`,
      line: 7,
      values: ['values global.hub', 'values global.proxy.image', 'values global.tag'],
    },
    { path: `${proxyField}.args[0]`, line: 9, values: [] },
    { path: `${proxyField}.args[1]`, line: 13, values: ['values global.level'] },
    { path: `${proxyField}.resources.limits.cpu`, line: 15, values: ['values global.resources.limits.cpu'] },
    { path: `${proxyField}.env[FROM_MESH].value`, line: 19, values: ['mesh defaultConfig.proxyMetadata.FROM_MESH'] },
    { path: `${proxyField}.env[OWNER].value`, line: 21, values: ['workload name'] },
    { path: `${proxyField}.env[PORT].value`, line: 22, values: ['pod spec.containers[0].name'] },
    { path: 'metadata.annotations[made-by]', line: 3, values: ['platform revision'] },
  ])('$path stands in line $line', ({ path, line, values: expected }) => {
    const field = leaf(path);
    expect([field.step, lines(field), field.values.map(sourceText)]).toEqual(['template', [line], expected]);
  });

  it('names the annotation once it is set, and before that as what decides', () => {
    const path = `${proxyField}.image`;
    const name = 'annotation sidecar.istio.io/proxyImage';
    expect(leaf(path).conditions.map(sourceText)).toContain(name);
    expect(leaf(path, { annotations: { 'sidecar.istio.io/proxyImage': 'own' } }).values.map(sourceText)).toEqual([
      name,
    ]);
  });

  it('names the field of the proxy configuration in the annotation', () => {
    const annotations = { 'proxy.istio.io/config': 'proxyMetadata: { OWN: o }' };
    const sources = leaf(`${proxyField}.env[OWN].value`, { annotations }).values.map(sourceText);
    expect(sources).toEqual(['annotation proxy.istio.io/config (proxyMetadata.OWN)']);
  });

  it('knows what decides about the number of an element', () => {
    expect(leaf(`${proxyField}.args[1]`).consulted.map(sourceText)).toContain('values global.debug');
  });
});

describe('the provenance of a field that the injector itself wrote', () => {
  it.each<{ path: string; step: string; values: string[]; settings?: PodSettings }>([
    { path: 'metadata.annotations[sidecar.istio.io/status]', step: 'metadata', values: ['platform revision'] },
    { path: 'metadata.annotations.added', step: 'metadata', values: ['configuration injectedAnnotations.added'] },
    { path: 'metadata.labels[topology.istio.io/network]', step: 'metadata', values: ['values global.network'] },
    { path: `${proxyField}.env[ISTIO_META_NETWORK].value`, step: 'environment', values: ['values global.network'] },
    {
      path: `${proxyField}.env[ISTIO_META_NETWORK].value`,
      step: 'environment',
      values: ['url ISTIO_META_NETWORK'],
      settings: { path: '/inject/net/n2' },
    },
    {
      path: `${proxyField}.env[ISTIO_META_CLUSTER_ID].value`,
      step: 'environment',
      values: ['url ISTIO_META_CLUSTER_ID'],
      settings: { path: '/inject/cluster/c1' },
    },
    {
      path: `${proxyField}.env[ISTIO_META_CLUSTER_ID].name`,
      step: 'environment',
      values: [],
      settings: { path: '/inject/cluster/c1' },
    },
    { path: 'metadata.annotations[prometheus.io/port]', step: 'prometheus', values: ['mesh defaultConfig.statusPort'] },
    { path: 'metadata.annotations[prometheus.io/path]', step: 'prometheus', values: [] },
    {
      path: 'spec.containers[app].readinessProbe.httpGet.port',
      step: 'probes',
      values: ['mesh defaultConfig.statusPort'],
    },
    {
      path: 'spec.containers[app].readinessProbe.httpGet.port',
      step: 'probes',
      values: ['annotation status.sidecar.istio.io/port'],
      settings: { annotations: { 'status.sidecar.istio.io/port': '15021' } },
    },
    { path: 'spec.containers[app].readinessProbe.httpGet.path', step: 'probes', values: [] },
    { path: `${proxyField}.env[ISTIO_KUBE_APP_PROBERS].value`, step: 'probes', values: ['pod spec'] },
    {
      path: `${proxyField}.image`,
      step: 'overrides',
      values: ['pod spec.containers[istio-proxy].image'],
      settings: { proxy: { image: 'own' } },
    },
    {
      path: 'metadata.annotations[proxy.istio.io/overrides]',
      step: 'overrides',
      values: ['pod spec'],
      settings: { proxy: { image: 'own' } },
    },
    { path: 'spec.containers[app].image', step: 'request', values: ['pod spec.containers[app].image'] },
  ])('$path: $step, $values', ({ path, step, values: expected, settings }) => {
    const field = leaf(path, settings);
    expect([field.step, field.values.map(sourceText)]).toEqual([step, expected]);
    expect(field.explanation).not.toBe('');
  });

  it('says that an override is one even where it changes nothing', () => {
    expect(leaf(`${proxyField}.image`, { proxy: { image: 'hub/proxyv2:1' } }).step).toBe('overrides');
  });
});

describe('the question for a field', () => {
  it('may count elements, quote keys, and ask for a whole branch', () => {
    expect(leaf('spec.containers[1].image').path).toBe('spec.containers[istio-proxy].image');
    expect(leaf('metadata.annotations["made-by"]').path).toBe('metadata.annotations.made-by');
    const branch = explainField(parameters(), `${proxyField}.args`);
    expect(branch.found && branch.fields.map(({ path }) => path)).toEqual([
      `${proxyField}.args[0]`,
      `${proxyField}.args[1]`,
    ]);
  });

  it.each([
    { path: 'spec.nothing', problem: 'the injected pod has no field spec.nothing' },
    { path: 'spec.containers[9]', problem: 'the injected pod has no field spec.containers[9]' },
    { path: 'spec[', problem: '"spec[" is not a field path' },
    { path: '', problem: '"" is not a field path' },
  ])('is answered with a problem for "$path"', ({ path, problem }) => {
    const answer = explainField(parameters(), path);
    expect(answer.found ? '' : answer.problem).toContain(problem);
  });

  it('is answered with the reason where the injection fails, without values of the pod', () => {
    const annotations = { 'sidecar.istio.io/proxyCPU': 'banana', 'inject.istio.io/templates': 'nosuch' };
    const answer = explainField(parameters({ annotations }), 'spec');
    expect(answer).toMatchObject({ found: false });
    expect(answer.found ? '' : answer.problem).toContain('failed to run injection template');
  });
});

describe('the provenance of a pod', () => {
  it('knows the fields of each line of a template', () => {
    const byLine = fieldsByTemplateLine(provenanceOf(parameters())).get('sidecar');
    expect(byLine?.get(7)).toEqual([`${proxyField}.image`]);
    expect(byLine?.get(15)).toEqual([`${proxyField}.resources.limits.cpu`]);
    expect(byLine?.has(10)).toBe(false);
  });

  it('holds no value of a variable, an annotation or the configuration', () => {
    const secret = 'planted-secret';
    const given = parameters({
      annotations: {
        'sidecar.istio.io/proxyImage': secret,
        'proxy.istio.io/config': `proxyMetadata: { TOKEN: ${secret} }`,
      },
      proxy: { env: [{ name: 'TOKEN2', value: secret }] },
    });
    const provenance = provenanceOf(given);
    expect(provenance.leaves.get(`${proxyField}.env[TOKEN].value`)?.value).toBe(secret);
    expect(JSON.stringify([...provenance.fields.values()])).not.toContain(secret);
  });
});
