import { describe, expect, it } from 'vitest';
import {
  CanaryBaseline,
  canaryPods,
  checkConfiguration,
  isBreaking,
  isExpensive,
  templateSets,
  tryPod,
  type ConfigurationCheckOptions,
  type ConfigurationFinding,
} from '../../src/canary/index.ts';
import { annotationSamples } from '../../src/canary/samples.ts';
import { mendedShapes } from '../../src/canary/shapes/index.ts';
import { createInjector, metadataRegistry, type Injector } from '../../src/injection/index.ts';
import { indexClusterObjects, withClusterObjects, type Configuration } from '../../src/configuration/index.ts';
import { decodePod, findPodErrors } from '../../src/kubernetes/index.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../../src/server/built-in-configuration.ts';

const configOf = (templates: Record<string, string>, more: object = {}): Configuration =>
  createInjector({
    config: JSON.stringify({ policy: 'enabled', templates, ...more }),
    values: '{"global":{"proxy":{"image":"proxyv2"},"hub":"h","tag":"t"}}',
  }).configuration;

const sidecar = `spec:
  containers:
  - name: istio-proxy
    image: {{ .ProxyImage }}
    {{- with index .ObjectMeta.Annotations "example.com/level" }}
    args: [{{ . | quote }}]
    {{- end }}
`;

function findings(
  configuration: Configuration,
  options: ConfigurationCheckOptions = {},
): readonly ConfigurationFinding[] {
  const check = checkConfiguration(configuration, options);
  for (;;) {
    const { done, value } = check.next();
    if (done === true) return value;
  }
}

const errors = (...given: Parameters<typeof findings>): readonly ConfigurationFinding[] =>
  findings(...given).filter(({ level }) => level === 'error');

const builtIn = createInjector({
  config: builtInConfig().text,
  values: builtInValues().text,
  mesh: builtInMesh().text,
}).configuration;

describe('canary pods', () => {
  it('are valid themselves, but for those that say that they are not', () => {
    for (const set of templateSets(builtIn)) {
      for (const { name, pod, reliesOnTemplates } of canaryPods(builtIn, set)) {
        if (reliesOnTemplates !== true) expect(findPodErrors(pod), name).toEqual([]);
      }
    }
  });

  it('are refused as they are, where templates may mend them', () => {
    for (const { name, pod } of mendedShapes) expect(findPodErrors(decodePod(pod)), name).not.toEqual([]);
  });

  it('have every annotation that pods are read for', () => {
    const made = new Set(['inject.istio.io/templates', 'sidecar.istio.io/status']);
    const missing = metadataRegistry
      .filter(({ kind, on, name }) => kind === 'annotation' && on === 'pod' && !made.has(name))
      .filter(({ name }) => !Object.hasOwn(annotationSamples, name));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('ask for every template, alone or on top of the default ones', () => {
    const addition = 'spec: {containers: [{name: istio-proxy, env: [{name: A, value: b}]}]}';
    const configuration = configOf(
      { sidecar, other: 'spec: {hostname: a}', addition, broken: '{{ fail "no" }}' },
      { aliases: { both: ['sidecar', 'other'] } },
    );
    expect(templateSets(configuration)).toEqual([
      { asksFor: '', isUsable: true },
      { asksFor: 'both', isUsable: true },
      { asksFor: 'other', isUsable: true },
      { asksFor: 'sidecar,addition', isUsable: true },
      { asksFor: 'broken', isUsable: false },
    ]);
  });

  it('have the annotations that only a template of the configuration knows', () => {
    const names = [...canaryPods(configOf({ sidecar }), { asksFor: '', isUsable: true })].map(({ guess }) => guess);
    expect(names.filter((guess) => guess !== undefined)).toContain('annotation example.com/level ');
  });
});

describe('a configuration that is tried', () => {
  it('has no error when it is built in', () => {
    expect(errors(builtIn)).toEqual([]);
  });

  it.each<[string, string, Partial<ConfigurationFinding>]>([
    [
      'fails',
      `spec:\n  containers:\n  - name: a\n    image: {{ .Nothing }}\n`,
      { kind: 'template-failed', place: { template: 'sidecar', line: 4, column: 15 } },
    ],
    [
      'writes what is no YAML',
      `spec:\n  containers:\n  - name: a\n   image: b\n`,
      { kind: 'output-unreadable', place: { template: 'sidecar', line: 4, column: 4 } },
    ],
    [
      'writes a value of a wrong type',
      `spec:\n  terminationGracePeriodSeconds: soon\n`,
      { kind: 'output-unmergeable', place: { template: 'sidecar', line: 2, column: 3 } },
    ],
    [
      'makes pods that Kubernetes refuses',
      `spec:\n  containers:\n  - name: a\n    image: b\n    ports:\n    - containerPort: {{ add 70000 1 }}\n`,
      {
        kind: 'invalid-pod',
        path: 'spec.containers[0].ports[0].containerPort',
        place: { template: 'sidecar', line: 6, column: 25 },
      },
    ],
  ])('has an error, with its place, when its template %s', (_what, template, expected) => {
    expect(errors(configOf({ sidecar: template }))[0]).toMatchObject(expected);
  });

  it("has a warning where the container is the pod's to bring", () => {
    const found = findings(
      configOf({ sidecar: 'spec: {containers: [{name: istio-proxy, env: [{name: A, value: b}]}]}' }),
    );
    expect(found.map(({ level, kind }) => `${level} ${kind}`)).toContain('warning invalid-pod');
    expect(found.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('has a warning where the second injection differs, and where chance decides', () => {
    const counting = `metadata: {annotations: {count: {{ index .ObjectMeta.Annotations "count" | default "" | print "x" | quote }}}}`;
    expect(findings(configOf({ sidecar: counting }))[0]).toMatchObject({
      kind: 'reinjection-differs',
      level: 'warning',
    });
    const random = `metadata: {annotations: {id: {{ uuidv4 | quote }}}}`;
    expect(findings(configOf({ sidecar: random })).map(({ kind }) => kind)).toContain('nondeterministic');
  });

  it('is measured by what the one in use can do', () => {
    const broken = '{{ fail "no" }}';
    const before = configOf({ sidecar, gone: 'spec: {hostname: a}', broken });
    expect(errors(before, { baseline: before })).toEqual([]);
    const after = configOf({ sidecar, broken });
    expect(errors(after, { baseline: before })).toMatchObject([
      { kind: 'refused', message: expect.stringContaining('requested template "gone" not found') as string },
    ]);
    expect(errors(configOf({ sidecar, gone: 'spec: {hostname: A}', broken }), { baseline: before })[0]).toMatchObject({
      kind: 'invalid-pod',
      place: { template: 'gone', line: 1, column: 8 },
    });
  });

  it('breaks pods that rely on it for their image', () => {
    const before = configOf({ sidecar: 'spec: {containers: [{name: istio-proxy, image: b}]}' });
    const after = configOf({ sidecar: 'spec: {containers: [{name: istio-other, image: b}]}' });
    const message = expect.stringContaining('image') as string;
    expect(findings(after, { baseline: before })).toContainEqual(
      expect.objectContaining({ level: 'warning', kind: 'invalid-pod', pod: 'own proxy without an image', message }),
    );
  });

  it('does not count pods that wait for an image which they never got', () => {
    const own = 'spec: {initContainers: [{name: istio-validation, resources: {requests: {memory: 64Mi}}, image: b}]}';
    const [before, after] = [configOf({ sidecar }), configOf({ sidecar: own })];
    expect(errors(after, { baseline: before })).toEqual([]);
    const found = errors(after, { baseline: configOf({ sidecar: own.replace('64Mi', '16Mi') }) });
    expect(found).toMatchObject([{ pod: 'own limits of istio-validation' }]);
    // Templates may leave the image to another webhook.
    const [other, broken] = ['app', '7'].map((name) =>
      configOf({ sidecar: `spec: {containers: [{name: ${name}, image: auto}]}` }),
    );
    expect(errors(broken as Configuration, { baseline: other })).not.toEqual([]);
  });

  it.each<[string, string, string]>([
    ['label that is too long', 'metadata: {labels: {$patch: replace, app: web}}', 'metadata.labels'],
    ['label without a valid name', 'metadata: {labels: {$patch: replace, app: web}}', 'metadata.labels'],
    ['annotation without a valid name', 'metadata: {annotations: {$patch: replace}}', 'metadata.annotations'],
    ['unknown DNS policy', 'spec: {dnsPolicy: Default}', 'spec.dnsPolicy'],
    ['host name in capitals', 'spec: {hostname: web}', 'spec.hostname'],
    ['service account in capitals', 'spec: {serviceAccountName: web}', 'spec.serviceAccountName'],
    ['user below zero', 'spec: {securityContext: {$patch: replace}}', 'spec.securityContext.runAsUser'],
    ['container without an image', 'spec: {containers: [{name: app, image: b}]}', 'spec.containers[0].image'],
    [
      'mount of a volume that is missing',
      'spec: {volumes: [{name: data, emptyDir: {}}]}',
      'spec.containers[0].volumeMounts[0].name',
    ],
  ])('breaks pods that rely on it, when it mends a pod no more: %s', (pod, mending, path) => {
    const [before, after] = [`${mending}\n`, 'spec: {priority: 0}'].map((template) => configOf({ sidecar: template }));
    const found = findings(after as Configuration, { baseline: before });
    expect(found).toContainEqual(expect.objectContaining({ level: 'warning', kind: 'invalid-pod', pod, path }));
  });

  it('is told, and not blamed, for pods that were injected before and cannot be sent again', () => {
    const withPort = (port: number): Configuration =>
      configOf({ sidecar: `${sidecar}    ports: [{name: metrics, containerPort: ${port}}]\n` });
    expect(findings(withPort(7), { baseline: withPort(15090) })).toMatchObject([
      {
        level: 'warning',
        kind: 'reinjection-failed',
        pod: 'deployment, as injected before',
        path: 'spec.containers[1].ports[1].name',
      },
    ]);
  });

  it('breaks pods that rely on it for the port of their probes', () => {
    const [before, after] = ['true', 'false'].map((rewrites) =>
      createInjector({
        config: builtInConfig().text,
        values: builtInValues().text.replace(/rewriteAppHTTPProbe: \w+/, `rewriteAppHTTPProbe: ${rewrites}`),
        mesh: builtInMesh().text,
      }),
    ) as [Injector, Injector];
    const found = findings(after.configuration, { baseline: before.configuration });
    const path = 'spec.containers[0].readinessProbe.httpGet.port';
    expect(found).toContainEqual(expect.objectContaining({ level: 'warning', kind: 'invalid-pod', path }));
    expect(found.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['nothing', { sidecar, broken: '{{ fail "no" }}' }],
    ['what a template writes', { sidecar: sidecar.replace('args', 'command'), broken: '{{ fail "no" }}' }],
    ['a template for the worse', { sidecar: '{{ fail "no" }}', broken: '{{ fail "no" }}' }],
    [
      'some pods for the worse',
      { sidecar: `${sidecar}{{ with .Spec.InitContainers }}{{ .No }}{{ end }}`, broken: 'a' },
    ],
    [
      'the second injection for the worse',
      { sidecar: `${sidecar}{{ with index .ObjectMeta.Annotations "sidecar.istio.io/status" }}{{ .No }}{{ end }}` },
    ],
    ['templates for fewer', { sidecar }],
  ])('is found to be the same with a prepared baseline, when it changes %s', (_what, templates) => {
    const cluster = indexClusterObjects([]);
    const [before, after] = [{ sidecar, broken: '{{ fail "no" }}' }, templates].map((one) =>
      withClusterObjects(configOf(one), cluster),
    ) as [Configuration, Configuration];
    const baseline = new CanaryBaseline(before);
    expect(baseline.isComparableTo(after)).toBe(true);
    const expected = errors(after, { baseline: before });
    expect(errors(after, { baseline })).toEqual(expected);
    // It is as good when it is used again.
    expect(errors(after, { baseline })).toEqual(expected);
    expect(errors(before, { baseline })).toEqual([]);
  });

  it('is compared as a whole where it differs in more than its templates', () => {
    const before = configOf({ sidecar });
    const after = configOf({ sidecar }, { injectedAnnotations: { 'not a name': 'a' } });
    const baseline = new CanaryBaseline(before);
    expect(baseline.isComparableTo(after)).toBe(false);
    expect(errors(after, { baseline })[0]).toMatchObject({ kind: 'invalid-pod' });
  });

  it('is tried with few pods where templates derive keys', () => {
    const slow = '{{ $key := derivePassword 1 "long" "a" "b" "c" }}metadata: {annotations: {a: b}}';
    const configuration = configOf({ sidecar: 'spec: {hostname: a}', slow });
    const sets = templateSets(configuration);
    expect(sets.map((set) => [set.asksFor, isExpensive(configuration, set)])).toEqual([
      ['', false],
      ['slow', true],
    ]);
  });

  it('is not tried any longer than there is time', () => {
    let tried = 0;
    errors(builtIn, { onPod: () => (tried += 1), isOutOfTime: () => tried >= 3 });
    expect(tried).toBe(3);
  });
});

describe('a pod that is tried', () => {
  it('does not count for what was wrong with it before', () => {
    const pod = decodePod({ metadata: { name: 'a' }, spec: { containers: [{ name: 'A', image: 'b' }] } });
    expect(tryPod(configOf({ sidecar }), { name: 'a', pod }).findings.filter(isBreaking)).toEqual([]);
  });

  it('is left alone in the network of its host', () => {
    const pod = decodePod({ spec: { hostNetwork: true, containers: [] } });
    expect(tryPod(configOf({ sidecar: '{{ fail "no" }}' }), { name: 'a', pod }).findings).toEqual([]);
  });
});
