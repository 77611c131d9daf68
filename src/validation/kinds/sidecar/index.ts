/** Sidecar: what the proxies of workloads listen on and can reach. */
import type { Sidecar } from '../../../protobuf/istio-types.ts';
import { defineKind } from '../../kind.ts';
import { specPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkConnectionPool } from '../../rules/connection-pools.ts';
import { checkFqdn } from '../../rules/domains.ts';
import { checkWorkloadSelector } from '../../rules/selectors.ts';
import { checkDestination } from '../virtual-service/destinations.ts';
import { checkEgress } from './egress.ts';
import { checkIngress } from './ingress.ts';

export const sidecar = defineKind({
  group: 'networking.istio.io',
  kind: 'Sidecar',
  message: 'istio.networking.v1alpha3.Sidecar',
  validate(spec, { namespace }, result) {
    if (!checkWorkloadSelector(result, specPath.at('workloadSelector'), spec.workloadSelector, 'sidecar')) return;
    if (isEmpty(spec)) {
      result.error(specPath, problem('sidecar-empty', 'sidecar: empty configuration provided'));
      return;
    }
    checkIngress(result, specPath.at('ingress'), spec.ingress);
    if (spec.inboundConnectionPool !== undefined) {
      checkConnectionPool(result, specPath.at('inboundConnectionPool'), spec.inboundConnectionPool);
    }
    checkEgress(result, specPath.at('egress'), spec.egress, namespace);
    checkOutboundTrafficPolicy(result, spec);
  },
});

function isEmpty({ egress, ingress, outboundTrafficPolicy, inboundConnectionPool }: Sidecar): boolean {
  const hasListeners = egress.length > 0 || ingress.length > 0;
  return !hasListeners && outboundTrafficPolicy === undefined && inboundConnectionPool === undefined;
}

function checkOutboundTrafficPolicy(result: Result, { outboundTrafficPolicy }: Sidecar): void {
  const proxy = outboundTrafficPolicy?.egressProxy;
  if (proxy === undefined) return;
  const path = specPath.at('outboundTrafficPolicy');
  if (outboundTrafficPolicy?.mode !== 'ALLOW_ANY') {
    const message = 'sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy mode';
    result.error(path.at('egressProxy'), problem('egress-proxy', message));
    return;
  }
  const place = path.at('egressProxy');
  result.error(place.at('host'), checkFqdn(proxy.host));
  if (proxy.port === undefined) {
    result.error(place.at('port'), problem('egress-proxy', 'sidecar: egress_proxy port must be non-nil'));
    return;
  }
  // A bad host is reported once more, as that of a destination.
  checkDestination(result, place, proxy);
}
