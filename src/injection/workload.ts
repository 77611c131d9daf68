/** The workload a pod belongs to, guessed from its owner: ReplicaSets stand for Deployments, Jobs for CronJobs. */
import type { OwnerReference, Pod } from '../kubernetes/index.ts';
import { lookup, type StringMap } from './maps.ts';
import { label } from './names.ts';

/** Name and type of a workload. Any part may be empty. */
export interface Workload {
  readonly name: string;
  readonly namespace: string;
  readonly kind: string;
  readonly apiVersion: string;
}

/**
 * Finds the workload of a pod. Owners count only when the pod's name was generated, for only then did a controller make it.
 */
export function workloadOfPod(pod: Pod): Workload {
  const metadata = pod.metadata ?? {};
  const namespace = metadata.namespace ?? '';
  const own = { name: metadata.name ?? '', namespace, kind: 'Pod', apiVersion: 'v1' };
  if ((metadata.generateName ?? '') === '') return own;
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
  if (controller === undefined) return own;
  const workload = { namespace, ...typeOfController(controller, metadata.labels) };
  return workload.name === '' ? { ...workload, name: own.name } : workload;
}

type OwnerType = Omit<Workload, 'namespace'>;

function typeOfController(owner: OwnerReference, labels: StringMap): OwnerType {
  const { name = '', kind = '', apiVersion = '' } = owner;
  switch (kind) {
    case 'ReplicaSet': {
      const deployment = withoutHash(name, lookup(labels, label.podTemplateHash));
      if (deployment !== undefined) return { name: deployment, kind: 'Deployment', apiVersion };
      const rollout = withoutHash(name, lookup(labels, label.rolloutsPodTemplateHash));
      if (rollout !== undefined) return { name: rollout, kind: 'Rollout', apiVersion: 'v1alpha1' };
      break;
    }
    case 'ReplicationController': {
      const config = lookup(labels, label.deploymentConfig) ?? '';
      if (config !== '') return { name: config, kind: 'DeploymentConfig', apiVersion };
      break;
    }
    case 'Job': {
      // The CronJob controller appends the scheduled time in minutes since 1970.
      const cronJob = /^(.+)-[0-9]{8,10}$/s.exec(name)?.[1];
      if (cronJob !== undefined && !cronJob.includes('\n'))
        return { name: cronJob, kind: 'CronJob', apiVersion: 'batch/v1' };
      break;
    }
  }
  return { name, kind, apiVersion };
}

/** The name before `-<hash>`; `undefined` when it does not end with the hash. */
function withoutHash(name: string, hash: string | undefined): string | undefined {
  if (hash === undefined || hash === '' || !name.endsWith(hash)) return undefined;
  return name.endsWith(`-${hash}`) ? name.slice(0, -hash.length - 1) : name;
}
