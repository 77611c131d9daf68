/**
 * The values that the API server gives to fields of a pod that say nothing, so that a pod of a cluster can be compared with one that was
 * just made. Behaviour of k8s.io/kubernetes/pkg/apis/core/v1 (defaults.go).
 */
import { childType, podType, type FieldType } from '../explanation/provenance/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { isRecord, setOwn, type JsonRecord } from '../yaml/index.ts';

type Default = string | number | boolean | ((record: JsonRecord) => unknown);

/** 0644, for files of volumes. */
const fileMode = 0o644;

const probe: Readonly<Record<string, Default>> = {
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
};

/** By Go type of the struct, then by field in JSON. */
const defaults: ReadonlyMap<string, Readonly<Record<string, Default>>> = new Map<string, Record<string, Default>>([
  [
    'v1.PodSpec',
    {
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      terminationGracePeriodSeconds: 30,
      schedulerName: 'default-scheduler',
      enableServiceLinks: true,
    },
  ],
  [
    'v1.Container',
    {
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: ({ imagePullPolicy, image }) => imagePullPolicy ?? pullPolicyOf(image),
      resources: ({ resources }) => withRequests(resources),
    },
  ],
  ['v1.Volume', { emptyDir: (volume) => (Object.keys(volume).length === 1 ? {} : volume['emptyDir']) }],
  ['v1.ContainerPort', { protocol: 'TCP' }],
  ['v1.Probe', probe],
  ['v1.HTTPGetAction', { path: '/', scheme: 'HTTP' }],
  ['v1.GRPCAction', { service: '' }],
  ['v1.ObjectFieldSelector', { apiVersion: 'v1' }],
  ['v1.SecretVolumeSource', { defaultMode: fileMode }],
  ['v1.ConfigMapVolumeSource', { defaultMode: fileMode }],
  ['v1.DownwardAPIVolumeSource', { defaultMode: fileMode }],
  ['v1.ProjectedVolumeSource', { defaultMode: fileMode }],
  ['v1.ServiceAccountTokenProjection', { expirationSeconds: 3600 }],
  ['v1.HostPathVolumeSource', { type: '' }],
]);

/** Fields that an empty value says nothing in. */
const emptyIsAbsent: ReadonlySet<string> = new Set(['securityContext']);

/** The pod with every default written out; changes nothing in the given one. */
export function withDefaults(pod: Pod): Pod {
  const filled = fill(pod, podType) as Pod;
  const { metadata, spec } = filled;
  return {
    ...filled,
    metadata: { ...metadata, labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} },
    spec: {
      ...spec,
      securityContext: spec.securityContext ?? {},
      containers: spec.containers ?? [],
      initContainers: spec.initContainers ?? [],
      volumes: spec.volumes ?? [],
      imagePullSecrets: spec.imagePullSecrets ?? [],
    },
  };
}

const portsType = ['spec', 'containers', '0', 'ports'].reduce(childType, podType);
const probeType = ['spec', 'containers', '0', 'livenessProbe'].reduce(childType, podType);

/** Ports as the API server has them, however much of them was written. */
export function portsWithDefaults(ports: unknown): unknown {
  return fill(ports, portsType);
}

/** A probe as the API server has it. */
export function probeWithDefaults(probe: unknown): unknown {
  return fill(probe, probeType);
}

function fill(value: unknown, type: FieldType): unknown {
  if (Array.isArray(value)) return value.map((item: unknown, index) => fill(item, childType(type, String(index))));
  if (!isRecord(value)) return value;
  const filled: JsonRecord = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || item === null || isEmptyOptional(type, key, item)) continue;
    setOwn(filled, key, fill(item, childType(type, key)));
  }
  for (const [key, given] of Object.entries(defaults.get(type.type) ?? {})) {
    if (typeof given === 'function') {
      const value = given(filled);
      if (value !== undefined) setOwn(filled, key, value);
    } else if (!Object.hasOwn(filled, key) || (filled[key] === '' && given !== '')) setOwn(filled, key, given);
  }
  return filled;
}

/** Of containers, an empty security context; the API server keeps it, and it means nothing. */
function isEmptyOptional({ type }: FieldType, key: string, item: unknown): boolean {
  return type === 'v1.Container' && emptyIsAbsent.has(key) && isRecord(item) && Object.keys(item).length === 0;
}

/** When the kubelet pulls an image whose container does not say it. */
export function pullPolicyOf(image: unknown): string {
  const text = typeof image === 'string' ? image : '';
  const name = text.slice(text.lastIndexOf('/') + 1);
  const [tagged = '', digest] = name.split('@');
  const tag = tagged.includes(':') ? tagged.slice(tagged.lastIndexOf(':') + 1) : digest === undefined ? 'latest' : '';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

/** What is limited is also requested. */
function withRequests(resources: unknown): unknown {
  if (!isRecord(resources) || !isRecord(resources['limits'])) return resources;
  const own = isRecord(resources['requests']) ? resources['requests'] : {};
  return { ...resources, requests: { ...resources['limits'], ...own } };
}
