/** Seeded changes of pods: fields taken away, doubled, mistyped, or set to values at and beyond their limits. */

/** A small generator of numbers (mulberry32); the same seed gives the same sequence. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;
type Slot = { readonly holder: Record<string, unknown> | unknown[]; readonly key: string | number };

const pick = <T>(random: Random, items: readonly T[]): T => items[random(items.length)] as T;

const strings = [
  '',
  'a',
  'A',
  'a b',
  ' a',
  'a.b',
  'a_b',
  '-a',
  'a-',
  'a/b',
  'a/b/c',
  '/a',
  '/a/..',
  '../a',
  '..a',
  'x'.repeat(63),
  'x'.repeat(64),
  'x'.repeat(16),
  'x'.repeat(254),
  '0',
  '1',
  '080',
  'http--x',
  'true',
  'Always',
  'Never',
  'IfNotPresent',
  'OnFailure',
  'TCP',
  'UDP',
  'ICMP',
  'HTTP',
  'HTTPS',
  'ftp',
  '100m',
  '1Gi',
  '-1',
  '1.5',
  '0.5',
  '10',
  '1e3',
  'é',
  '=',
  'a=b',
  'metadata.name',
  "metadata.labels['app']",
  'status.podIP',
  'limits.cpu',
  '10.0.0.1',
  '1.2.3',
  '::1',
  'File',
  'None',
  'Default',
  'ClusterFirst',
  'Localhost',
  'RuntimeDefault',
  'Memory',
  'Exists',
  'Equal',
  'NoExecute',
];
const numbers = [0, 1, -1, 8080, 65535, 65536, 70000, 2 ** 31 - 1, 2 ** 31, 0o777, 0o1000, 5, 600, 599];

/** Fields to add, by the name of the list or map that they belong to. */
const additions: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  container: [
    { livenessProbe: {} },
    { livenessProbe: { httpGet: { port: 80 }, exec: { command: ['a'] } } },
    { livenessProbe: { tcpSocket: { port: 'web' }, successThreshold: 2 } },
    { readinessProbe: { grpc: { port: 0 } } },
    { startupProbe: { exec: {} } },
    { lifecycle: { preStop: { sleep: { seconds: 31 } } } },
    { lifecycle: { preStop: { httpGet: { port: 80 } }, stopSignal: 'SIGTERM' } },
    { restartPolicy: 'Always' },
    { restartPolicy: 'Sometimes' },
    { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } },
    { resources: { requests: { 'example.com/gpu': '1' } } },
    { resources: { limits: { 'example.com/gpu': '500m' } } },
    { resources: { limits: { 'hugepages-2Mi': '4Mi' } } },
    { resources: { limits: { 'hugepages-2Mi': '3Mi', memory: '1Gi' } } },
    { resources: { limits: { storage: '1Gi' } } },
    { resources: { limits: { gpu: '1' } } },
    { resources: { limits: { memory: '-1' } } },
    { resources: { claims: [{ name: 'none' }] } },
    {
      ports: [
        { containerPort: 80, name: 'a' },
        { containerPort: 81, name: 'a' },
      ],
    },
    {
      ports: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 80 },
      ],
    },
    { volumeMounts: [{ name: 'gone', mountPath: '/a' }] },
    { volumeDevices: [{ name: 'claim', devicePath: '/dev/a' }] },
    { env: [{ name: 'A', value: 'b', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
    { env: [{ name: 'A', valueFrom: {} }] },
    { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1Ki' } } }] },
    { envFrom: [{}] },
    { envFrom: [{ secretRef: { name: 'a' }, prefix: '1' }] },
    { securityContext: { privileged: true, allowPrivilegeEscalation: false } },
    { securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['CAP_SYS_ADMIN'] } } },
    { securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['SYS_ADMIN'] } } },
    { securityContext: { runAsUser: -1 } },
    { securityContext: { procMount: 'Unmasked' } },
    { securityContext: { seccompProfile: { type: 'Localhost' } } },
    { securityContext: { seccompProfile: { type: 'RuntimeDefault', localhostProfile: 'a' } } },
    { securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile: ' a' } } },
    {
      resizePolicy: [
        { resourceName: 'cpu', restartPolicy: 'NotRequired' },
        { resourceName: 'cpu', restartPolicy: 'NotRequired' },
      ],
    },
    { terminationMessagePolicy: 'Never' },
  ],
  volume: [
    { emptyDir: {}, secret: { secretName: 'a' } },
    { projected: { sources: [{ serviceAccountToken: { path: 'a', expirationSeconds: 10 } }] } },
    { projected: { sources: [{ secret: {}, configMap: {} }] } },
    { projected: { sources: [{ clusterTrustBundle: { path: 'a' } }] } },
    { configMap: { items: [{ key: 'a', path: '/a' }] } },
    { hostPath: { path: '/a', type: 'Thing' } },
    { downwardAPI: { items: [{ path: 'a' }] } },
    { csi: {} },
    { nfs: { server: 'a', path: 'b' } },
    { ephemeral: {} },
    { persistentVolumeClaim: {} },
    { image: { reference: 'a:1' } },
  ],
  spec: [
    { dnsPolicy: 'None' },
    { dnsConfig: { nameservers: ['a'] } },
    { hostNetwork: true },
    { hostUsers: false, hostPID: true },
    { shareProcessNamespace: true, hostPID: true },
    { os: { name: 'windows' } },
    { os: { name: 'linux' } },
    { os: { name: 'plan9' } },
    { activeDeadlineSeconds: 0 },
    { hostAliases: [{ ip: 'x' }] },
    { hostAliases: [{ ip: '010.0.0.1' }] },
    { tolerations: [{ operator: 'Equal' }] },
    { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] },
    { tolerations: [{ key: 'a', tolerationSeconds: 3 }] },
    { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule' }] },
    {
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'ScheduleAnyway', minDomains: 1 }],
    },
    { nodeSelector: { 'a b': 'c' } },
    { readinessGates: [{ conditionType: 'a b' }] },
    { schedulingGates: [{ name: 'a' }], nodeName: 'n' },
    { imagePullSecrets: [{}] },
    { overhead: { cpu: '-1' } },
    { resources: { limits: { cpu: '1' } } },
    { resources: { limits: { 'example.com/gpu': '1' } } },
    { resourceClaims: [{ name: 'a' }] },
    { ephemeralContainers: [{ name: 'debug', image: 'a' }] },
    { priorityClassName: 'A' },
    { securityContext: { sysctls: [{ name: 'a b', value: '1' }] } },
    { securityContext: { fsGroup: -1, supplementalGroups: [-1] } },
    { securityContext: { fsGroupChangePolicy: 'Never' } },
    { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: '' }] } } },
    { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } },
    { subdomain: 'a.b' },
    { setHostnameAsFQDN: true, hostnameOverride: 'a' },
  ],
  metadata: [
    { labels: { 'a b': 'c' } },
    { labels: { a: 'b c' } },
    { annotations: { 'A/B': 'c' } },
    { annotations: { big: 'x'.repeat(262_200) } },
    { annotations: { 'container.apparmor.security.beta.kubernetes.io/none': 'unconfined' } },
    { annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'x' } },
    { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '+1' } },
    { finalizers: ['a'] },
    { finalizers: ['a b'] },
    { ownerReferences: [{ apiVersion: 'v1', kind: 'Event', name: 'a', uid: 'b' }] },
    { generateName: 'A-' },
  ],
};

/** A pod with one or two changes. */
export function mutatePod(pod: object, random: Random): Record<string, unknown> {
  const mutant = structuredClone(pod) as Record<string, unknown>;
  const count = random(4) === 0 ? 2 : 1;
  for (let i = 0; i < count; i++) mutateOnce(mutant, random);
  return mutant;
}

function mutateOnce(pod: Record<string, unknown>, random: Random): void {
  if (random(3) === 0) {
    addFields(pod, random);
    return;
  }
  const slots: Slot[] = [];
  collect(pod['metadata'], slots);
  collect(pod['spec'], slots);
  const { holder, key } = pick(random, slots);
  const value = (holder as Record<string | number, unknown>)[key];
  const set = (changed: unknown): void => {
    (holder as Record<string | number, unknown>)[key] = changed;
  };
  switch (random(6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else Reflect.deleteProperty(holder, key);
      break;
    case 1:
      if (Array.isArray(holder)) holder.push(structuredClone(value));
      else set(pick(random, strings));
      break;
    case 2:
      set(pick<unknown>(random, [null, {}, [], true, 1, 'text']));
      break;
    default:
      if (typeof value === 'number') set(pick(random, numbers));
      else if (typeof value === 'string') set(pick(random, strings));
      else if (typeof value === 'boolean') set(!value);
      else set(pick<unknown>(random, [{}, []]));
  }
}

function addFields(pod: Record<string, unknown>, random: Random): void {
  const spec = (pod['spec'] ?? {}) as Record<string, unknown>;
  const kind = pick(random, ['container', 'container', 'container', 'volume', 'spec', 'metadata']);
  const added = structuredClone(pick(random, additions[kind] ?? []));
  const lists = kind === 'volume' ? ['volumes'] : ['containers', 'initContainers'];
  const target =
    kind === 'spec' || kind === 'metadata'
      ? pod[kind]
      : pick(
          random,
          lists.flatMap((list) => (Array.isArray(spec[list]) ? (spec[list] as unknown[]) : [])),
        );
  if (typeof target === 'object' && target !== null) Object.assign(target, added);
}

function collect(value: unknown, slots: Slot[]): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown> | unknown[];
  for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
    slots.push({ holder, key });
    collect((holder as Record<string | number, unknown>)[key], slots);
  }
}
