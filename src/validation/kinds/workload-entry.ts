/** WorkloadEntry (networking.istio.io), and endpoints of a ServiceEntry, which have the same form. */
import { quote } from '../../go/quote.ts';
import type { WorkloadEntry } from '../../protobuf/istio-types.ts';
import { defineKind } from '../kind.ts';
import { specPath } from '../path.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Result } from '../result.ts';
import { isIpAddress } from '../rules/addresses.ts';
import { checkFqdn } from '../rules/domains.ts';
import { checkLabels } from '../rules/labels.ts';
import { checkPort, checkPortName } from '../rules/ports.ts';
import { checkUnixSocket, isUnixSocket } from '../rules/unix-sockets.ts';

export const workloadEntry = defineKind({
  group: 'networking.istio.io',
  kind: 'WorkloadEntry',
  message: 'istio.networking.v1alpha3.WorkloadEntry',
  validate(spec, _metadata, result) {
    checkWorkloadEntry(result, specPath, spec);
  },
});

/**
 * Checks a workload entry.
 *
 * @param servicePorts the port names of the ServiceEntry that it is a static endpoint of; then its address is no name
 */
export function checkWorkloadEntry(
  result: Result,
  path: FieldPath,
  entry: WorkloadEntry,
  servicePorts?: ReadonlySet<string>,
): void {
  const { address, network } = entry;
  if (address === '' && network === '') {
    result.error(path.at('address'), problem('address-required', 'address is required'));
    return;
  }
  checkAddress(result, path, entry, servicePorts === undefined);
  checkEndpointPorts(result, path.at('ports'), entry, servicePorts);
  checkLabels(result, path.at('labels'), entry.labels);
  if (isUnixSocket(address) && servicePorts !== undefined && servicePorts.size !== 1) {
    const message = 'exactly 1 service port required for unix endpoints';
    result.error(path.at('address'), problem('unix-socket-port', message));
  }
}

/** Checks the ports of an endpoint, against the port names of its ServiceEntry if it has one. */
export function checkEndpointPorts(
  result: Result,
  path: FieldPath,
  { ports }: WorkloadEntry,
  servicePorts?: ReadonlySet<string>,
): void {
  for (const [name, port] of Object.entries(ports)) {
    const place = path.entry(name);
    if (servicePorts?.has(name) === false) {
      const message = `endpoint port ${port} is not defined by the service entry`;
      result.error(place, problem('endpoint-port-unknown', message));
    }
    result.error(place, checkPortName(name));
    result.error(place, checkPort(port));
  }
}

function checkAddress(result: Result, path: FieldPath, entry: WorkloadEntry, allowsNames: boolean): void {
  const { address, network, ports } = entry;
  const place = path.at('address');
  if (address === '') {
    result.warn(place, problem('address-required', `address is unset with network ${quote(network)}`));
  } else if (isUnixSocket(address)) {
    result.error(place, checkUnixSocket(address));
    if (Object.keys(ports).length > 0) {
      const message = `unix endpoint ${address} must not include ports`;
      result.error(path.at('ports'), problem('unix-socket-port', message));
    }
  } else if (!isIpAddress(address) && !(allowsNames && checkFqdn(address) === undefined)) {
    const expected = allowsNames ? 'FQDN or an IP address' : 'IP address';
    const message = `endpoint address ${quote(address)} is not a valid ${expected}`;
    result.error(place, problem('endpoint-address', message));
  }
}
