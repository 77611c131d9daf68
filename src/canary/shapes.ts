/**
 * Pods of many shapes. Each is a pod that the API server accepts as it stands here, unless it says otherwise, so that whatever is wrong
 * with the injected pod came with the injection.
 */

/** A pod as the API server sends it, before our own decoding. */
export interface CanaryShape {
  readonly name: string;
  readonly pod: CanaryObject;
  /** Whether such pods are rare, and may well not suit a template that suits all others. */
  readonly isOdd?: boolean;
  /**
   * Whether it is written for templates that do just what those in use do, and may be refused without them. It says something only of a
   * configuration that is to follow one which serves it.
   */
  readonly reliesOnTemplates?: boolean;
}

/** JSON of a pod, as far as canaries write it. */
export interface CanaryObject {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;

const namespace = 'outrigger-canary';
const image = 'registry.example/app:1.0';

/** What a Deployment's pod looks like at the webhook. */
const replicaSetMetadata: Json = {
  generateName: 'web-5d8f7c9b4d-',
  namespace,
  labels: { app: 'web', version: 'v1', 'pod-template-hash': '5d8f7c9b4d' },
  ownerReferences: [
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      name: 'web-5d8f7c9b4d',
      uid: 'c0ffee00-0000-4000-8000-000000000001',
      controller: true,
    },
  ],
};

const app: Json = {
  name: 'app',
  image,
  ports: [{ name: 'http', containerPort: 8080 }],
  resources: { requests: { cpu: '100m', memory: '64Mi' } },
};

const service = (name: string, port: number): Json => ({
  name,
  image,
  ports: [{ name: `p-${port}`, containerPort: port }],
});

const httpGet = (port: number | string): Json => ({ httpGet: { path: '/healthz', port } });

/** The token volume that the API server adds to every pod. */
const tokenVolume: Json = {
  name: 'kube-api-access-abcde',
  projected: {
    defaultMode: 420,
    sources: [
      { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
  },
};
const tokenMount: Json = {
  name: 'kube-api-access-abcde',
  readOnly: true,
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
};

const shape = (name: string, spec: Json, metadata: Json = replicaSetMetadata): CanaryShape => ({
  name,
  pod: { metadata, spec },
});

const odd = (name: string, spec: Json, metadata?: Json): CanaryShape => ({
  ...shape(name, spec, metadata),
  isOdd: true,
});

const owned = (kind: string, apiVersion: string, name: string): Json => ({
  generateName: `${name}-`,
  namespace,
  labels: { 'app.kubernetes.io/name': name },
  ownerReferences: [{ apiVersion, kind, name, uid: 'c0ffee00-0000-4000-8000-000000000002', controller: true }],
});

/** Longer than a label may be; its first 63 characters end with what no label may end with. */
const longName = `${'x'.repeat(62)}-${'y'.repeat(20)}`;

/** A plain pod of a Deployment, which other canaries are variants of. */
export const plainShape: CanaryShape = shape('deployment', { containers: [app], serviceAccountName: 'web' });

/** A pod whose template is to bring everything: no other templates make sense for it. */
export const gatewayShape: CanaryShape = shape('gateway', {
  containers: [
    {
      name: 'istio-proxy',
      image: 'auto',
      ports: [
        { name: 'http2', containerPort: 80 },
        { name: 'https', containerPort: 443 },
      ],
    },
  ],
});

/** The shapes. */
export const canaryShapes: readonly CanaryShape[] = [
  plainShape,
  shape('bare', { containers: [{ name: 'app', image }] }, { name: 'bare', namespace }),
  shape('as the API server sends it', {
    containers: [
      {
        ...app,
        volumeMounts: [tokenMount],
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ],
    volumes: [tokenVolume],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    serviceAccount: 'default',
    securityContext: {},
    schedulerName: 'default-scheduler',
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ],
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  }),
  shape('three containers', { containers: [app, service('metrics', 9090), service('admin', 9091)] }),
  shape('no ports', { containers: [{ name: 'worker', image, command: ['work'], args: ['--forever'] }] }),
  shape('ports of every kind', {
    containers: [
      {
        ...app,
        ports: [
          { name: 'http', containerPort: 8080, protocol: 'TCP' },
          { name: 'dns', containerPort: 53, protocol: 'UDP' },
          { containerPort: 9000 },
          { name: 'host', containerPort: 7000, hostPort: 7000, hostIP: '127.0.0.1' },
        ],
      },
    ],
  }),
  shape('init containers', {
    initContainers: [
      { name: 'migrate', image, command: ['migrate'], env: [{ name: 'A', value: 'b' }] },
      { name: 'fetch', image },
    ],
    containers: [app],
  }),
  shape('native sidecar', {
    initContainers: [
      { name: 'logs', image, restartPolicy: 'Always', startupProbe: httpGet(9999), ports: [{ containerPort: 9999 }] },
    ],
    containers: [app],
  }),
  shape('HTTP probes', {
    containers: [
      {
        ...app,
        livenessProbe: { httpGet: { path: '/live?x=1&y=<2>', port: 8080, scheme: 'HTTPS' }, periodSeconds: 5 },
        readinessProbe: { ...httpGet('http'), successThreshold: 2 },
        startupProbe: { httpGet: { port: 8080, httpHeaders: [{ name: 'X-A', value: 'b' }] }, failureThreshold: 30 },
        lifecycle: { preStop: httpGet(8080), postStart: { exec: { command: ['true'] } } },
      },
      { ...service('second', 8081), livenessProbe: httpGet(8081) },
    ],
  }),
  shape('TCP, gRPC and exec probes', {
    containers: [
      {
        ...app,
        livenessProbe: { tcpSocket: { port: 'http' } },
        readinessProbe: { grpc: { port: 8080, service: 'ready' } },
        startupProbe: { exec: { command: ['test', '-f', '/ready'] }, timeoutSeconds: 3 },
        lifecycle: { preStop: { sleep: { seconds: 5 } } },
      },
    ],
  }),
  shape('security contexts', {
    securityContext: {
      runAsUser: 1000,
      runAsGroup: 3000,
      fsGroup: 2000,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        ...app,
        securityContext: {
          runAsUser: 1001,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
        },
      },
    ],
  }),
  shape('uid of the proxy', { containers: [{ ...app, securityContext: { runAsUser: 1337, runAsGroup: 1337 } }] }),
  shape('volumes of many kinds', {
    containers: [
      {
        ...app,
        volumeMounts: [
          { name: 'data', mountPath: '/data' },
          { name: 'config', mountPath: '/config', subPath: 'a/b', readOnly: true },
          { name: 'secret', mountPath: '/secret' },
          { name: 'claim', mountPath: '/claim' },
          { name: 'all', mountPath: '/all' },
        ],
      },
    ],
    volumes: [
      { name: 'data', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
      { name: 'config', configMap: { name: 'settings', items: [{ key: 'a', path: 'a' }] } },
      { name: 'secret', secret: { secretName: 'keys', optional: true } },
      { name: 'claim', persistentVolumeClaim: { claimName: 'claim' } },
      { name: 'host', hostPath: { path: '/var/log', type: 'Directory' } },
      { ...tokenVolume, name: 'all' },
    ],
  }),
  shape('environment of every kind', {
    containers: [
      {
        ...app,
        env: [
          { name: 'PLAIN', value: 'a "quoted" value' },
          { name: 'EMPTY' },
          { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          { name: 'LIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
          { name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'k', optional: true } } },
          { name: 'SETTING', valueFrom: { configMapKeyRef: { name: 'settings', key: 's' } } },
        ],
        envFrom: [{ configMapRef: { name: 'settings' } }],
        resources: { limits: { cpu: '1', memory: '1Gi', 'example.com/gpu': '1' }, requests: { cpu: '500m' } },
      },
    ],
  }),
  shape('host network', { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet', containers: [app] }),
  shape('own DNS', {
    dnsPolicy: 'None',
    dnsConfig: { nameservers: ['10.0.0.10'], searches: ['svc.example'], options: [{ name: 'ndots', value: '4' }] },
    containers: [app],
  }),
  shape('much of everything', {
    containers: [app],
    imagePullSecrets: [{ name: 'registry' }],
    nodeSelector: { disk: 'ssd' },
    hostAliases: [{ ip: '10.1.2.3', hostnames: ['a.example'] }],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { app: 'web' } },
      },
    ],
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } },
        ],
      },
    },
    terminationGracePeriodSeconds: 90,
    priorityClassName: 'important',
    shareProcessNamespace: true,
    readinessGates: [{ conditionType: 'example.com/ready' }],
    hostname: 'web',
    subdomain: 'web',
  }),
  shape(
    'stateful set',
    { containers: [app], hostname: 'db-0', subdomain: 'db' },
    { ...owned('StatefulSet', 'apps/v1', 'db'), name: 'db-0', generateName: 'db-' },
  ),
  shape('daemon set', { containers: [app] }, owned('DaemonSet', 'apps/v1', 'agent')),
  shape(
    'job',
    { restartPolicy: 'Never', activeDeadlineSeconds: 600, containers: [{ name: 'job', image }] },
    owned('Job', 'batch/v1', 'import-28123456'),
  ),
  shape(
    'deployment config',
    { containers: [app] },
    { ...owned('ReplicationController', 'v1', 'shop-1'), labels: { deploymentconfig: 'shop' } },
  ),
  odd('long name of a workload', { containers: [app] }, { ...owned('StatefulSet', 'apps/v1', longName), labels: {} }),
  odd(
    'long labels',
    { containers: [app] },
    { ...replicaSetMetadata, labels: { app: longName.slice(0, 63).replace(/-$/, 'x'), version: 'v'.repeat(63) } },
  ),
  shape('no labels', { containers: [app] }, { generateName: 'x-', namespace }),
  shape(
    'labels of the mesh',
    { containers: [app] },
    {
      ...replicaSetMetadata,
      labels: {
        'app.kubernetes.io/name': 'shop',
        'app.kubernetes.io/version': '1.2.3',
        'service.istio.io/canonical-name': 'shop',
        'service.istio.io/canonical-revision': 'blue',
        'service.istio.io/workload-name': 'shop',
        'security.istio.io/tlsMode': 'disabled',
        'networking.istio.io/tunnel': 'none',
        'topology.istio.io/network': 'network-2',
        'sidecar.istio.io/inject': 'true',
        'istio.io/rev': 'default',
      },
    },
  ),
  shape(
    'ambient',
    { containers: [app] },
    { ...replicaSetMetadata, labels: { app: 'web', 'istio.io/dataplane-mode': 'ambient' } },
  ),
  ...['istio-proxy', 'istio-init', 'istio-validation'].map((name): CanaryShape => {
    const own = { name, image: 'auto', resources: { limits: { cpu: '50m', memory: '32Mi' } } };
    const isInit = name !== 'istio-proxy';
    const spec = isInit ? { initContainers: [own], containers: [app] } : { containers: [app, own] };
    return odd(`own limits of ${name}`, spec);
  }),
  odd('own proxy, image chosen by the injector', {
    containers: [
      app,
      {
        name: 'istio-proxy',
        image: 'auto',
        resources: { requests: { cpu: '1', memory: '256Mi' }, limits: { cpu: '2', memory: '512Mi' } },
        env: [{ name: 'EXTRA', value: '1' }],
        lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
        volumeMounts: [{ name: 'extra', mountPath: '/extra' }],
      },
    ],
    volumes: [{ name: 'extra', emptyDir: {} }],
  }),
  {
    ...odd('probe without a port', { containers: [{ ...app, readinessProbe: httpGet(0) }] }),
    reliesOnTemplates: true,
  },
  { ...odd('own proxy without an image', { containers: [app, { name: 'istio-proxy' }] }), reliesOnTemplates: true },
  {
    ...odd('own proxy as a native sidecar', {
      initContainers: [{ name: 'istio-proxy', image: 'auto' }],
      containers: [app],
    }),
    reliesOnTemplates: true,
  },
  odd('own proxy and init container', {
    initContainers: [
      {
        name: 'istio-init',
        image: 'auto',
        resources: { requests: { cpu: '5m' }, limits: { cpu: '10', memory: '10Gi' } },
      },
    ],
    containers: [
      app,
      {
        name: 'istio-proxy',
        image: 'registry.example/proxy:1',
        args: ['proxy', 'sidecar'],
        securityContext: { runAsUser: 2000, readOnlyRootFilesystem: false },
        readinessProbe: { httpGet: { path: '/healthz/ready', port: 15021 }, periodSeconds: 3 },
        ports: [{ name: 'extra', containerPort: 15999 }],
      },
    ],
  }),
];
