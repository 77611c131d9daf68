/** VirtualService (networking.istio.io). */
import { defineKind } from '../../kind.ts';
import type { VirtualService } from '../../../protobuf/istio-types.ts';
import { specPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { isIpAddress } from '../../rules/addresses.ts';
import { checkGatewayBoundDomain, checkWildcardDomain } from '../../rules/domains.ts';
import { checkExportTo } from '../../rules/export-to.ts';
import { checkGatewayNames } from '../../rules/gateway-names.ts';
import { isJwtClaimRoute } from '../../rules/jwt-claims.ts';
import { HostIndex } from '../../rules/name-matching.ts';
import { checkHttpRoute } from './http-routes.ts';
import { checkTcpRoute, checkTlsRoutes } from './l4-routes.ts';
import { warnOfUnusedRules } from './unused-matches.ts';

/** Set to `gateway` by Istio's Gateway API translation on the objects that it makes. */
const routeSemantics = 'internal.istio.io/route-semantics';
/** The gateway name that stands for all sidecars. */
const mesh = 'mesh';

export const virtualService = defineKind({
  group: 'networking.istio.io',
  kind: 'VirtualService',
  message: 'istio.networking.v1alpha3.VirtualService',
  validate(spec, metadata, result) {
    const isDelegate = spec.hosts.length === 0;
    const hasGatewaySemantics = metadata.annotations[routeSemantics] === 'gateway';
    if (isDelegate) checkDelegate(result, spec);
    checkGatewayNames(result, specPath.at('gateways'), spec.gateways, hasGatewaySemantics);
    checkBinding(result, spec);
    checkRoutes(result, spec, { isDelegate, hasGatewaySemantics });
    checkExportTo(result, specPath.at('exportTo'), spec.exportTo, metadata.namespace);
    warnOfUnusedRules(result, spec);
  },
});

function checkDelegate(result: Result, spec: VirtualService): void {
  const forbidden = [
    ['gateways', 'gateways'],
    ['tls', 'tls route'],
    ['tcp', 'tcp route'],
  ] as const;
  for (const [field, name] of forbidden) {
    if (spec[field].length === 0) continue;
    const message = `delegate virtual service must have no ${name} specified`;
    result.error(specPath.at(field), problem('delegate-conflict', message));
  }
}

/** Checks what depends on whether sidecars or only gateways serve the VirtualService. */
function checkBinding(result: Result, spec: VirtualService): void {
  const onlyGateways = spec.gateways.length > 0 && !spec.gateways.includes(mesh);
  if (!onlyGateways) checkClaimRoutes(result, spec);

  const path = specPath.at('hosts');
  const matchesSni = spec.tls.some((route) => route.match.some((match) => match.sniHosts.length > 0));
  let failed = false;
  spec.hosts.forEach((host, index) => {
    const invalid = onlyGateways ? checkGatewayBoundDomain(host, matchesSni) : checkWildcardDomain(host);
    if (invalid !== undefined) {
      if (isIpAddress(host)) return;
      result.error(path.at(index), invalid);
      failed = true;
    } else if (host === '*' && !onlyGateways) {
      const message = 'wildcard host * is not allowed for virtual services bound to the mesh gateway';
      result.error(path.at(index), problem('mesh-wildcard-host', message));
      failed = true;
    }
  });
  if (!failed && spec.hosts.length > 1) checkDuplicateHosts(result, spec.hosts);
}

function checkClaimRoutes(result: Result, spec: VirtualService): void {
  spec.http.forEach((route, index) => {
    route.match.forEach((match, position) => {
      for (const field of ['headers', 'withoutHeaders'] as const) {
        for (const key of Object.keys(match[field])) {
          if (!isJwtClaimRoute(key)) continue;
          const gateways = `[${spec.gateways.join(' ')}]`;
          const message = `JWT claim based routing (key: ${key}) is only supported for gateway, found no gateways: ${gateways}`;
          const path = specPath.at('http').at(index).at('match').at(position).at(field).entry(key);
          result.error(path, problem('claim-route-in-mesh', message));
        }
      }
    });
  });
}

function checkDuplicateHosts(result: Result, hosts: readonly string[]): void {
  for (const [first, second] of new HostIndex(hosts).overlaps()) {
    const message = `duplicate hosts in virtual service: ${hosts[first]} & ${hosts[second]}`;
    result.error(specPath.at('hosts').at(second), problem('host-duplicate', message));
  }
}

function checkRoutes(
  result: Result,
  spec: VirtualService,
  context: { readonly isDelegate: boolean; readonly hasGatewaySemantics: boolean },
): void {
  const { http, tls, tcp } = spec;
  if (http.length === 0 && tls.length === 0 && tcp.length === 0) {
    const message = 'http, tcp or tls must be provided in virtual service';
    result.error(specPath, problem('route-required', message));
  }
  http.forEach((route, index) => {
    checkHttpRoute(result, specPath.at('http').at(index), route, context);
  });
  checkTlsRoutes(result, specPath.at('tls'), spec, context.hasGatewaySemantics);
  tcp.forEach((route, index) => {
    checkTcpRoute(result, specPath.at('tcp').at(index), route, context.hasGatewaySemantics);
  });
}
