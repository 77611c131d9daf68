/** Owners of pods: the template that a pod was made from, and the workload that a person knows it by. */
import { workloadOfPod } from '../injection/index.ts';
import { DecodeError, decodePod, workloadKinds, type Pod, type PodTemplateSpec } from '../kubernetes/index.ts';
import { isRecord, type JsonRecord } from '../yaml/index.ts';

/** A workload. */
export interface WorkloadName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Kinds that own pods, directly or through another. */
export const ownerKinds: readonly string[] = [...workloadKinds.keys()].filter((kind) => kind !== 'Pod');

/** What is kept of a workload. */
export interface Owner extends WorkloadName {
  /** The workload that made this one. */
  readonly owner?: WorkloadName;
  /** Without metadata that is no part of the pods. */
  readonly template: unknown;
  readonly replicas: number;
  /** `spec.strategy` or `spec.updateStrategy`. */
  readonly strategy: JsonRecord;
  /** Name of the revision that new pods are made of; StatefulSets have one. */
  readonly updateRevision?: string;
  /** Whether a rollout is held back by `spec.paused`. */
  readonly paused: boolean;
}

/** Owners by name. Keeps of each what is needed. */
export class Owners {
  readonly #owners = new Map<string, Owner>();

  add(object: JsonRecord): void {
    const owner = ownerOf(object);
    if (owner !== undefined) this.#owners.set(keyOf(owner), owner);
  }

  get(name: WorkloadName): Owner | undefined {
    return this.#owners.get(keyOf(name));
  }

  /** The template that made a pod, where it is sure to be that one. */
  templateOf(pod: Pod): PodTemplateSpec | undefined {
    const controller = controllerOf(pod.metadata.ownerReferences);
    const owner = controller && this.get({ ...controller, namespace: pod.metadata.namespace ?? '' });
    if (owner === undefined || !isOfTemplate(pod, owner)) return undefined;
    try {
      const template = isRecord(owner.template) ? owner.template : {};
      const { metadata, spec } = decodePod({ metadata: template['metadata'] ?? null, spec: template['spec'] ?? null });
      return { metadata, spec };
    } catch (error) {
      if (error instanceof DecodeError) return undefined;
      throw error;
    }
  }

  /** The topmost workload that is known, or guessed from names; the pod itself when nobody owns it. */
  workloadOf(pod: Pod): WorkloadName {
    const namespace = pod.metadata.namespace ?? '';
    const controller = controllerOf(pod.metadata.ownerReferences);
    if (controller === undefined) return { kind: 'Pod', namespace, name: pod.metadata.name ?? '' };
    const owner = this.get({ ...controller, namespace });
    if (owner !== undefined) return owner.owner ?? nameOf(owner);
    const { kind, name } = workloadOfPod(pod);
    return { kind, name, namespace };
  }
}

/** Templates of ReplicaSets and Jobs do not change; of the others only the latest is there. */
function isOfTemplate({ metadata: { labels } }: Pod, { kind, updateRevision }: Owner): boolean {
  if (kind === 'ReplicaSet' || kind === 'Job') return true;
  return (
    kind === 'StatefulSet' && updateRevision !== undefined && labels?.['controller-revision-hash'] === updateRevision
  );
}

function ownerOf(object: JsonRecord): Owner | undefined {
  const kind = textAt(object, 'kind');
  const spec = recordAt(object, 'spec');
  const metadata = recordAt(object, 'metadata');
  if (!ownerKinds.includes(kind)) return undefined;
  const controller = controllerOf(metadata['ownerReferences']);
  const namespace = textAt(metadata, 'namespace');
  const status = recordAt(object, 'status');
  const strategy = { ...recordAt(spec, 'strategy'), ...recordAt(spec, 'updateStrategy') };
  const updateRevision = textAt(status, 'updateRevision');
  const counted = kind === 'DaemonSet' ? status['desiredNumberScheduled'] : spec['replicas'];
  return {
    kind,
    namespace,
    name: textAt(metadata, 'name'),
    ...(controller && { owner: { ...controller, namespace } }),
    template: spec['template'],
    replicas: typeof counted === 'number' ? counted : 1,
    strategy,
    ...(updateRevision !== '' && { updateRevision }),
    paused: spec['paused'] === true,
  };
}

function controllerOf(references: unknown): Pick<WorkloadName, 'kind' | 'name'> | undefined {
  const owner: unknown = Array.isArray(references)
    ? references.find((one) => isRecord(one) && one['controller'] === true)
    : undefined;
  return isRecord(owner) ? { kind: textAt(owner, 'kind'), name: textAt(owner, 'name') } : undefined;
}

const nameOf = ({ kind, namespace, name }: WorkloadName): WorkloadName => ({ kind, namespace, name });

/** `KIND/NAMESPACE/NAME` */
export const keyOf = ({ kind, namespace, name }: WorkloadName): string => `${kind}/${namespace}/${name}`;

function recordAt(record: JsonRecord, key: string): JsonRecord {
  const value = Object.hasOwn(record, key) ? record[key] : undefined;
  return isRecord(value) ? value : {};
}

function textAt(record: JsonRecord, key: string): string {
  const value = Object.hasOwn(record, key) ? record[key] : undefined;
  return typeof value === 'string' ? value : '';
}
