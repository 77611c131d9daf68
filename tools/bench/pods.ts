import { markers } from './stream.ts';

/** As much of a pod's review as is changed here. */
interface Review {
  readonly request: {
    uid: string;
    readonly object: {
      readonly metadata: { annotations?: Record<string, string>; managedFields?: object[] };
      readonly spec: { readonly containers: { env?: { name: string; value: string }[] }[] };
    };
  };
}

const serviceAccountVolume = /kube-api-access-[a-z0-9]{5}/g;

/** The review of a pod as the API server sends it for each replica: another uid, and another name of the token's volume. */
export function replicaPod(text: string): string {
  const review = JSON.parse(text) as Review;
  review.request.uid = `00000000-0000-4000-8000-${markers.uid}`;
  return JSON.stringify(review).replaceAll(serviceAccountVolume, `kube-api-access-${markers.name}`);
}

/** A replica with the time that its field manager notes, too, in the order in which API servers write the request. */
export function replicaPodWithTime(text: string): string {
  const review = JSON.parse(replicaPod(text)) as Review;
  const { uid, ...rest } = review.request;
  rest.object.metadata.managedFields = [
    { manager: 'kube-controller-manager', operation: 'Update', apiVersion: 'v1', time: markers.time },
  ];
  return JSON.stringify({ ...review, request: { uid, ...rest } });
}

/** A replica with an annotation whose value the template reads and that no other pod has. */
export function distinctPod(text: string): string {
  const review = JSON.parse(replicaPod(text)) as Review;
  const { metadata } = review.request.object;
  metadata.annotations = { ...metadata.annotations, 'sidecar.istio.io/proxyCPU': `${markers.number}m` };
  return JSON.stringify(review);
}

/** The review of a resource with a name that no other resource has. */
export function distinctResource(text: string): string {
  const review = JSON.parse(text) as { request: { name?: string; object: { metadata: { name?: string } } } };
  const name = `resource-${markers.number}`;
  review.request.name = name;
  review.request.object.metadata.name = name;
  return JSON.stringify(review);
}

/** The review of a pod with that many environment variables in its first container. */
export function podWithVariables(text: string, count: number, valueLength = 12): string {
  const review = JSON.parse(text) as Review;
  const first = review.request.object.spec.containers[0];
  if (first === undefined) throw new Error('a pod without containers');
  first.env = Array.from({ length: count }, (_, index) => ({
    name: `VARIABLE_${index}`,
    value: `value ${index} `.padEnd(valueLength, 'x'),
  }));
  return JSON.stringify(review);
}

/** Length of the values in a pod of many bytes. */
const longValue = 200;

/** The review of a pod of about that many bytes, made of environment variables of a quarter of a kilobyte. */
export function podOfBytes(text: string, bytes: number): string {
  const perVariable = JSON.stringify({ name: 'VARIABLE_10000', value: ''.padEnd(longValue) }).length + 1;
  return podWithVariables(text, Math.floor((bytes - text.length) / perVariable), longValue);
}
