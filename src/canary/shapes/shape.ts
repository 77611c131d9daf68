/**
 * What shapes of pods are, and what several of them have in common. Each is a pod that the API server accepts as it stands here, unless it says otherwise, so that whatever is wrong
 * with the injected pod came with the injection.
 */

/** A pod as the API server sends it, before our own decoding. */
export interface CanaryShape {
  readonly name: string;
  readonly pod: CanaryObject;
  /** Whether such pods are rare, and may well not suit a template that suits all others. */
  readonly isOdd?: boolean;
  /**
   * Whether it is written for templates that do just what those in use do, and may be refused without them. It says something only of a
   * configuration that is to follow one which serves it.
   */
  readonly reliesOnTemplates?: boolean;
}

/** JSON of a pod, as far as canaries write it. */
export interface CanaryObject {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** JSON of an object. */
export type Json = Readonly<Record<string, unknown>>;

export const namespace = 'outrigger-canary';
export const image = 'registry.example/app:1.0';

/** What a Deployment's pod looks like at the webhook. */
export const replicaSetMetadata: Json = {
  generateName: 'web-5d8f7c9b4d-',
  namespace,
  labels: { app: 'web', version: 'v1', 'pod-template-hash': '5d8f7c9b4d' },
  ownerReferences: [
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      name: 'web-5d8f7c9b4d',
      uid: 'c0ffee00-0000-4000-8000-000000000001',
      controller: true,
    },
  ],
};

export const app: Json = {
  name: 'app',
  image,
  ports: [{ name: 'http', containerPort: 8080 }],
  resources: { requests: { cpu: '100m', memory: '64Mi' } },
};

export const service = (name: string, port: number): Json => ({
  name,
  image,
  ports: [{ name: `p-${port}`, containerPort: port }],
});

export const httpGet = (port: number | string): Json => ({ httpGet: { path: '/healthz', port } });

export const shape = (name: string, spec: Json, metadata: Json = replicaSetMetadata): CanaryShape => ({
  name,
  pod: { metadata, spec },
});

export const odd = (name: string, spec: Json, metadata?: Json): CanaryShape => ({
  ...shape(name, spec, metadata),
  isOdd: true,
});

/** A pod that the API server refuses unless templates mend it. */
export const relying = (name: string, spec: Json, metadata?: Json): CanaryShape => ({
  ...odd(name, spec, metadata),
  reliesOnTemplates: true,
});

export const owned = (kind: string, apiVersion: string, name: string): Json => ({
  generateName: `${name}-`,
  namespace,
  labels: { 'app.kubernetes.io/name': name },
  ownerReferences: [{ apiVersion, kind, name, uid: 'c0ffee00-0000-4000-8000-000000000002', controller: true }],
});

/** Longer than a label may be; its first 63 characters end with what no label may end with. */
export const longName = `${'x'.repeat(62)}-${'y'.repeat(20)}`;

/** A plain pod of a Deployment, which other canaries are variants of. */
export const plainShape: CanaryShape = shape('deployment', { containers: [app], serviceAccountName: 'web' });

/** A pod whose template is to bring everything: no other templates make sense for it. */
export const gatewayShape: CanaryShape = shape('gateway', {
  containers: [
    {
      name: 'istio-proxy',
      image: 'auto',
      ports: [
        { name: 'http2', containerPort: 80 },
        { name: 'https', containerPort: 443 },
      ],
    },
  ],
});
