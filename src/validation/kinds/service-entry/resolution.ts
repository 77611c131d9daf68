/** What each way of resolving the hosts of a ServiceEntry asks of the rest of it. */
import { quote } from '../../../go/quote.ts';
import type { ServiceEntry } from '../../../protobuf/istio-types.ts';
import type { ObjectMetadata } from '../../kind.ts';
import { specPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { isIpAddress } from '../../rules/addresses.ts';
import { checkFqdn } from '../../rules/domains.ts';
import { checkLabels } from '../../rules/labels.ts';
import { isTcp, parseProtocol } from '../../rules/ports.ts';
import { checkEndpointPorts, checkWorkloadEntry } from '../workload-entry.ts';
import { checkDynamicDns } from './dynamic-dns.ts';

/** Checks the part of a ServiceEntry that depends on its resolution. */
export function checkResolution(result: Result, spec: ServiceEntry, metadata: ObjectMetadata): void {
  switch (spec.resolution) {
    case 'NONE':
      checkNone(result, spec);
      break;
    case 'STATIC':
      checkStatic(result, spec);
      break;
    case 'DNS':
    case 'DNS_ROUND_ROBIN':
      checkDns(result, spec);
      break;
    case 'DYNAMIC_DNS':
      checkDynamicDns(result, spec, metadata);
      break;
    default:
      // Go looks up the name of the number and finds none.
      result.error(specPath.at('resolution'), problem('resolution', 'unsupported resolution type '));
  }
}

const portNames = ({ ports }: ServiceEntry): ReadonlySet<string> => new Set(ports.map((port) => port.name));

function checkNone(result: Result, spec: ServiceEntry): void {
  if (spec.endpoints.length > 0) {
    const message = 'no endpoints should be provided for resolution type none';
    result.error(specPath.at('endpoints'), problem('endpoints-conflict', message));
  }
  if (spec.workloadSelector !== undefined) {
    const message = 'workloadSelector should not be set when resolution mode is NONE';
    result.warn(specPath.at('workloadSelector'), problem('endpoints-conflict', message));
  }
}

function checkStatic(result: Result, spec: ServiceEntry): void {
  const servicePorts = portNames(spec);
  spec.endpoints.forEach((endpoint, index) => {
    checkWorkloadEntry(result, specPath.at('endpoints').at(index), endpoint, servicePorts);
  });
}

function checkDns(result: Result, spec: ServiceEntry): void {
  const { hosts, endpoints, addresses, ports, resolution } = spec;
  if (endpoints.length === 0) checkResolvableHosts(result, spec);
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) {
    const message = 'there must only be 0 or 1 endpoint for resolution mode DNS_ROUND_ROBIN';
    result.error(specPath.at('endpoints'), problem('endpoints-conflict', message));
  }
  const servicePorts = portNames(spec);
  endpoints.forEach((endpoint, index) => {
    const path = specPath.at('endpoints').at(index);
    if (!isIpAddress(endpoint.address) && checkFqdn(endpoint.address) !== undefined) {
      const message = `endpoint address ${quote(endpoint.address)} is not a valid FQDN or an IP address`;
      result.error(path.at('address'), problem('endpoint-address', message));
    }
    checkLabels(result, path.at('labels'), endpoint.labels);
    checkEndpointPorts(result, path.at('ports'), endpoint, servicePorts);
  });
  const hasTcpPort = ports.some((port) => isTcp(parseProtocol(port.protocol)));
  if (addresses.length > 0 && hasTcpPort && hosts.length > 1) {
    const message = 'service entry can not have more than one host specified simultaneously with address and tcp port';
    result.warn(specPath.at('hosts'), problem('hosts-protocol', message));
  }
}

function checkResolvableHosts(result: Result, { hosts, resolution }: ServiceEntry): void {
  for (const [index, host] of hosts.entries()) {
    const invalid = checkFqdn(host);
    if (invalid === undefined) continue;
    const message = `hosts must be FQDN or contain only prefix wildcards if no endpoints are provided for resolution mode ${resolution}, ${invalid.message}`;
    result.error(specPath.at('hosts').at(index), problem('host-not-resolvable', message));
    return;
  }
}
