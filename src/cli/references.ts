/** Objects of a cluster on the command line: `deploy/web`. */
import { existsSync } from 'node:fs';
import type { Resource } from '../cluster/api-types.ts';

/** An object of the cluster as it is written on the command line: `deploy/web`. */
export interface Reference {
  readonly text: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly resource: Omit<Resource, 'namespace'>;
  readonly name: string;
}

type Row = readonly [kind: string, group: string, resource: string, ...aliases: string[]];

/** Names as kubectl takes them; the first one is that of the resource. */
const rows: readonly Row[] = [
  ['Pod', '', 'pods', 'pod', 'po'],
  ['Deployment', 'apps', 'deployments', 'deployment', 'deploy'],
  ['StatefulSet', 'apps', 'statefulsets', 'statefulset', 'sts'],
  ['DaemonSet', 'apps', 'daemonsets', 'daemonset', 'ds'],
  ['ReplicaSet', 'apps', 'replicasets', 'replicaset', 'rs'],
  ['ReplicationController', '', 'replicationcontrollers', 'replicationcontroller', 'rc'],
  ['Job', 'batch', 'jobs', 'job'],
  ['CronJob', 'batch', 'cronjobs', 'cronjob', 'cj'],
];

/** Reads `KIND/NAME`; `undefined` for what is a file, or no kind with pods. */
export function referenceOf(text: string): Reference | undefined {
  const [alias = '', name = '', ...rest] = text.split('/');
  const row = rows.find(([, , ...names]) => names.includes(alias.toLowerCase()));
  if (row === undefined || name === '' || rest.length > 0 || existsSync(text)) return undefined;
  const [kind, group, resource] = row;
  const apiVersion = group === '' ? 'v1' : `${group}/v1`;
  return { text, kind, apiVersion, resource: { group, version: 'v1', resource }, name };
}
