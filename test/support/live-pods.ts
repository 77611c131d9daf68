/**
 * What becomes of a pod in a cluster, written from the documentation of Kubernetes: defaults of the API server, admission plugins that run
 * beside webhooks, the scheduler and the kubelet. For tests of what must not count as a difference.
 */
type Json = Record<string, unknown>;

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** The pod as `kubectl get -o json` shows it while it runs. */
export function livePod(pod: unknown, namespace = 'default'): Json {
  const live = structuredClone(pod) as Json;
  const metadata = (live['metadata'] ??= {}) as Json;
  const generated = String(metadata['generateName'] ?? '');
  if (metadata['name'] === undefined) metadata['name'] = generated === '' ? 'unnamed' : `${generated}x7k2p`;
  Object.assign(metadata, {
    namespace: metadata['namespace'] ?? namespace,
    uid: '6c1d8f2e-0000-4000-8000-000000000001',
    resourceVersion: '12345',
    creationTimestamp: '2026-11-01T10:00:00Z',
    managedFields: [{ manager: 'kube-controller-manager', operation: 'Update', fieldsV1: {} }],
  });
  metadata['annotations'] = {
    ...(metadata['annotations'] as Json | undefined),
    'cni.projectcalico.org/podIP': '10.1.2.3/32',
  };
  const spec = live['spec'] as Json;
  defaultSpec(spec);
  admit(spec);
  live['status'] = { phase: 'Running', podIP: '10.1.2.3', conditions: [{ type: 'Ready', status: 'True' }] };
  return live;
}

function defaultSpec(spec: Json): void {
  setDefaults(spec, {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
    enableServiceLinks: true,
    securityContext: {},
  });
  for (const container of [...list(spec['containers']), ...list(spec['initContainers'])]) defaultContainer(container);
  for (const volume of list(spec['volumes'])) defaultVolume(volume);
}

function defaultContainer(container: Json): void {
  const image = String(container['image'] ?? '');
  const name = image.slice(image.lastIndexOf('/') + 1);
  const isLatest = name.includes('@') ? /:latest@/.test(name) : !name.includes(':') || name.endsWith(':latest');
  setDefaults(container, {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    resources: {},
  });
  for (const port of list(container['ports'])) setDefaults(port, { protocol: 'TCP' });
  for (const variable of list(container['env'])) {
    const field = isMap(variable['valueFrom']) ? variable['valueFrom']['fieldRef'] : undefined;
    if (isMap(field)) setDefaults(field, { apiVersion: 'v1' });
  }
  for (const kind of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[kind];
    if (!isMap(probe)) continue;
    setDefaults(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
    defaultHandler(probe);
  }
  const lifecycle = container['lifecycle'];
  if (isMap(lifecycle)) for (const handler of Object.values(lifecycle)) if (isMap(handler)) defaultHandler(handler);
  const resources = container['resources'];
  if (isMap(resources) && isMap(resources['limits'])) {
    resources['requests'] = { ...resources['limits'], ...(resources['requests'] as Json | undefined) };
  }
}

function defaultHandler(handler: Json): void {
  if (isMap(handler['httpGet'])) setDefaults(handler['httpGet'], { path: '/', scheme: 'HTTP' });
  if (isMap(handler['grpc'])) setDefaults(handler['grpc'], { service: '' });
}

function defaultVolume(volume: Json): void {
  for (const kind of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const source = volume[kind];
    if (!isMap(source)) continue;
    setDefaults(source, { defaultMode: 420 });
    for (const item of list(source['items']))
      if (isMap(item['fieldRef'])) setDefaults(item['fieldRef'], { apiVersion: 'v1' });
    for (const projection of list(source['sources'])) {
      if (isMap(projection['serviceAccountToken']))
        setDefaults(projection['serviceAccountToken'], { expirationSeconds: 3600 });
      const downward = projection['downwardAPI'];
      for (const item of isMap(downward) ? list(downward['items']) : []) {
        if (isMap(item['fieldRef'])) setDefaults(item['fieldRef'], { apiVersion: 'v1' });
      }
    }
  }
  if (isMap(volume['hostPath'])) setDefaults(volume['hostPath'], { type: '' });
  if (Object.keys(volume).length === 1) volume['emptyDir'] = {};
}

/** ServiceAccount, DefaultTolerationSeconds and Priority; the scheduler's node. */
function admit(spec: Json): void {
  setDefaults(spec, { serviceAccountName: 'default', priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
  setDefaults(spec, { serviceAccount: spec['serviceAccountName'], nodeName: 'node-1' });
  const tolerated = list(spec['tolerations']).filter(({ key }) => !String(key).startsWith('node.kubernetes.io/'));
  spec['tolerations'] = [
    ...tolerated,
    ...['not-ready', 'unreachable'].map((name) => ({
      key: `node.kubernetes.io/${name}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
  ];
  if (spec['automountServiceAccountToken'] === false) return;
  const mount = {
    name: 'kube-api-access-8s7dk',
    readOnly: true,
    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  };
  for (const container of [...list(spec['containers']), ...list(spec['initContainers'])]) {
    const mounts = list(container['volumeMounts']);
    if (!mounts.some(({ mountPath }) => mountPath === mount.mountPath)) container['volumeMounts'] = [...mounts, mount];
  }
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  ];
  const volumes = list(spec['volumes']).filter(({ name }) => name !== mount.name);
  spec['volumes'] = [...volumes, { name: mount.name, projected: { defaultMode: 420, sources } }];
}

function setDefaults(target: Json, values: Json): void {
  for (const [key, value] of Object.entries(values)) target[key] ??= value;
}
