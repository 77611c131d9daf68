/** Whether a match can find the class of objects that a patch applies to. */
import type {
  EnvoyFilter_ApplyTo,
  EnvoyFilter_EnvoyConfigObjectMatch,
  EnvoyFilter_ListenerMatch_FilterMatch,
} from '../../../protobuf/istio-types.ts';
import { quote } from '../../../go/quote.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { newFilterName } from './deprecated-filter-names.ts';

type ObjectMatch = 'listener' | 'routeConfiguration' | 'cluster' | 'waypoint';

const objectMatches: readonly ObjectMatch[] = ['listener', 'routeConfiguration', 'cluster', 'waypoint'];

/** The object match that each class takes, and how the text about another one names the two. Others take any. */
const classes: ReadonlyMap<EnvoyFilter_ApplyTo, readonly [ObjectMatch, string, string]> = new Map([
  ['LISTENER', ['listener', 'listener', 'listener']],
  ['FILTER_CHAIN', ['listener', 'listener', 'listener']],
  ['NETWORK_FILTER', ['listener', 'listener', 'listener']],
  ['HTTP_FILTER', ['listener', 'listener', 'listener']],
  ['ROUTE_CONFIGURATION', ['routeConfiguration', 'http route', 'route configuration']],
  ['VIRTUAL_HOST', ['routeConfiguration', 'http route', 'route configuration']],
  ['HTTP_ROUTE', ['routeConfiguration', 'http route', 'route configuration']],
  ['CLUSTER', ['cluster', 'cluster', 'cluster']],
]);

const connectionManagers: ReadonlySet<string> = new Set([
  'envoy.filters.network.http_connection_manager',
  'envoy.http_connection_manager',
]);

/** Checks the object match of a patch. Returns whether the checks of the patch go on. */
export function checkMatchClass(
  result: Result,
  path: FieldPath,
  match: EnvoyFilter_EnvoyConfigObjectMatch,
  applyTo: EnvoyFilter_ApplyTo,
): boolean {
  const [wanted, objects, matchName] = classes.get(applyTo) ?? [];
  const given = objectMatches.find((field) => match[field] !== undefined);
  if (wanted === undefined || given === undefined) return true;
  if (given !== wanted) {
    const message = `Envoy filter: applyTo for ${objects} class objects cannot have non ${matchName} match`;
    result.error(path.at(given), problem('match-class', message));
    return wanted !== 'listener';
  }
  const filter = match.listener?.filterChain?.filter;
  if (wanted !== 'listener' || filter === undefined) return true;
  return checkFilterMatch(result, path.at('listener').at('filterChain').at('filter'), filter, applyTo);
}

function checkFilterMatch(
  result: Result,
  path: FieldPath,
  { name, subFilter }: EnvoyFilter_ListenerMatch_FilterMatch,
  applyTo: EnvoyFilter_ApplyTo,
): boolean {
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN') {
    const message = `Envoy filter: filter match has no effect when used with ${applyTo}`;
    result.warn(path, problem('filter-match-ignored', message));
  }
  const fail = (place: FieldPath, text: string): false => {
    result.error(place, problem('filter-match', `Envoy filter: ${text}`));
    return false;
  };
  if (name === '') return fail(path.at('name'), 'filter match has no name to match on');
  if (subFilter !== undefined) {
    const place = path.at('subFilter');
    if (applyTo !== 'HTTP_FILTER') return fail(place, 'subfilter match can be used with applyTo HTTP_FILTER only');
    if (!connectionManagers.has(name)) {
      const message = 'subfilter match requires filter match with envoy.filters.network.http_connection_manager';
      return fail(path.at('name'), message);
    }
    if (subFilter.name === '') return fail(place.at('name'), 'subfilter match has no name to match on');
  }
  warnOfDeprecatedName(result, path.at('name'), name);
  if (subFilter !== undefined) warnOfDeprecatedName(result, path.at('subFilter').at('name'), subFilter.name);
  return true;
}

function warnOfDeprecatedName(result: Result, path: FieldPath, name: string): void {
  const current = newFilterName(name);
  if (current === undefined) return;
  const message = `using deprecated filter name ${quote(name)}; use ${quote(current)} instead`;
  result.warn(path, problem('filter-name-deprecated', message));
}
