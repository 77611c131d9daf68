/** Service ports, by whose names or appProtocol Istio selects the protocol. */
import { quote } from '../../go/quote.ts';
import { FieldPath } from '../path.ts';
import type { FieldPath as Path } from '../path.ts';
import { problem } from '../result.ts';
import type { Problem } from '../result.ts';
import { parseProtocol } from '../rules/ports.ts';
import { member, textAt } from './resource.ts';
import type { Finding, Resource } from './resource.ts';

const selectionPage = 'https://istio.io/v1.30/docs/ops/configuration/traffic-management/protocol-selection/';
const requirementsPage = 'https://istio.io/v1.30/docs/ops/deployment/requirements/';

/** Checks the ports of a Service at `root`; those of UDP are not Istio's. */
export function checkServicePorts(service: Resource, root: Path | undefined): Finding[] {
  const ports = member(member(service, 'spec'), 'ports');
  if (!Array.isArray(ports)) return [];
  const subject = quote(`${textAt(service, 'metadata', 'name')}/${textAt(service, 'metadata', 'namespace')}/:`);
  const path = (root?.at('spec') ?? FieldPath.root('spec')).at('ports');
  return ports.flatMap((port: unknown, index): Finding[] => {
    const found = checkPort(port, subject);
    return found === undefined ? [] : [{ severity: 'error', path: path.at(index), ...found }];
  });
}

function checkPort(port: unknown, subject: string): Problem | undefined {
  if (textAt(port, 'protocol').toLowerCase() === 'udp') return undefined;
  const appProtocol = member(port, 'appProtocol') ?? undefined;
  if (appProtocol !== undefined) {
    if (parseProtocol(String(appProtocol)) !== 'unsupported') return undefined;
    const message = `service ${subject} doesn't follow Istio protocol selection. This is not recommended, See ${selectionPage}`;
    return problem('service-app-protocol', message);
  }
  const name = member(port, 'name') ?? undefined;
  if (name === undefined) {
    const message = `service ${subject} has an unnamed port. This is not recommended, See ${requirementsPage}`;
    return problem('service-port-unnamed', message);
  }
  const text = String(name);
  if (parseProtocol(text.split('-', 1)[0] ?? '') !== 'unsupported') return undefined;
  const message = `service ${subject} port ${quote(text)} does not follow the Istio naming convention. See ${requirementsPage}`;
  return problem('service-port-name', message);
}
