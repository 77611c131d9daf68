/**
 * The pod that a controller of Kubernetes makes of a workload's template, as far as it is known before it exists: template
 * metadata and spec, the controller's labels, its reference as owner, and a generated name. Names that only a running
 * cluster gives are placeholders. Behaviour of k8s.io/kubernetes/pkg/controller (GetPodFromTemplate and the controllers).
 */
import { decodePod, type ObjectMeta, type OwnerReference, type Pod } from '../kubernetes/index.ts';
import { isRecord, setOwn, valueAt } from '../yaml/index.ts';

/** Stands for the part of a name that the cluster makes up. */
export const generatedPart = 'xxxxxxxxxx';

/** Minutes since 1970 in a CronJob's Job, as it were. */
const scheduledTime = '00000000';

/** A workload and the pod it makes. */
export interface WorkloadPod {
  readonly kind: string;
  readonly name: string;
  /** Empty when neither the object nor the caller names one. */
  readonly namespace: string;
  /** Where the pod's metadata and spec stand in the object; empty for a Pod. */
  readonly template: readonly string[];
  readonly pod: Pod;
}

/** What a controller adds to the template. */
interface Made {
  readonly generateName: string;
  readonly owner: Pick<OwnerReference, 'apiVersion' | 'kind' | 'name'>;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A workload as controllers name it. */
interface Maker {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

interface Kind {
  readonly template: readonly string[];
  readonly make: (maker: Maker) => Made;
}

const inSpec = ['spec', 'template'];

/** Kinds by name; the apiVersion does not count, as everywhere in Istio. A Pod is its own template. */
const kinds: ReadonlyMap<string, Kind> = new Map([
  ['Deployment', { template: inSpec, make: throughReplicaSet('pod-template-hash', 'apps/v1') }],
  ['Rollout', { template: inSpec, make: throughReplicaSet('rollouts-pod-template-hash', 'apps/v1') }],
  ['ReplicaSet', { template: inSpec, make: directly() }],
  ['StatefulSet', { template: inSpec, make: directly({ 'controller-revision-hash': generatedPart }) }],
  ['DaemonSet', { template: inSpec, make: directly({ 'controller-revision-hash': generatedPart }) }],
  ['ReplicationController', { template: inSpec, make: directly() }],
  ['DeploymentConfig', { template: inSpec, make: throughReplicationController }],
  ['PodTemplate', { template: ['template'], make: directly() }],
  ['Job', { template: inSpec, make: asJob }],
  // Its pods belong to a Job.
  ['CronJob', { template: ['spec', 'jobTemplate', 'spec', 'template'], make: throughJob }],
]);

/** Kinds that {@link podOfWorkload} understands. */
export const kindsWithPods: readonly string[] = ['Pod', ...kinds.keys()];

/**
 * Makes the pod of a workload.
 * @param object decoded JSON of any kind
 * @param namespace of objects that name none
 * @returns `undefined` when the object is of a kind without pods, or has no pod template
 * @throws {DecodeError} with Go's message when metadata or spec of the pod cannot be read
 */
export function podOfWorkload(object: unknown, namespace = ''): WorkloadPod | undefined {
  const kindName = textAt(object, 'kind');
  const metadata = valueAt(object, ['metadata']);
  const named = {
    kind: kindName,
    name: textAt(metadata, 'name') || prefixed(textAt(metadata, 'generateName')),
    namespace: textAt(metadata, 'namespace') || namespace,
  };
  if (kindName === 'Pod') {
    const pod = inNamespace(decodePod(object), named.namespace);
    return { ...named, template: [], pod };
  }
  const kind = kinds.get(kindName);
  const template = kind && valueAt(object, kind.template);
  if (kind === undefined || !isRecord(template)) return undefined;
  const source = decodePod({ metadata: template['metadata'] ?? null, spec: template['spec'] ?? null });
  const maker = { apiVersion: textAt(object, 'apiVersion'), kind: kindName, name: named.name };
  const pod = { ...source, metadata: madeMetadata(source.metadata, named.namespace, kind.make(maker)) };
  return { ...named, template: kind.template, pod };
}

/** Controllers take labels, annotations and finalizers from the template, no names. */
function madeMetadata(template: ObjectMeta, namespace: string, made: Made): ObjectMeta {
  const { labels, annotations } = template;
  const finalizers = template['finalizers'];
  return {
    generateName: made.generateName,
    ...(namespace !== '' && { namespace }),
    ...((labels ?? made.labels) !== undefined && { labels: joined(labels, made.labels) }),
    ...(annotations !== undefined && { annotations }),
    ...(finalizers !== undefined && { finalizers }),
    ownerReferences: [{ ...made.owner, uid: unknownUid, controller: true, blockOwnerDeletion: true }],
  };
}

const unknownUid = '00000000-0000-0000-0000-000000000000';

function directly(labels?: Readonly<Record<string, string>>): Kind['make'] {
  return (maker) => ({ generateName: `${maker.name}-`, owner: maker, ...(labels && { labels }) });
}

function throughReplicaSet(hashLabel: string, apiVersion: string): Kind['make'] {
  return ({ name }) => {
    const replicaSet = `${name}-${generatedPart}`;
    return {
      generateName: `${replicaSet}-`,
      owner: { apiVersion, kind: 'ReplicaSet', name: replicaSet },
      labels: { [hashLabel]: generatedPart },
    };
  };
}

function throughReplicationController({ name }: Maker): Made {
  const controller = `${name}-1`;
  return {
    generateName: `${controller}-`,
    owner: { apiVersion: 'v1', kind: 'ReplicationController', name: controller },
    labels: { deployment: controller, deploymentconfig: name },
  };
}

function throughJob({ apiVersion, name }: Maker): Made {
  return asJob({ apiVersion, kind: 'Job', name: `${name}-${scheduledTime}` });
}

/** The API server writes these labels into the template of a Job. */
function asJob(job: Maker): Made {
  return {
    generateName: `${job.name}-`,
    owner: job,
    labels: {
      'batch.kubernetes.io/controller-uid': unknownUid,
      'batch.kubernetes.io/job-name': job.name,
      'controller-uid': unknownUid,
      'job-name': job.name,
    },
  };
}

function inNamespace(pod: Pod, namespace: string): Pod {
  if (namespace === '' || pod.metadata.namespace !== undefined) return pod;
  return { ...pod, metadata: { ...pod.metadata, namespace } };
}

function joined(...maps: readonly (Readonly<Record<string, string>> | undefined)[]): Record<string, string> {
  const all: Record<string, string> = {};
  for (const map of maps) for (const [key, value] of Object.entries(map ?? {})) setOwn(all, key, value);
  return all;
}

function prefixed(generateName: string): string {
  return generateName === '' ? '' : generateName + generatedPart;
}

function textAt(value: unknown, key: string): string {
  const text = valueAt(value, [key]);
  return typeof text === 'string' ? text : '';
}
