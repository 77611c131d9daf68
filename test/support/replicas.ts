/** Reviews of a workload's replicas, as API servers write them. */
import { nameAlphabet } from '../../tools/bench/stream.ts';
import type { Random } from './mutate.ts';

/** What a replica has of its own. */
export interface Own {
  readonly uid: string;
  readonly time: string;
  /** Name of the volume with the token of the service account. */
  readonly volume: string;
}

export function drawOwn(random: Random): Own {
  const two = (below: number): string => String(random(below)).padStart(2, '0');
  const hex = (length: number): string => Array.from({ length }, () => random(16).toString(16)).join('');
  return {
    uid: [8, 4, 4, 4, 12].map(hex).join('-'),
    time: `2026-0${String(1 + random(9))}-1${String(random(10))}T${two(24)}:${two(60)}:${two(60)}Z`,
    volume: `kube-api-access-${Array.from({ length: 5 }, () => nameAlphabet[random(nameAlphabet.length)]).join('')}`,
  };
}

interface Container {
  readonly volumeMounts?: unknown;
}

interface Pod {
  readonly metadata?: object | null;
  readonly spec?: {
    readonly volumes?: unknown;
    readonly containers?: unknown;
    readonly initContainers?: unknown;
  } | null;
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

const added = (list: unknown, item: object): unknown => (Array.isArray(list) ? [...(list as unknown[]), item] : [item]);

/** What controllers and the service account's admission add to a pod. */
function withOwn(object: unknown, { time, volume }: Own): unknown {
  if (!isMap(object)) return object;
  const { metadata, spec } = object as Pod;
  const mount = { name: volume, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  const mounted = (list: unknown): unknown =>
    Array.isArray(list)
      ? list.map((item: unknown) =>
          isMap(item) ? { ...item, volumeMounts: added((item as Container).volumeMounts, mount) } : item,
        )
      : list;
  const manager = { manager: 'kube-controller-manager', operation: 'Update', apiVersion: 'v1', time };
  return {
    ...object,
    ...(isMap(metadata) && { metadata: { ...metadata, managedFields: [manager] } }),
    ...(isMap(spec) && {
      spec: {
        ...spec,
        volumes: added(spec.volumes, { name: volume, projected: { sources: [] } }),
        containers: mounted(spec.containers),
        ...('initContainers' in spec && { initContainers: mounted(spec.initContainers) }),
      },
    }),
  };
}

/** A review as it is sent for the replica with these own texts. */
export function replicaOf(review: { readonly request: object }, own: Own): string {
  const { uid: _uid, object, ...rest } = review.request as { readonly uid?: unknown; readonly object?: unknown };
  const request = { uid: own.uid, ...rest, ...(object !== undefined && { object: withOwn(object, own) }) };
  return JSON.stringify({ ...review, request });
}
