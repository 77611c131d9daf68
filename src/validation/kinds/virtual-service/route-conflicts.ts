/** Which parts of an HTTP route exclude each other. */
import type { HTTPRoute } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';

/**
 * Checks what a route may hold together. A VirtualService without hosts is a delegate; a route that names a delegate is
 * a root route and leaves the rest to it.
 */
export function checkRouteConflicts(result: Result, path: FieldPath, route: HTTPRoute, inDelegate: boolean): void {
  if (!inDelegate && route.delegate !== undefined) {
    checkRootRoute(result, path, route);
    return;
  }
  if (inDelegate && route.delegate !== undefined) {
    conflict(result, path.at('delegate'), 'delegate HTTP route cannot contain delegate');
  }
  checkActions(result, path, route);
  if (route.mirror !== undefined && route.mirrors.length > 0) {
    conflict(result, path.at('mirrors'), 'HTTP route cannot contain both mirror and mirrors');
  }
}

function checkRootRoute(result: Result, path: FieldPath, route: HTTPRoute): void {
  if (route.redirect !== undefined) {
    conflict(result, path.at('redirect'), `root HTTP route ${route.name} must not specify redirect`);
  }
  if (route.route.length > 0) {
    conflict(result, path.at('route'), `root HTTP route ${route.name} must not specify route`);
  }
}

function checkActions(result: Result, path: FieldPath, route: HTTPRoute): void {
  const { redirect, directResponse, fault, rewrite } = route;
  const hasRoute = route.route.length > 0;
  if (redirect !== undefined) {
    const place = path.at('redirect');
    if (hasRoute) conflict(result, place, 'HTTP route cannot contain both route and redirect');
    if (fault !== undefined) conflict(result, place, 'HTTP route cannot contain both fault and redirect');
    if (rewrite !== undefined) conflict(result, place, 'HTTP route rule cannot contain both rewrite and redirect');
    if (directResponse !== undefined) {
      conflict(result, place, 'HTTP route rule cannot contain both direct_response and redirect');
    }
  } else if (directResponse !== undefined) {
    const place = path.at('directResponse');
    if (hasRoute) conflict(result, place, 'HTTP route cannot contain both route and direct_response');
    if (fault !== undefined) conflict(result, place, 'HTTP route cannot contain both fault and direct_response');
    if (rewrite !== undefined) {
      conflict(result, place, 'HTTP route rule cannot contain both rewrite and direct_response');
    }
  } else if (!hasRoute) {
    result.error(path.at('route'), problem('route-required', 'HTTP route, redirect or direct_response is required'));
  }
}

function conflict(result: Result, path: FieldPath, message: string): void {
  result.error(path, problem('route-conflict', message));
}
