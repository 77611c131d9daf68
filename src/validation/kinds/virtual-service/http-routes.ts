/** One HTTP route of a VirtualService. */
import type { HTTPRoute } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import type { Result } from '../../result.ts';
import { checkDuration } from '../../rules/durations.ts';
import { checkDirectResponse, checkRedirect, checkRetries, checkRewrite } from './actions.ts';
import { checkCorsPolicy } from './cors.ts';
import { checkRouteDestinations } from './destinations.ts';
import { checkFault } from './fault.ts';
import { checkAuthority, checkHeaderOperations } from './headers.ts';
import { checkHttpMatches } from './http-matches.ts';
import { checkMirrors } from './mirrors.ts';
import { checkRouteConflicts } from './route-conflicts.ts';

/** What the checks of a route must know of its VirtualService. */
export interface RouteContext {
  /** The VirtualService has no hosts, so another one delegates to it. */
  readonly isDelegate: boolean;
  /** Istio's Gateway API translation made it: destinations are not checked. */
  readonly hasGatewaySemantics: boolean;
}

/** Checks an HTTP route, in Istio's order. */
export function checkHttpRoute(result: Result, path: FieldPath, route: HTTPRoute, context: RouteContext): void {
  checkRouteConflicts(result, path, route, context.isDelegate);
  result.withoutWarnings(() => {
    checkHttpMatches(result, path.at('match'), route.match);
  });
  checkHeaderOperations(result, path.at('headers'), route.headers);
  if (route.corsPolicy !== undefined) checkCorsPolicy(result, path.at('corsPolicy'), route.corsPolicy);
  if (route.fault !== undefined) checkFault(result, path.at('fault'), route.fault);
  checkMirrors(result, path, route);
  if (route.redirect !== undefined) checkRedirect(result, path.at('redirect'), route.redirect);
  if (route.directResponse !== undefined) {
    checkDirectResponse(result, path.at('directResponse'), route.directResponse);
  }
  if (route.retries !== undefined) checkRetries(result, path.at('retries'), route.retries);
  if (route.rewrite !== undefined) checkRewrite(result, path.at('rewrite'), route.rewrite);
  checkAuthority(result, path, route.rewrite, route.headers);
  checkRouteDestinations(result, path.at('route'), route.route, context.hasGatewaySemantics);
  result.error(path.at('timeout'), checkDuration(route.timeout));
}
