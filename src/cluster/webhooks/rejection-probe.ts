import { ApiError, isConflict, type ApiClient, type KubernetesObject } from '../client.ts';
import { alwaysReject } from '../../validation/metadata.ts';
import { revisionLabel } from './configuration.ts';

/** Whether invalid configuration is refused by the API server, that is by us through its webhook. */
export type ProbeVerdict =
  { readonly ready: true; readonly warning?: string } | { readonly ready: false; readonly reason: string };

/**
 * Offers the API server an object that the webhook refuses always, as a dry run: only when it is refused may `failurePolicy` become
 * `Fail`. As Istio's webhook configuration controller does it.
 */
export async function probeRejection(client: ApiClient, namespace: string, revision: string): Promise<ProbeVerdict> {
  const resource = { group: 'networking.istio.io', version: 'v1', resource: 'gateways', namespace };
  const gateway = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: {
      name: 'invalid-gateway',
      namespace,
      labels: { [revisionLabel]: revision },
      annotations: { [alwaysReject]: 'true' },
    },
    spec: {},
  };
  try {
    await client.create(resource, gateway, { dryRun: true }).catch(async (error: unknown) => {
      if (!isConflict(error)) throw error;
      const { metadata } = await client.get<KubernetesObject>(resource, gateway.metadata.name);
      const { resourceVersion } = metadata;
      await client.update(
        resource,
        { ...gateway, metadata: { ...gateway.metadata, resourceVersion } },
        { dryRun: true },
      );
    });
    return { ready: false, reason: 'dummy invalid config not rejected' };
  } catch (error) {
    return verdictOf(error);
  }
}

/** What an error of the API server says about it. */
export function verdictOf(error: unknown): ProbeVerdict {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('denied the request')) return { ready: true };
  // A path that the API server does not have; the object in it would have a reason. client-go has this text for it.
  const isUnknown = error instanceof ApiError && error.status === 404 && error.reason === '';
  if (isUnknown || message.includes('the server could not find the requested resource')) {
    return { ready: true, warning: 'the custom resources of Istio are not installed, so failurePolicy is set unseen' };
  }
  if (message.includes('does not support dry run')) {
    return { ready: true, warning: `another webhook cannot be tried: ${message}` };
  }
  return { ready: false, reason: `dummy invalid rejected for the wrong reason: ${message}` };
}
