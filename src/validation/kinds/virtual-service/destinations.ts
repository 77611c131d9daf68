/** Where routes send traffic to. */
import type { Destination, HTTPRouteDestination, RouteDestination } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkWildcardDomain, isDnsLabel } from '../../rules/domains.ts';
import { checkWeight } from '../../rules/percentages.ts';
import { checkPort } from '../../rules/ports.ts';
import { checkHeaderOperations } from './headers.ts';

/** Checks one destination. */
export function checkDestination(result: Result, path: FieldPath, destination: Destination): void {
  const { host, subset, port } = destination;
  if (host === '*') {
    result.error(path.at('host'), problem('destination-host', 'invalid destination host *'));
  } else {
    result.error(path.at('host'), checkWildcardDomain(host));
  }
  if (subset !== '' && !isDnsLabel(subset)) {
    result.error(path.at('subset'), problem('subset-name', `subset name is invalid: ${subset}`));
  }
  if (port !== undefined) result.error(path.at('port').at('number'), checkPort(port.number));
}

/**
 * Checks the weighted destinations of a route; those of HTTP routes may change headers.
 *
 * @param anyHost with gateway route semantics (set by Istio's Gateway API translation) destinations are not checked
 */
export function checkRouteDestinations(
  result: Result,
  path: FieldPath,
  destinations: readonly (HTTPRouteDestination | RouteDestination)[],
  anyHost: boolean,
): void {
  let totalWeight = 0;
  destinations.forEach((entry, index) => {
    const place = path.at(index);
    if (entry.destination === undefined) {
      result.listError(place.at('destination'), problem('destination-required', 'destination is required'));
    }
    if ('headers' in entry) checkHeaderOperations(result, place.at('headers'), entry.headers);
    if (entry.destination !== undefined && !anyHost) {
      checkDestination(result, place.at('destination'), entry.destination);
    }
    result.error(place.at('weight'), checkWeight(entry.weight));
    totalWeight += entry.weight;
  });
  if (destinations.length > 1 && totalWeight === 0) {
    result.error(path, problem('total-weight', 'total destination weight = 0'));
  }
}
