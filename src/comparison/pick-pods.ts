/** The pods of objects as they come by: each pod once, whether it is seen itself or through its workload. */
import { workloadOfPod } from '../injection/index.ts';
import { DecodeError, type Pod } from '../kubernetes/index.ts';
import { podOfWorkload } from '../workloads/index.ts';
import { isRecord, type JsonRecord } from '../yaml/index.ts';
import type { Member } from './groups.ts';
import { originalPod } from './original.ts';

/** A pod to compare. */
export interface PickedPod {
  readonly member: Member;
  /** As it is sent to the injector. */
  readonly pod: Pod;
}

/** An object whose pod cannot be read. */
export interface UnreadablePod {
  readonly member: Member;
  readonly problem: string;
}

/** Picks the pods of objects. Remembers names. */
export class PodPicker {
  readonly #namespace: string;
  /** Workloads that were picked. */
  readonly #workloads = new Set<string>();
  /** Owners of pods that were picked. */
  readonly #owners = new Set<string>();

  /** @param namespace of objects that name none */
  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  /** The pod of an object; `undefined` for objects without, and for those whose pods are known already. */
  pick(object: JsonRecord): PickedPod | UnreadablePod | undefined {
    const member = memberOf(object, this.#namespace);
    try {
      const made = podOfWorkload(object, this.#namespace);
      if (made === undefined) return undefined;
      const { kind, name, namespace } = made;
      const picked = { kind, name, namespace };
      if (kind === 'Pod') return this.#pickPod({ member: picked, pod: originalPod(made.pod) });
      return this.#pickWorkload(object, { member: picked, pod: made.pod });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return { member, problem: error.message };
    }
  }

  #pickPod(picked: PickedPod): PickedPod | undefined {
    const { pod } = picked;
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (owner === undefined) return picked;
    const { namespace } = picked.member;
    const owners = [owner, workloadOfPod(pod)].map(({ kind, name }) => keyOf({ kind, name, namespace }));
    if (owners.some((key) => this.#workloads.has(key))) return undefined;
    for (const key of owners) this.#owners.add(key);
    return picked;
  }

  #pickWorkload(object: JsonRecord, picked: PickedPod): PickedPod | undefined {
    const { namespace } = picked.member;
    const key = keyOf(picked.member);
    const owner = controllerOf(object);
    const ownerKey = owner && keyOf({ ...owner, namespace });
    if (this.#owners.has(key) || (ownerKey !== undefined && this.#workloads.has(ownerKey))) return undefined;
    // What a Deployment or CronJob made earlier makes no more pods.
    if (owner !== undefined && isRecord(object['spec']) && object['spec']['replicas'] === 0) return undefined;
    this.#workloads.add(key);
    if (ownerKey !== undefined) this.#owners.add(ownerKey);
    return picked;
  }
}

const keyOf = ({ kind, namespace, name }: Member): string => `${kind}/${namespace}/${name}`;

function memberOf({ kind, metadata }: JsonRecord, namespace: string): Member {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const record = isRecord(metadata) ? metadata : {};
  return { kind: text(kind), name: text(record['name']), namespace: text(record['namespace']) || namespace };
}

function controllerOf({ metadata }: JsonRecord): Pick<Member, 'kind' | 'name'> | undefined {
  const owners = isRecord(metadata) && Array.isArray(metadata['ownerReferences']) ? metadata['ownerReferences'] : [];
  const owner: unknown = owners.find((one) => isRecord(one) && one['controller'] === true);
  if (!isRecord(owner) || typeof owner['kind'] !== 'string' || typeof owner['name'] !== 'string') return undefined;
  return { kind: owner['kind'], name: owner['name'] };
}
