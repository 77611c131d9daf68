/** ServiceEntries with resolution DYNAMIC_DNS: wildcard hosts that proxies resolve when a request names them. */
import type { ServiceEntry } from '../../../protobuf/istio-types.ts';
import type { ObjectMetadata } from '../../kind.ts';
import { specPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { parseProtocol } from '../../rules/ports.ts';
import type { Protocol } from '../../rules/ports.ts';

/** The waypoint proxy that serves a service; empty or `none` for no waypoint. */
const waypointLabel = 'istio.io/use-waypoint';

const protocols: ReadonlySet<Protocol> = new Set(['http', 'tls', 'grpc', 'http2']);

/** Checks what resolution DYNAMIC_DNS asks for. */
export function checkDynamicDns(result: Result, spec: ServiceEntry, { labels }: ObjectMetadata): void {
  const { hosts, addresses, endpoints, ports, location } = spec;
  const add = (field: keyof ServiceEntry, message: string): void => {
    result.error(specPath.at(field), problem('dynamic-dns', message));
  };
  if (hosts.length === 0) add('hosts', 'at least one wildcard host must be provided for resolution type DYNAMIC_DNS');
  hosts.forEach((host, index) => {
    if (host.startsWith('*')) return;
    const message = 'host must be wildcarded for resolution mode DYNAMIC_DNS';
    result.error(specPath.at('hosts').at(index), problem('dynamic-dns', message));
  });
  // The missing spaces below are Istio's.
  if (addresses.length > 0) {
    add(
      'addresses',
      'addresses cannot be set for resolution type DYNAMIC_DNS. HTTP route domains will only be generatedfrom the hosts field values',
    );
  }
  if (endpoints.length > 0) {
    add(
      'endpoints',
      'endpoints cannot be set for resolution type DYNAMIC_DNS. Destination IP address determined from hostsfield values',
    );
  }
  ports.forEach(({ protocol }, index) => {
    if (protocols.has(parseProtocol(protocol))) return;
    const message = 'only HTTP, TLS, GRPC, and HTTP2 protocols are supported for resolution type DYNAMIC_DNS';
    result.error(specPath.at('ports').at(index).at('protocol'), problem('dynamic-dns', message));
  });
  if (location !== 'MESH_EXTERNAL' && location !== 'MESH_INTERNAL') {
    add('location', 'location must be MESH_EXTERNAL or MESH_INTERNAL for resolution type DYNAMIC_DNS');
  }
  const waypoint = labels[waypointLabel] ?? '';
  if (location === 'MESH_INTERNAL' && waypoint !== '' && waypoint.toLowerCase() !== 'none') {
    add('location', 'location MESH_INTERNAL with resolution type DYNAMIC_DNS is not supported when using waypoints');
  }
}
