/** Workloads around a pod template, for tests. */
import { kindsWithPods } from '../../src/workloads/index.ts';

/** What a pod template is made of. */
export interface Template {
  readonly metadata?: unknown;
  readonly spec?: unknown;
}

/** A workload of a kind. */
export interface TestWorkload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

const apiVersions: Readonly<Record<string, string>> = {
  PodTemplate: 'v1',
  ReplicationController: 'v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  Rollout: 'argoproj.io/v1alpha1',
  DeploymentConfig: 'apps.openshift.io/v1',
};

/** Kinds around pod templates. */
export const workloadKinds = kindsWithPods.filter((kind) => kind !== 'Pod');

/** A workload named `web` that makes pods of a template. */
export function workloadOf(kind: string, template: Template, metadata: object = {}): TestWorkload {
  const head = {
    apiVersion: apiVersions[kind] ?? 'apps/v1',
    kind,
    metadata: { name: 'web', namespace: 'shop', ...metadata },
  };
  if (kind === 'PodTemplate') return { ...head, template };
  if (kind === 'CronJob') return { ...head, spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } } };
  return { ...head, spec: { template } };
}

/** The body of a request that creates an object, or updates it where its state before is given. */
export function reviewOf(object: TestWorkload, oldObject?: unknown): string {
  const { apiVersion, kind, metadata } = object;
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'u1',
      kind: { group, version, kind },
      namespace: metadata.namespace,
      name: metadata.name,
      operation: oldObject === undefined ? 'CREATE' : 'UPDATE',
      object,
      oldObject: oldObject ?? null,
    },
  });
}

/** An entry that sends every pod to the injector. */
export const everyPod = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'every-pod' },
  webhooks: [
    {
      name: 'every.pod.example.com',
      clientConfig: { service: { name: 'outrigger', namespace: 'istio-system', path: '/inject' } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    },
  ],
};
