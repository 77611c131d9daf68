/** Whether an update of a workload changes anything that advice depends on. */
import { deepEqual } from '../jsonpatch/equal.ts';
import { DecodeError, type Labels } from '../kubernetes/index.ts';
import { member, outerMetadata } from './applied-workload.ts';
import { isIstioName } from './known-names.ts';
import { podOfWorkload, type WorkloadPod } from './pod-of-workload.ts';

/**
 * Whether two states of a workload differ in the pods they make, or in labels and annotations of Istio around the pod template.
 * Controllers update workloads all the time; nobody reads the warnings they get.
 */
export function adviceMayDiffer(before: unknown, after: unknown): boolean {
  return !deepEqual(decidingParts(before), decidingParts(after));
}

function decidingParts(object: unknown): unknown[] {
  const made = podMade(object);
  const outer = outerMetadata(object, made?.kind ?? '');
  return [made?.pod, ...outer.flatMap(({ labels, annotations }) => [ofIstio(labels), ofIstio(annotations)])];
}

/** A state that cannot be read is as good as none. */
function podMade(object: unknown): WorkloadPod | undefined {
  try {
    return podOfWorkload(object);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function ofIstio(map: Labels): unknown {
  return Object.entries(map)
    .filter(([name]) => isIstioName(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether a controller made the object: what is wrong with it was said about the object it was made from. */
export function isMadeByController(object: unknown): boolean {
  const owners = member(member(object, 'metadata'), 'ownerReferences');
  return Array.isArray(owners) && owners.some((owner) => member(owner, 'controller') === true);
}
