import type { AdmissionRequest } from '../admission/index.ts';
import { decodePod, type Pod } from '../kubernetes/index.ts';

/**
 * The pod of a request as the injector sees it: without the bookkeeping of field managers, and in its namespace.
 * @throws {DecodeError} with Go's message when the object is no pod
 */
export function requestedPod({ object, namespace }: Pick<AdmissionRequest, 'object' | 'namespace'>): Pod {
  const pod = decodePod(object);
  const { managedFields, ...metadata } = pod.metadata;
  const lacksNamespace = metadata.namespace === undefined && namespace !== '';
  if (managedFields === undefined && !lacksNamespace) return pod;
  return { ...pod, metadata: lacksNamespace ? { ...metadata, namespace } : metadata };
}
