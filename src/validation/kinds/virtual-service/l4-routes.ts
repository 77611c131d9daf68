/** TLS and TCP routes of a VirtualService. */
import { quote } from '../../../go/quote.ts';
import type {
  L4MatchAttributes,
  TCPRoute,
  TLSMatchAttributes,
  TLSRoute,
  VirtualService,
} from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkSubnet, isIpAddress } from '../../rules/addresses.ts';
import { checkGatewayBoundDomain, checkWildcardDomain } from '../../rules/domains.ts';
import { checkGatewayNames } from '../../rules/gateway-names.ts';
import { checkLabels } from '../../rules/labels.ts';
import { HostIndex } from '../../rules/name-matching.ts';
import { checkPort } from '../../rules/ports.ts';
import { checkRouteDestinations } from './destinations.ts';

/** Checks the TLS routes. */
export function checkTlsRoutes(result: Result, path: FieldPath, spec: VirtualService, anyHost: boolean): void {
  if (spec.tls.length === 0) return;
  const context: TlsContext = {
    hosts: new HostIndex(spec.hosts),
    hostList: spec.hosts.join(', '),
    includesMesh: spec.gateways.includes('mesh'),
    anyHost,
  };
  spec.tls.forEach((route, index) => {
    checkTlsRoute(result, path.at(index), route, context);
  });
}

interface TlsContext {
  readonly hosts: HostIndex;
  /** The hosts as the texts show them, joined once: there may be thousands, for thousands of errors. */
  readonly hostList: string;
  readonly includesMesh: boolean;
  readonly anyHost: boolean;
}

function checkTlsRoute(result: Result, path: FieldPath, route: TLSRoute, context: TlsContext): void {
  if (route.match.length === 0) {
    const message = 'TLS route must have at least one match condition';
    result.error(path.at('match'), problem('match-required', message));
  }
  route.match.forEach((match, index) => {
    const place = path.at('match').at(index);
    if (match.sniHosts.length === 0) {
      const message = 'TLS match must have at least one SNI host';
      result.error(place.at('sniHosts'), problem('sni-host-required', message));
    }
    match.sniHosts.forEach((host, position) => {
      checkSniHost(result, place.at('sniHosts').at(position), host, context);
    });
    checkMatch(result, place, match);
  });
  if (route.route.length === 0) {
    result.error(path.at('route'), problem('route-required', 'TLS route is required'));
  }
  checkRouteDestinations(result, path.at('route'), route.route, context.anyHost);
}

function checkSniHost(result: Result, path: FieldPath, host: string, context: TlsContext): void {
  const invalid = context.includesMesh ? checkWildcardDomain(host) : checkGatewayBoundDomain(host, true);
  if (invalid !== undefined) {
    const message = `using an IP address (${quote(host)}) goes against SNI spec and most clients do not support this`;
    if (isIpAddress(host)) result.warn(path, problem('sni-host-address', message));
    else result.error(path, invalid);
    return;
  }
  if (context.hosts.coversAll(host)) return;
  const message = `SNI host ${quote(host)} is not a compatible subset of any of the virtual service hosts: [${context.hostList}]`;
  result.error(path, problem('sni-host-not-covered', message));
}

/** Checks a TCP route. Warnings do not come out of here: Istio keeps only errors of these checks. */
export function checkTcpRoute(result: Result, path: FieldPath, route: TCPRoute, anyHost: boolean): void {
  result.withoutWarnings(() => {
    route.match.forEach((match, index) => {
      checkMatch(result, path.at('match').at(index), match);
    });
    if (route.route.length === 0) {
      result.error(path.at('route'), problem('route-required', 'TCP route is required'));
    }
    checkRouteDestinations(result, path.at('route'), route.route, anyHost);
  });
}

function checkMatch(result: Result, path: FieldPath, match: TLSMatchAttributes | L4MatchAttributes): void {
  match.destinationSubnets.forEach((subnet, index) => {
    result.error(path.at('destinationSubnets').at(index), checkSubnet(subnet));
  });
  if (match.port !== 0) result.error(path.at('port'), checkPort(match.port));
  checkLabels(result, path.at('sourceLabels'), match.sourceLabels);
  checkGatewayNames(result, path.at('gateways'), match.gateways);
}
