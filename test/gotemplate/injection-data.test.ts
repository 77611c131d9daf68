import { describe, expect, it } from 'vitest';
import { compileTemplate, renderTemplate, sidecarTemplateData, TemplateError } from '../../src/gotemplate/index.ts';
import { messageType, readMessage } from '../../src/protobuf/index.ts';

const data = {
  TypeMeta: { kind: 'Deployment', apiVersion: 'apps/v1' },
  DeploymentMeta: { Name: 'web', Namespace: 'shop' },
  ObjectMeta: {
    name: 'web-1',
    labels: { app: 'web', 'a/b': 'c' },
    creationTimestamp: '2024-05-06T07:08:09Z',
    ownerReferences: [{ apiVersion: 'v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true }],
  },
  Spec: {
    containers: [
      {
        name: 'app',
        image: 'i:1',
        ports: [{ containerPort: 80, protocol: 'TCP' }],
        resources: { limits: { cpu: '1500m', memory: '1Gi' }, requests: { cpu: '0.5', memory: '1000' } },
        livenessProbe: { httpGet: { path: '/', port: 'http' } },
        readinessProbe: { httpGet: { path: '/', port: 8080 } },
      },
    ],
    securityContext: { fsGroup: 7, supplementalGroups: [1, 2], sysctls: [{ name: 'a', value: 'b' }] },
    nodeSelector: { b: '1', a: '2' },
    volumes: [{ name: 'v', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } }],
  },
  ProxyConfig: {
    interceptionMode: 'TPROXY',
    concurrency: 2,
    drainDuration: '45s',
    proxyMetadata: { B: '2', A: '1' },
    image: { imageType: 'distroless' },
  },
  MeshConfig: {
    trustDomain: 'td',
    defaultConfig: { statusPort: 15020 },
    extensionProviders: [{ name: 'p', prometheus: {} }],
  },
  Values: { global: { hub: 'h', tag: 1.3 } },
  Revision: 'r',
  NativeSidecars: true,
  ProxyUID: 1337,
  ProxyGID: 1338,
};

const render = (template: string): string => renderTemplate(template, data, { dataKind: 'injection' });

function failure(template: string): string {
  try {
    render(template);
  } catch (error) {
    if (error instanceof TemplateError) return error.message.replace(/^.*?>: /, '');
    throw error;
  }
  throw new Error('no error');
}

describe('pods', () => {
  it.each([
    [
      '{{.ObjectMeta.Name}} {{.ObjectMeta.Namespace}}| {{.ObjectMeta.GetName}} {{.ObjectMeta.GetLabels}}',
      'web-1 | web-1 map[a/b:c app:web]',
    ],
    ['{{index .ObjectMeta.Labels "a/b"}} {{.ObjectMeta.Labels.app}} {{.ObjectMeta.Labels.no}}', 'c web <no value>'],
    [
      '{{range .Spec.Containers}}{{.Name}}:{{range .Ports}}{{.ContainerPort}}/{{.Protocol}}{{end}}{{end}}',
      'app:80/TCP',
    ],
    [
      '{{.Spec.SecurityContext.FSGroup}} {{.Spec.HostNetwork}} {{.Spec.NodeSelector}} {{.Spec.DNSPolicy}}|',
      '7 false map[a:2 b:1] |',
    ],
    ['{{with (index .Spec.Containers 0).SecurityContext}}yes{{else}}no{{end}}', 'no'],
    [
      '{{(index .Spec.Volumes 0).EmptyDir.Medium}} {{(index .Spec.Volumes 0).VolumeSource.EmptyDir.SizeLimit}}',
      'Memory 1Gi',
    ],
    [
      '{{(index .Spec.Containers 0).LivenessProbe.HTTPGet.Port}} {{(index .Spec.Containers 0).ReadinessProbe.HTTPGet.Port.IntValue}}',
      'http 8080',
    ],
    [
      '{{(index .Spec.Containers 0).Resources.Limits}}',
      'map[cpu:{{1500 -3} {<nil>} 1500m DecimalSI} memory:{{1073741824 0} {<nil>} 1Gi BinarySI}]',
    ],
    [
      '{{(index .Spec.Containers 0).Resources.Requests}}',
      'map[cpu:{{5 -1} {<nil>}  DecimalSI} memory:{{1000 0} {<nil>}  DecimalSI}]',
    ],
    [
      '{{(index .Spec.Containers 0).Resources.Limits.Cpu}} {{(index .Spec.Containers 0).Resources.Requests.Cpu.MilliValue}} {{(index .Spec.Containers 0).Resources.Limits.Cpu.Value}}',
      '1500m 500 2',
    ],
    [
      '{{.ObjectMeta.CreationTimestamp}} {{.ObjectMeta.CreationTimestamp.Year}} {{.ObjectMeta.CreationTimestamp.IsZero}}',
      '2024-05-06 07:08:09 +0000 UTC 2024 false',
    ],
    ['{{.ObjectMeta.DeletionTimestamp}} {{.ObjectMeta.DeletionTimestamp.IsZero}}', '<nil> true'],
    ['{{.TypeMeta}} {{.DeploymentMeta}}', '&TypeMeta{Kind:Deployment,APIVersion:apps/v1,} shop/web'],
    [
      '{{kindOf .Spec}} {{typeOf .Spec.Containers}} {{typeOf (index .Spec.Containers 0).Ports}} {{kindOf .ProxyUID}}',
      'struct []v1.Container []v1.ContainerPort int64',
    ],
  ])('%s', (template, output) => {
    expect(render(template)).toBe(output);
  });

  it('prints structs as their generated String methods do', () => {
    expect(render('{{.Spec.SecurityContext}}')).toBe(
      '&PodSecurityContext{SELinuxOptions:nil,RunAsUser:nil,RunAsNonRoot:nil,SupplementalGroups:[1 2],FSGroup:*7,RunAsGroup:nil,' +
        'Sysctls:[]Sysctl{Sysctl{Name:a,Value:b,},},WindowsOptions:nil,FSGroupChangePolicy:nil,SeccompProfile:nil,' +
        'AppArmorProfile:nil,SupplementalGroupsPolicy:nil,SELinuxChangePolicy:nil,}',
    );
    expect(render('{{index .ObjectMeta.OwnerReferences 0}}')).toBe(
      '&OwnerReference{Kind:ReplicaSet,Name:web,UID:u,APIVersion:v1,Controller:*true,BlockOwnerDeletion:nil,}',
    );
    expect(render('{{(index .Spec.Volumes 0).EmptyDir}}')).toBe('&EmptyDirVolumeSource{Medium:Memory,SizeLimit:1Gi,}');
    expect(render('{{(index .Spec.Containers 0).Resources}}')).toContain(
      'ResourceRequirements{Limits:ResourceList{cpu: {{1500 -3}',
    );
    expect(render('{{(index .Spec.Containers 0).Lifecycle}}')).toBe('nil');
    // In an interface the value is a copy, which has no methods of the pointer.
    expect(render('{{print .TypeMeta}}')).toBe('{Deployment apps/v1}');
  });

  it.each([
    ['{{.Nope}}', "can't evaluate field Nope in type *inject.SidecarTemplateData"],
    ['{{.Spec.Nope}}', "can't evaluate field Nope in type v1.PodSpec"],
    ['{{.Spec.Affinity.NodeAffinity}}', 'nil pointer evaluating *v1.Affinity.NodeAffinity'],
    ['{{.Spec.Affinity.Nope}}', "can't evaluate field Nope in type *v1.Affinity"],
    ['{{(index .Spec.Containers 0).Resources.Limits.cpu}}', "can't evaluate field cpu in type v1.ResourceList"],
    ['{{.ObjectMeta.Name 1}}', 'Name has arguments but cannot be invoked as function'],
    ['{{.ObjectMeta.GetName 1}}', 'wrong number of args for GetName: want 0 got 1'],
    [
      '{{.ObjectMeta.DeletionTimestamp.Year}}',
      'error calling Year: runtime error: invalid memory address or nil pointer dereference',
    ],
    ['{{index .ObjectMeta.Labels 1}}', 'error calling index: value has type int; should be string'],
    [
      '{{upper (index (index .Spec.Containers 0).Ports 0).Protocol}}',
      'wrong type for value; expected string; got v1.Protocol',
    ],
    [
      '{{(index (index .Spec.Containers 0).Resources.Limits "cpu").i}}',
      'error calling index: value has type string; should be v1.ResourceName',
    ],
    [
      '{{(index .Spec.Containers 0).Resources.Limits.Cpu.i}}',
      'i is an unexported field of struct type *resource.Quantity',
    ],
  ])('%s fails', (template, message) => {
    expect(failure(template)).toBe(message);
  });
});

describe('messages', () => {
  it.each([
    [
      '{{.ProxyConfig.InterceptionMode}} {{eq .ProxyConfig.InterceptionMode 1}} {{.ProxyConfig.InterceptionMode.String}}',
      'TPROXY true TPROXY',
    ],
    [
      '{{.ProxyConfig.Concurrency}} {{.ProxyConfig.Concurrency.GetValue}} {{.ProxyConfig.Concurrency.Value}}',
      'value:2 2 2',
    ],
    [
      '{{.ProxyConfig.HoldApplicationUntilProxyStarts}} {{.ProxyConfig.HoldApplicationUntilProxyStarts.GetValue}}',
      '<nil> false',
    ],
    ['{{.ProxyConfig.GetTracing.GetZipkin.GetAddress}}|{{.ProxyConfig.Tracing}}', '|<nil>'],
    ['{{.ProxyConfig.ProxyMetadata}} {{.ProxyConfig.GetProxyMetadata.A}} {{.ProxyConfig.MeshId}}|', 'map[A:1 B:2] 1 |'],
    [
      '{{.ProxyConfig.DrainDuration}} {{.ProxyConfig.Image}} {{.ProxyConfig.Image.String}}',
      'seconds:45 image_type:"distroless" image_type:"distroless"',
    ],
    [
      '{{.MeshConfig.DefaultConfig.StatusPort}} {{.MeshConfig.GetTrustDomain}} {{len .MeshConfig.ExtensionProviders}}',
      '15020 td 1',
    ],
    [
      '{{range .MeshConfig.ExtensionProviders}}{{.Name}} {{if .GetPrometheus}}prom{{end}}{{if .GetZipkin}}zipkin{{end}}{{end}}',
      'p prom',
    ],
    [
      '{{typeOf .ProxyConfig}} {{kindOf .ProxyConfig}} {{typeOf .ProxyConfig.InterceptionMode}}',
      '*v1alpha1.ProxyConfig ptr v1alpha1.ProxyConfig_InboundInterceptionMode',
    ],
    ['{{if .ProxyConfig.RuntimeValues}}yes{{else}}no{{end}} {{eq .MeshConfig.CaCertificates nil}}', 'no true'],
  ])('%s', (template, output) => {
    expect(render(template)).toBe(output);
  });

  it.each([
    ['{{.ProxyConfig.GetNope}}', "can't evaluate field GetNope in type *v1alpha1.ProxyConfig"],
    ['{{.ProxyConfig.Tracing.Sampling}}', 'nil pointer evaluating *v1alpha1.Tracing.Sampling'],
    ['{{.ProxyConfig.GetTracing.Sampling}}', 'nil pointer evaluating *v1alpha1.Tracing.Sampling'],
  ])('%s fails', (template, message) => {
    expect(failure(template)).toBe(message);
  });
});

describe('data', () => {
  it('keeps values untyped JSON', () => {
    expect(render('{{.Values.global.hub}}:{{.Values.global.tag}} {{.Values.nope.x}}')).toBe('h:1.3 <no value>');
  });

  it('gives missing parts their zero values', () => {
    const template =
      '{{.Revision}}|{{.NativeSidecars}}|{{.ProxyUID}}|{{.Spec.Containers}}|{{.ProxyConfig}}|{{.DeploymentMeta}}|{{.Values}}';
    expect(renderTemplate(template, {}, { dataKind: 'injection' })).toBe('|false|0|[]|<nil>|/|map[]');
  });

  // Observed in Go 1.26 with sprig 3.3.0 and k8s.io/api 0.35.3.
  it('gives functions copies, whose methods on pointers are out of reach', () => {
    const port = '[{ 0 80 TCP }]';
    expect(render('{{first (index .Spec.Containers 0).Ports | list}}')).toBe(port);
    expect(render('{{range rest (prepend (index .Spec.Containers 0).Ports 1)}}{{.}}{{end}}')).toBe('{ 0 80 TCP }');
    expect(render('{{index (index .Spec.Containers 0).Ports 0}}')).toMatch(/^&ContainerPort\{Name:,/);
  });

  it('compares no structs with maps or lists in them', () => {
    const failing = '{{eq .ObjectMeta .ObjectMeta}}';
    expect(() => render(failing)).toThrow(/error calling eq: non-comparable type \{web-1 .*\}: v1\.ObjectMeta$/);
    expect(render('{{eq .TypeMeta .TypeMeta}} {{eq .DeploymentMeta .DeploymentMeta}}')).toBe('true true');
  });

  it('takes no Kubernetes struct for a message', () => {
    const failing = '{{protoToJSON .ObjectMeta}}';
    expect(() => render(failing)).toThrow(
      'wrong type for value; expected protoreflect.ProtoMessage; got v1.ObjectMeta',
    );
    expect(render('{{protoToJSON .ProxyConfig.Image}}')).toBe('{"imageType":"distroless"}');
  });

  it('writes a time that is not set as null', () => {
    const template = '{{toJson .ObjectMeta.CreationTimestamp}} {{toYaml .ObjectMeta.CreationTimestamp}}';
    expect(renderTemplate(template, { ObjectMeta: {} }, { dataKind: 'injection' })).toBe('null null\n');
  });

  it('is built by the injector from parts that are used in place', () => {
    const ProxyConfig = readMessage(messageType('istio.mesh.v1alpha1.ProxyConfig'), { statusPort: 1 }) as object;
    const parts = {
      ...data,
      ProxyConfig,
      MeshConfig: null,
      ProxyImage: 'i',
      InboundTrafficPolicyMode: 'localhost',
      CompliancePolicy: '',
    };
    const template = compileTemplate('{{.ProxyConfig.StatusPort}} {{.ProxyImage}} {{.MeshConfig.GetTrustDomain}}');
    expect(template.execute(sidecarTemplateData(parts))).toBe('1 i ');
    expect(template.name).toBe('inject');
  });

  it('gives sprig functions the clock and chance of the machine when rendered alone', () => {
    expect(renderTemplate('{{len uuidv4}} {{kindOf now}}', {}, { dataKind: 'json' })).toBe('36 struct');
    expect(renderTemplate('{{env "A" "none"}}', {}, { dataKind: 'json', env: { A: 'b' } })).toBe('b');
    expect(() => renderTemplate('{{nope}}', {}, { dataKind: 'json', name: 'mine' })).toThrow('template: mine:1:');
  });
});
