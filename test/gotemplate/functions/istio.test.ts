import { describe, expect, it } from 'vitest';
import { sidecarTemplateDataFromJson } from '../../../src/gotemplate/index.ts';
import { fails, failure, prints, render } from './support.ts';

describe('functions over text', () => {
  it.each([
    ['excludeInboundPort 15020 ""', '15020'],
    ['excludeInboundPort 15020 "80,443"', '80,443,15020'],
    ['excludeInboundPort 15020 "80, 15020 ,90"', '80,15020,90,15020'],
    ['excludeInboundPort 80 "80, 90"', '80, 90'],
    ['excludeInboundPort " 80 " "443,,"', '443,80'],
    ['excludeInboundPort "" "80, 90"', '80, 90'],
    ['excludeInboundPort 0 "80, 90"', '80, 90'],
    ['kubevirtInterfaces "a, b"', 'a, b'],
    ['excludeInterfaces "a"', 'a'],
    ['indent 2 "a\\n\\nb"', 'a\n  \n  b'],
    ['indent -1 "a\\nb"', 'a\n b'],
    ['directory "/a/b"', '/a/'],
    ['directory "b"', ''],
    ['contains "b" "abc"', 'true'],
    ['toLower "ÀB"', 'àb'],
    ['appendMultusNetwork "" "istio-cni"', 'istio-cni'],
    ['appendMultusNetwork "a" "istio-cni"', 'a, istio-cni'],
    ['appendMultusNetwork "a, istio-cni" "istio-cni"', 'a, istio-cni'],
    ['appendMultusNetwork "[{\\"name\\":\\"a\\"}]" "istio-cni"', '[{"name":"a"}, {"name": "istio-cni"}]'],
    [
      'appendMultusNetwork "[{\\"name\\":\\"a\\"}]" "ns/istio-cni"',
      '[{"name":"a"}, {"name": "istio-cni", "namespace": "ns"}]',
    ],
    ['appendMultusNetwork "[{\\"name\\":\\"istio-cni\\"}]" "istio-cni"', '[{"name":"istio-cni"}]'],
    ['appendMultusNetwork "[]" "istio-cni"', '[, {"name": "istio-cni"}]'],
    ['appendMultusNetwork "x]" "istio-cni"', 'x]'],
    ['appendMultusNetwork "[1]" "istio-cni"', '[1]'],
    ['env "NOPE" "d"', 'd'],
  ])('%s', prints);

  it('indent has a limit', () =>
    fails('indent 1000000000 "a\\nb"', 'error calling indent: result exceeds 16777216 characters'));
});

describe('functions over maps and missing values', () => {
  it.each([
    ['isset (strdict "a" "") "a"', 'true'],
    ['isset (strdict "a" "") "b"', 'false'],
    ['isset (mergeMaps) "b"', 'false'],
    ['isset (strdict) "constructor"', 'false'],
    ['valueOrDefault "" "d"', 'd'],
    ['valueOrDefault nil "d"', 'd'],
    ['valueOrDefault 0 "d"', '0'],
    ['valueOrDefault false "d"', 'false'],
    ['valueOrDefault (dict) "d"', 'map[]'],
    ['toJSON (strdict "b" "<" "a" "1")', '{"a":"1","b":"\\u003c"}'],
    ['toJSON (mergeMaps)', '{}'],
    ['toJsonMap', 'null'],
    ['toJsonMap (strdict "a" "1") (strdict "a" "2" "b" "3")', '{"a":"2","b":"3"}'],
    ['mergeMaps (strdict "a" "1") (strdict "__proto__" "2")', 'map[__proto__:2 a:1]'],
    ['mergeMaps', 'map[]'],
    ['omit (strdict "a" "1" "b" "2") "a" "x"', 'map[b:2]'],
    ['omit (mergeMaps) "a"', 'map[]'],
    ['strdict "a" "1" "b"', 'map[a:1 b:]'],
    ['omitNil (dict "a" nil "b" 1)', 'map[b:1]'],
    ['omitNil (dict "a" (dict "b" nil))', '<no value>'],
    ['omitNil (list 1 nil (list nil))', '[1]'],
    ['omitNil (list nil)', '<no value>'],
    ['omitNil (dict "a" (list) "b" (dict))', 'map[a:[] b:map[]]'],
    ['omitNil "x"', 'x'],
  ])('%s', prints);

  it.each([
    ['omit (dict "a" 1) "a"', 'wrong type for value; expected map[string]string; got map[string]interface {}'],
    ['env "HOME"', 'wrong number of args for env: want 2 got 1'],
  ])('%s fails', (expression, message) => expect(failure(`{{ ${expression} }}`)).toBe(message));
});

describe('conversions', () => {
  it.each([
    ['fromJSON "[1,2]"', '[1 2]'],
    ['fromJSON "bad"', '{}'],
    ['kindOf (fromJSON "")', 'string'],
    ['structToJSON nil', '{}'],
    ['structToJSON (dict "a" 1)', '{"a":1}'],
    ['structToJSON (float64 "NaN")', '{}'],
    ['toYaml (dict "b" (list 1 "1") "a" nil)', 'a: null\nb:\n- 1\n- "1"\n'],
    ['toYaml "\\xff"', '\ufffd\n'],
    ['toYaml nil', 'null\n'],
    ['toYaml (float64 "NaN")', ''],
    ['protoToJSON nil', '{}'],
  ])('%s', prints);
});

describe('functions over the injected pod', () => {
  const data = sidecarTemplateDataFromJson({
    ObjectMeta: { name: 'p', namespace: 'ns', annotations: { set: '', other: 'x' }, labels: { app: 'web' } },
    Spec: {
      containers: [
        {
          name: 'web',
          image: 'registry:5000/web:1.2@sha256:abc',
          ports: [
            { containerPort: 80 },
            { containerPort: 53, protocol: 'UDP' },
            { containerPort: 443, protocol: 'TCP', name: 'https' },
          ],
          resources: { limits: { cpu: '0.5' } },
        },
        { name: 'istio-proxy', ports: [{ containerPort: 15090 }] },
      ],
      volumes: [{ name: 'tmp', emptyDir: {} }],
      securityContext: { fsGroup: 1337 },
    },
    ProxyConfig: {
      drainDuration: '45s',
      tracing: { zipkin: { address: 'z:1' } },
      concurrency: 2,
      interceptionMode: 'TPROXY',
    },
    MeshConfig: {
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      extensionProviders: [
        {
          name: 'o',
          opentelemetry: { service: 's', port: 1, serviceAttributeEnrichment: 'OTEL_SEMANTIC_CONVENTIONS' },
        },
      ],
    },
  });
  const of = (expression: string): string => render(`{{ ${expression} }}`, data as never);

  it.each([
    ['includeInboundPorts .Spec.Containers', '80,443,15090'],
    ['applicationPorts .Spec.Containers', '80,443'],
    ['applicationPorts .Spec.InitContainers', ''],
    ['annotation .ObjectMeta `set` "d"', ''],
    ['annotation .ObjectMeta `other` "d"', 'x'],
    ['annotation .ObjectMeta `nope` 1000000.0', '1e+06'],
    ['annotation .ObjectMeta `nope` nil', '<nil>'],
    ['annotation .ObjectMeta `nope` .ProxyConfig.InterceptionMode', 'TPROXY'],
    ['formatDuration .ProxyConfig.DrainDuration', '45s'],
    ['formatDuration .ProxyConfig.TerminationDrainDuration', '0s'],
    [
      'structToJSON (index .Spec.Containers 0).Ports',
      '[{"containerPort":80},{"containerPort":53,"protocol":"UDP"},{"name":"https","containerPort":443,"protocol":"TCP"}]',
    ],
    ['structToJSON .Spec.Volumes', '[{"name":"tmp","emptyDir":{}}]'],
    ['structToJSON .Spec.SecurityContext', '{"fsGroup":1337}'],
    ['structToJSON .Spec.Affinity', 'null'],
    ['toJson .ProxyConfig.InterceptionMode', '1'],
    ['toJson .ProxyConfig.Tracing', '{"zipkin":{"address":"z:1"}}'],
    ['toJson .ProxyConfig.Concurrency', '{"value":2}'],
    ['toJson .ProxyConfig.DrainDuration', '{"seconds":45}'],
    ['toJson .DeploymentMeta', '{"Namespace":"","Name":""}'],
    ['toYaml (index .Spec.Containers 0).Resources', 'limits:\n  cpu: 500m\n'],
    ['protoToJSON .MeshConfig.OutboundTrafficPolicy', '{}'],
    [
      'protoToJSON .ProxyConfig',
      '{"concurrency":2,"interceptionMode":"TPROXY","tracing":{"zipkin":{"address":"z:1"}}}',
    ],
    ['protoToJSON .ProxyConfig.Image', '{}'],
    ['int .ProxyConfig.InterceptionMode', '1'],
    ['int .Spec.SecurityContext.FSGroup', '1337'],
    ['int .Spec.SecurityContext.RunAsUser', '0'],
  ])('%s', (expression, output) => expect(of(expression)).toBe(output));

  it.each([
    [
      '.MeshConfig .ObjectMeta.Annotations .ObjectMeta.Labels "ns" .Spec.Containers',
      'service.namespace=ns,service.instance.id=ns.$(POD_NAME).web',
    ],
    [
      '.MeshConfig .ObjectMeta.Annotations .ObjectMeta.Labels "" (slice .Spec.Containers 0 1)',
      'service.version=1.2@sha256:abc,service.instance.id=.$(POD_NAME).web',
    ],
    [
      '.MeshConfig (strdict "resource.opentelemetry.io/service.namespace" "a" "resource.opentelemetry.io/service.instance.id" "i") (strdict "app.kubernetes.io/version" "9") "ns" .Spec.InitContainers',
      'service.namespace=a,service.version=9,service.instance.id=i',
    ],
    ['nil .ObjectMeta.Annotations .ObjectMeta.Labels "ns" .Spec.Containers', ''],
  ])('otelResourceAttributes %s', (args, output) => expect(of(`otelResourceAttributes ${args}`)).toBe(output));

  it('does not sort the pod’s own lists', () => {
    const pod = { Spec: { containers: [{ name: 'c', args: ['b', 'a'] }] } };
    const args = '(index .Spec.Containers 0).Args';
    const output = render(`{{ sortAlpha ${args} }} {{ ${args} }}`, sidecarTemplateDataFromJson(pod) as never);
    expect(output).toBe('[a b] [b a]');
  });

  it.each([
    ['img', ''],
    ['img:1', '1'],
    ['host:5000/img', ''],
    ['img@sha256:a', 'sha256:a'],
  ])('takes the version of image %s to be %j', (image, version) => {
    const single = sidecarTemplateDataFromJson({
      Spec: { containers: [{ name: 'c', image }] },
      MeshConfig: {
        extensionProviders: [{ name: 'o', opentelemetry: { serviceAttributeEnrichment: 'OTEL_SEMANTIC_CONVENTIONS' } }],
      },
    });
    const output = render('{{ otelResourceAttributes .MeshConfig nil nil "" .Spec.Containers }}', single as never);
    expect(output).toBe(`${version === '' ? '' : `service.version=${version},`}service.instance.id=.$(POD_NAME).c`);
  });
});
