/** The kinds that hold pods, and where in them the pod's metadata and spec stand. */
export interface WorkloadKind {
  /** Name of the type in the field tables, for decodeTyped and encodeTyped. */
  readonly type: string;
  /** Path of the pod template; empty for a Pod, which is its own. */
  readonly template: readonly string[];
}

const inSpec = ['spec', 'template'];

/** By kind name alone: the apiVersion does not count, as in `istioctl kube-inject`. */
export const workloadKinds: ReadonlyMap<string, WorkloadKind> = new Map([
  ['Pod', { type: 'v1.Pod', template: [] }],
  ['Deployment', { type: 'appsv1.Deployment', template: inSpec }],
  ['DaemonSet', { type: 'appsv1.DaemonSet', template: inSpec }],
  ['ReplicaSet', { type: 'appsv1.ReplicaSet', template: inSpec }],
  ['StatefulSet', { type: 'appsv1.StatefulSet', template: inSpec }],
  ['ReplicationController', { type: 'v1.ReplicationController', template: inSpec }],
  ['Job', { type: 'batchv1.Job', template: inSpec }],
  ['CronJob', { type: 'batchv1.CronJob', template: ['spec', 'jobTemplate', 'spec', 'template'] }],
  ['DeploymentConfig', { type: 'openshiftv1.DeploymentConfig', template: inSpec }],
]);
