import { describe, expect, it } from 'vitest';
import { Audit, auditPod, type AuditFinding } from '../../src/audit/index.ts';
import { outcomeOf, sideOf, type Side } from '../../src/comparison/index.ts';
import { compileConfiguration, indexClusterObjects, readFeatures } from '../../src/configuration/index.ts';
import { decodePod, type Pod, type PodTemplateSpec } from '../../src/kubernetes/index.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../../src/server/built-in-configuration.ts';
import { livePod } from '../support/live-pods.ts';

function side(
  change: (values: string) => string = (text) => text,
  options: { isSent?: boolean } = { isSent: true },
): Side {
  const values = builtInValues();
  const cluster = indexClusterObjects([
    { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } },
    { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'plain' } },
  ]);
  const configuration = compileConfiguration({
    config: builtInConfig(),
    values: { ...values, text: change(values.text) },
    mesh: [builtInMesh()],
    revision: 'default',
    clusterId: 'Kubernetes',
    cluster,
    features: readFeatures({}).features,
  });
  return sideOf(configuration, options);
}

const today = side();
const otherImage = side((text) => text.replace(/hub: \S+/, 'hub: other.example/istio'));

const sent = (spec: object = {}, metadata: object = {}): Pod =>
  decodePod({
    metadata: { generateName: 'web-1-', namespace: 'shop', labels: { app: 'web' }, ...metadata },
    spec: {
      containers: [{ name: 'app', image: 'docker.io/acme/app:1', readinessProbe: { httpGet: { port: 80 } } }],
      ...spec,
    },
  });

type Raw = {
  spec: { initContainers: Record<string, unknown>[]; containers: Record<string, unknown>[] } & Record<string, unknown>;
  metadata: Record<string, Record<string, string>>;
};

function live(pod: Pod, under: Side, change: (object: Raw) => void = () => undefined): Pod {
  const outcome = outcomeOf(under, pod);
  if (outcome.kind === 'refused') throw new Error(outcome.message);
  const object = livePod(outcome.pod) as Raw;
  change(object);
  return decodePod(object);
}

const templateOf = ({ metadata, spec }: Pod): PodTemplateSpec => ({ metadata, spec });
const proxyOf = (object: Raw): Record<string, unknown> =>
  [...object.spec.initContainers, ...object.spec.containers].find(({ name }) => name === 'istio-proxy') ?? {};

describe('an audited pod', () => {
  const pod = sent();

  it.each([true, false])('is current where nothing changed (template known: %s)', (known) => {
    expect(auditPod(live(pod, today), today, known ? templateOf(pod) : undefined)).toMatchObject({
      verdict: 'current',
      changes: [],
    });
  });

  it.each([true, false])('is stale by content (template known: %s)', (known) => {
    const { verdict, changes } = auditPod(live(pod, today), otherImage, known ? templateOf(pod) : undefined);
    expect(verdict).toBe('stale');
    expect(changes.map(({ path }) => path)).toContain('spec.initContainers[istio-proxy].image');
  });

  it.each<[string, (object: Raw) => void]>([
    [
      'a LimitRange added amounts',
      (object) => {
        proxyOf(object)['resources'] = {
          limits: { cpu: '2', memory: '1Gi', 'ephemeral-storage': '1Gi' },
          requests: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '1Gi' },
        };
        object.metadata['annotations'] = {
          ...object.metadata['annotations'],
          'kubernetes.io/limit-ranger':
            'LimitRanger plugin set: ephemeral-storage request for container app; ephemeral-storage limit for init container istio-proxy',
        };
      },
    ],
    [
      'another webhook added a container',
      (object) => {
        object.spec.containers.push({ name: 'agent', image: 'agent:1' });
      },
    ],
    [
      'people labelled and annotated it',
      (object) => {
        object.metadata['labels'] = { ...object.metadata['labels'], debug: 'yes' };
        object.metadata['annotations'] = { ...object.metadata['annotations'], note: 'x' };
      },
    ],
    [
      'the images of all containers come from a mirror',
      (object) => {
        for (const item of [...object.spec.containers, ...object.spec.initContainers]) {
          item['image'] = `mirror.example/${String(item['image'])}`;
          item['imagePullPolicy'] = 'Always';
        }
      },
    ],
  ])('is current where %s', (_title, change) => {
    const { verdict, changes } = auditPod(live(pod, today, change), today, templateOf(pod));
    expect([verdict, changes]).toEqual(['current', []]);
  });

  it('is stale where only the injected image comes from elsewhere, and the explanation names a mirror otherwise', () => {
    const mirror = (object: Raw): void => {
      proxyOf(object)['image'] = `mirror.example/${String(proxyOf(object)['image'])}`;
    };
    expect(auditPod(live(pod, today, mirror), today, templateOf(pod)).verdict).toBe('stale');
    const all = live(pod, today, (object) => {
      for (const item of [...object.spec.containers, ...object.spec.initContainers])
        item['image'] = `mirror.example/${String(item['image'])}`;
    });
    expect(auditPod(all, today, templateOf(pod)).others[0]?.explanation).toContain('takes images from mirror.example');
  });

  it.each<[string, (object: Raw) => void, string]>([
    [
      'a removed proxy',
      (object) => {
        object.spec.initContainers = object.spec.initContainers.filter(({ name }) => name !== 'istio-proxy');
      },
      'spec.initContainers[istio-proxy]',
    ],
    [
      'a probe that goes past the proxy',
      (object) => {
        Object.assign(object.spec.containers[0] ?? {}, {
          readinessProbe: { httpGet: { port: 80, path: '/', scheme: 'HTTP' } },
        });
      },
      'spec.containers[app].readinessProbe.httpGet.path',
    ],
    [
      'a leftover label',
      (object) => {
        object.metadata['labels'] = { ...object.metadata['labels'], 'networking.istio.io/tunnel': 'http' };
      },
      'metadata.labels[networking.istio.io/tunnel]',
    ],
  ])('is stale by %s', (_title, change, path) => {
    const { verdict, changes } = auditPod(live(pod, today, change), today, templateOf(pod));
    expect([verdict, changes.map((one) => one.path)]).toEqual(['stale', expect.arrayContaining([path])]);
  });

  it("is missing, superfluous, outside or refused by today's decision", () => {
    const plain = decodePod(livePod(sent()));
    expect(auditPod(plain, today).verdict).toBe('missing');
    expect(auditPod(decodePod(livePod(sent({ hostNetwork: true }))), today).verdict).toBe('outside');
    const refusing = live(pod, today, (object) => {
      object.metadata['labels'] = { ...object.metadata['labels'], 'sidecar.istio.io/inject': 'false' };
    });
    expect(auditPod(refusing, today).verdict).toBe('superfluous');
    const wrong = live(pod, today, (object) => {
      object.metadata['annotations'] = { ...object.metadata['annotations'], 'inject.istio.io/templates': 'none' };
    });
    expect(auditPod(wrong, today).verdict).toBe('refused');
  });
});

describe('an audit', () => {
  const owner = {
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u', controller: true }],
  };
  const pod = sent({}, { ...owner, labels: { app: 'web', 'pod-template-hash': '1' } });
  const run = (pods: readonly Pod[], options: { side?: Side; ignored?: string[] } = {}): Audit => {
    const audit = new Audit({ side: options.side ?? otherImage, isPublic: () => true, ignored: options.ignored ?? [] });
    audit.owners.add({
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { replicas: 2, template: {} },
    });
    audit.owners.add({
      kind: 'ReplicaSet',
      metadata: {
        name: 'web-1',
        namespace: 'shop',
        ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true }],
      },
      spec: { template: { metadata: pod.metadata, spec: pod.spec } },
    });
    for (const one of pods) audit.add(one);
    return audit;
  };
  const named = (name: string, one = live(pod, today)): Pod => ({ ...one, metadata: { ...one.metadata, name } });

  it('groups pods by what is found and by workload, and plans the restart of that', () => {
    const audit = run([named('web-1-aaaaa'), named('web-1-bbbbb')]);
    const [finding, ...others] = audit.findings(1) as [AuditFinding, ...AuditFinding[]];
    expect(others).toEqual([]);
    expect([finding.verdict, finding.count, finding.workloads]).toEqual([
      'stale',
      2,
      [{ kind: 'Deployment', namespace: 'shop', name: 'web', pods: ['web-1-aaaaa', 'web-1-bbbbb'] }],
    ]);
    const image = finding.changes.find(({ path }) => path === 'spec.initContainers[istio-proxy].image');
    expect(image?.source?.template).toMatchObject({ name: 'sidecar' });
    expect(image?.source?.values).toContain('values global.hub');
    expect(
      audit
        .plan(10)
        .waves.flat()
        .map(({ command }) => command),
    ).toEqual(['kubectl rollout restart deployment/web -n shop']);
  });

  it('looks at no pod that has ended, and at no field that is to be ignored', () => {
    const ended = { ...named('x'), status: { phase: 'Succeeded' } };
    const ending = { ...named('y'), metadata: { ...named('y').metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(run([ended, ending]).findings(0)).toEqual([]);
    const ignored = ['spec.initContainers'];
    expect(run([named('z')], { ignored }).count('current')).toBe(1);
  });

  it('does not know of pods in namespaces that it does not know', () => {
    const stranger = decodePod(livePod({ ...sent(), metadata: { name: 'a', namespace: 'unknown' } }));
    const asked = side(undefined, { isSent: false });
    const audit = run([stranger, decodePod(livePod(sent()))], { side: asked });
    expect([[...audit.unknownNamespaces], audit.count('outside'), audit.count('missing')]).toEqual([['unknown'], 1, 1]);
  });
});
