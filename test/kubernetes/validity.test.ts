import { describe, expect, it } from 'vitest';
import { findPodErrors } from '../../src/kubernetes/index.ts';

type Json = Record<string, unknown>;

const container: Json = { name: 'app', image: 'a:1' };
const pod = (spec: Json = {}, metadata: Json = {}): Json => ({
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec: { containers: [container], ...spec },
});
const withContainer = (fields: Json, spec: Json = {}): Json =>
  pod({ containers: [{ ...container, ...fields }], ...spec });
const withInit = (fields: Json): Json => pod({ initContainers: [{ name: 'init', image: 'a:1', ...fields }] });
const withVolume = (fields: Json): Json => pod({ volumes: [{ name: 'v', ...fields }] });

/** What is undefined is not there in JSON. */
const errorsOf = (object: unknown) => findPodErrors(JSON.parse(JSON.stringify(object)));

/** Paths of the errors. */
const paths = (object: unknown): string[] => errorsOf(object).map(({ path }) => path);

describe('a pod that the API server accepts', () => {
  it.each<[string, Json]>([
    ['with what is required', pod()],
    ['with a generated name', pod({}, { name: undefined, generateName: 'web-' })],
    ['without a namespace, which requests name', pod({}, { namespace: undefined })],
    ['with a volume that says nothing: an emptyDir', withVolume({})],
    ['with a probe whose defaults are left out', withContainer({ livenessProbe: { httpGet: { port: 'http' } } })],
    [
      'with an init container that is a sidecar',
      withInit({ restartPolicy: 'Always', readinessProbe: { grpc: { port: 1 } } }),
    ],
    ['with a limit and no request', withContainer({ resources: { limits: { 'example.com/gpu': '1' } } })],
    [
      'with a request below its limit',
      withContainer({ resources: { requests: { cpu: '999m' }, limits: { cpu: '1' } } }),
    ],
    [
      'with equal amounts in other units',
      withContainer({ resources: { requests: { memory: '1024Mi' }, limits: { memory: '1Gi' } } }),
    ],
    ['with huge pages', withContainer({ resources: { limits: { 'hugepages-2Mi': '4Mi', memory: '1Gi' } } })],
    ['with a variable named as few are', withContainer({ env: [{ name: '1 odd.name' }] })],
    [
      'with a label of its annotations',
      withContainer({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }] }),
    ],
    ['with an unknown field, which is pruned', withContainer({ unknown: 1 })],
    [
      'with ports of equal number and other protocols',
      withContainer({ ports: [{ containerPort: 1 }, { containerPort: 1, protocol: 'UDP' }] }),
    ],
    ['with an address that has leading zeros', pod({ hostAliases: [{ ip: '010.0.0.1', hostnames: ['a'] }] })],
  ])('%s', (_what, object) => {
    expect(errorsOf(object)).toEqual([]);
  });
});

describe('a pod that the API server refuses', () => {
  it.each<[string, Json, string]>([
    ['no containers', pod({ containers: [] }), 'spec.containers'],
    ['no name', pod({}, { name: undefined }), 'metadata.name'],
    ['a name in capitals', pod({}, { name: 'Web' }), 'metadata.name'],
    ['a label with a space', pod({}, { labels: { a: 'b c' } }), 'metadata.labels'],
    ['a label that is too long', pod({}, { labels: { a: 'x'.repeat(64) } }), 'metadata.labels'],
    ['an annotation whose key is none', pod({}, { annotations: { 'a b': 'c' } }), 'metadata.annotations'],
    ['too many annotations', pod({}, { annotations: { a: 'x'.repeat(262_144) } }), 'metadata.annotations'],
    [
      'an owner without uid',
      pod({}, { ownerReferences: [{ apiVersion: 'v1', kind: 'A', name: 'a' }] }),
      'metadata.ownerReferences.uid',
    ],
    ['no image', pod({ containers: [{ name: 'app' }] }), 'spec.containers[0].image'],
    ['an image with spaces around', withContainer({ image: ' a' }), 'spec.containers[0].image'],
    ['two containers of one name', pod({ containers: [container, container] }), 'spec.containers[1].name'],
    ['an init container named as another', pod({ initContainers: [container] }), 'spec.initContainers[0].name'],
    ['a name with an underscore', withContainer({ name: 'a_b' }), 'spec.containers[0].name'],
    ['a pull policy of its own', withContainer({ imagePullPolicy: 'Sometimes' }), 'spec.containers[0].imagePullPolicy'],
    [
      'two ports of one name',
      withContainer({
        ports: [
          { name: 'a', containerPort: 1 },
          { name: 'a', containerPort: 2 },
        ],
      }),
      'spec.containers[0].ports[1].name',
    ],
    [
      'a port beyond the last',
      withContainer({ ports: [{ containerPort: 65_536 }] }),
      'spec.containers[0].ports[0].containerPort',
    ],
    [
      'a port name without a letter',
      withContainer({ ports: [{ name: '80', containerPort: 80 }] }),
      'spec.containers[0].ports[0].name',
    ],
    [
      'a protocol that is none',
      withContainer({ ports: [{ containerPort: 1, protocol: 'HTTP' }] }),
      'spec.containers[0].ports[0].protocol',
    ],
    [
      'a host port twice',
      withContainer({
        ports: [
          { containerPort: 1, hostPort: 9 },
          { containerPort: 2, hostPort: 9 },
        ],
      }),
      'spec.containers[0].ports[1].hostPort',
    ],
    [
      'a mount of no volume',
      withContainer({ volumeMounts: [{ name: 'v', mountPath: '/a' }] }),
      'spec.containers[0].volumeMounts[0].name',
    ],
    [
      'a place that is mounted twice',
      withContainer(
        {
          volumeMounts: [
            { name: 'v', mountPath: '/a' },
            { name: 'v', mountPath: '/a' },
          ],
        },
        { volumes: [{ name: 'v' }] },
      ),
      'spec.containers[0].volumeMounts[1].mountPath',
    ],
    ['a variable without a name', withContainer({ env: [{ name: '', value: 'a' }] }), 'spec.containers[0].env[0].name'],
    [
      'a value from two places',
      withContainer({ env: [{ name: 'A', value: 'a', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
      'spec.containers[0].env[0].valueFrom',
    ],
    [
      'a field that variables cannot have',
      withContainer({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.containers' } } }] }),
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath',
    ],
    [
      'a request above the limit',
      withContainer({ resources: { requests: { cpu: '1001m' }, limits: { cpu: '1' } } }),
      'spec.containers[0].resources.requests',
    ],
    [
      'a negative amount',
      withContainer({ resources: { limits: { memory: '-1' } } }),
      'spec.containers[0].resources.limits[memory]',
    ],
    [
      'a resource that is none',
      withContainer({ resources: { limits: { gpu: '1' } } }),
      'spec.containers[0].resources.limits[gpu]',
    ],
    [
      'half a device',
      withContainer({ resources: { limits: { 'example.com/gpu': '500m' } } }),
      'spec.containers[0].resources.limits[example.com/gpu]',
    ],
    [
      'a device without a limit',
      withContainer({ resources: { requests: { 'example.com/gpu': '1' } } }),
      'spec.containers[0].resources.limits',
    ],
    ['a probe that does nothing', withContainer({ livenessProbe: {} }), 'spec.containers[0].livenessProbe'],
    [
      'a probe that does two things',
      withContainer({ readinessProbe: { exec: { command: ['a'] }, grpc: { port: 1 } } }),
      'spec.containers[0].readinessProbe.grpc',
    ],
    [
      'a liveness that must succeed twice',
      withContainer({ livenessProbe: { grpc: { port: 1 }, successThreshold: 2 } }),
      'spec.containers[0].livenessProbe.successThreshold',
    ],
    [
      'a probe of an init container',
      withInit({ livenessProbe: { grpc: { port: 1 } } }),
      'spec.initContainers[0].livenessProbe',
    ],
    [
      'a sleep beyond the grace period',
      withContainer({ lifecycle: { preStop: { sleep: { seconds: 31 } } } }),
      'spec.containers[0].lifecycle.preStop.sleep',
    ],
    [
      'privileges that contradict',
      withContainer({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
      'spec.containers[0].securityContext',
    ],
    [
      'a user below the first',
      withContainer({ securityContext: { runAsUser: -1 } }),
      'spec.containers[0].securityContext.runAsUser',
    ],
    [
      'a profile that needs a file',
      withContainer({ securityContext: { seccompProfile: { type: 'Localhost' } } }),
      'spec.containers[0].securityContext.seccompProfile.localhostProfile',
    ],
    ['a volume of two kinds', withVolume({ emptyDir: {}, secret: { secretName: 'a' } }), 'spec.volumes[0].secret'],
    ['a secret without its name', withVolume({ secret: {} }), 'spec.volumes[0].secret.secretName'],
    [
      'a file above its volume',
      withVolume({ configMap: { name: 'a', items: [{ key: 'a', path: '../a' }] } }),
      'spec.volumes[0].configMap.items[0].path',
    ],
    [
      'a token of seconds',
      withVolume({ projected: { sources: [{ serviceAccountToken: { path: 'a', expirationSeconds: 9 } }] } }),
      'spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds',
    ],
    ['two volumes of one name', pod({ volumes: [{ name: 'v' }, { name: 'v' }] }), 'spec.volumes[1].name'],
    ['a restart policy of its own', pod({ restartPolicy: 'Maybe' }), 'spec.restartPolicy'],
    ['no name server where all are its own', pod({ dnsPolicy: 'None' }), 'spec.dnsConfig.nameservers'],
    [
      'a toleration of everything that is equal',
      pod({ tolerations: [{ operator: 'Equal' }] }),
      'spec.tolerations[0].operator',
    ],
    [
      'a spread without a key',
      pod({ topologySpreadConstraints: [{ maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }] }),
      'spec.topologySpreadConstraints[0].topologyKey',
    ],
    [
      'an affinity to nothing',
      pod({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'a b' }] } } }),
      'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey',
    ],
    [
      'Linux settings on Windows',
      withContainer({ securityContext: { runAsUser: 1 } }, { os: { name: 'windows' } }),
      'spec.containers[0].securityContext.runAsUser',
    ],
    [
      'a sysctl of the network of its host',
      pod({ hostNetwork: true, securityContext: { sysctls: [{ name: 'net.a', value: '1' }] } }),
      'spec.securityContext.sysctls[0].name',
    ],
    [
      'a profile for no container',
      pod({}, { annotations: { 'container.apparmor.security.beta.kubernetes.io/b': 'unconfined' } }),
      'metadata.annotations[container.apparmor.security.beta.kubernetes.io/b]',
    ],
    [
      'an ephemeral container from the start',
      pod({ ephemeralContainers: [{ name: 'debug', image: 'a' }] }),
      'spec.ephemeralContainers',
    ],
  ])('has %s', (_what, object, path) => {
    expect(paths(object)).toContain(path);
  });

  it('is told in the words of the API server', () => {
    expect(findPodErrors(pod({ containers: [container, container] }))).toEqual([
      { path: 'spec.containers[1].name', message: 'Duplicate value: "app"' },
    ]);
    expect(findPodErrors(withContainer({ imagePullPolicy: 'No' }))[0]?.message).toBe(
      'Unsupported value: "No": supported values: "Always", "IfNotPresent", "Never"',
    );
  });

  it('names the field of a value that has the wrong type', () => {
    expect(findPodErrors(pod({ terminationGracePeriodSeconds: 'soon' }))).toEqual([
      {
        path: 'spec.terminationGracePeriodSeconds',
        message: expect.stringContaining('cannot unmarshal string') as string,
      },
    ]);
  });
});
