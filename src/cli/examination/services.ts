/** Services, what is behind them, and what they serve. */
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { isNotFound, type ApiClient, type KubernetesObject } from '../../cluster/client.ts';
import type { ServedFacts, ServiceFacts, ServiceReference } from '../../doctor/index.ts';
import { recordsIn } from '../../yaml/index.ts';
import { fieldsOf, listAll, textOf } from './objects.ts';

/** How long a webhook may take to begin a TLS connection, in milliseconds. */
const connectTimeout = 3_000;

/** Where a service can be called. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A service, and where it can be called if anywhere. */
export interface ExaminedService extends ServiceFacts {
  readonly address?: Omit<Address, 'port'>;
}

export async function readService(client: ApiClient, { namespace, name }: ServiceReference): Promise<ExaminedService> {
  const resource = { group: '', version: 'v1', resource: 'services', namespace };
  let service: KubernetesObject;
  try {
    service = await client.get(resource, name);
  } catch (error) {
    if (isNotFound(error)) return { namespace, name, exists: false };
    throw error;
  }
  const { type, externalName, clusterIP } = fieldsOf(fieldsOf(service)['spec']);
  if (type === 'ExternalName') return { namespace, name, exists: true, address: { host: textOf(externalName) } };
  const readyEndpoints = await countEndpoints(client, namespace, name);
  const host = textOf(clusterIP);
  return { namespace, name, exists: true, readyEndpoints, address: isIP(host) === 0 ? undefined : { host } };
}

async function countEndpoints(client: ApiClient, namespace: string, service: string): Promise<number> {
  const slices = await listAll(
    client,
    { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices', namespace },
    { labelSelector: `kubernetes.io/service-name=${service}` },
  );
  const addresses = slices.flatMap((slice) =>
    recordsIn(fieldsOf(slice)['endpoints'])
      // Absent counts as ready, as for every reader of the API.
      .filter(({ conditions }) => fieldsOf(conditions)['ready'] !== false)
      .flatMap(({ addresses: list }) => (Array.isArray(list) ? list.map(String) : [])),
  );
  return new Set(addresses).size;
}

/** Connects as the API server does: trusting the caBundle alone, asking for the service's name. */
export function examineServed(service: ServiceReference, caBundle: string, address: Address): Promise<ServedFacts> {
  const servername = `${service.namespace === '' ? service.name : `${service.name}.${service.namespace}`}.svc`;
  return new Promise((resolve) => {
    const ca = Buffer.from(caBundle, 'base64').toString('utf8');
    const socket = connect({ ...address, servername, ca: ca === '' ? [] : ca, rejectUnauthorized: false });
    const done = (facts: Partial<ServedFacts>): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ service, caBundle, ...facts });
    };
    const timer = setTimeout(() => {
      done({ unreachable: `no answer from ${address.host}:${address.port} in ${connectTimeout / 1000} s` });
    }, connectTimeout);
    socket.once('error', (error) => {
      done({ unreachable: error.message });
    });
    socket.once('secureConnect', () => {
      const { valid_to: validTo } = socket.getPeerCertificate();
      const reason: unknown = socket.authorizationError;
      const distrust = socket.authorized ? undefined : reason instanceof Error ? reason.message : String(reason);
      done({ notAfter: new Date(validTo), distrust });
    });
  });
}
