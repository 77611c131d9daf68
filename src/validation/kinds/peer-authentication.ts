/** PeerAuthentication: mutual TLS of the mesh, a namespace or workloads. */
import { defineKind } from '../kind.ts';
import { specPath } from '../path.ts';
import { problem } from '../result.ts';
import { checkPolicySelector } from '../rules/selectors.ts';

export const peerAuthentication = defineKind({
  group: 'security.istio.io',
  kind: 'PeerAuthentication',
  message: 'istio.security.v1beta1.PeerAuthentication',
  validate(spec, _metadata, result) {
    const portLevel = specPath.at('portLevelMtls');
    const ports = Object.keys(spec.portLevelMtls);
    if (ports.length > 0 && Object.keys(spec.selector?.matchLabels ?? {}).length === 0) {
      const message = 'mesh/namespace peer authentication cannot have port level mTLS';
      result.error(portLevel, problem('port-level-mtls-selector', message));
    }
    // An empty map differs from none: the message owns the field only when the object names it.
    if (ports.length === 0 && Object.hasOwn(spec, 'portLevelMtls')) {
      const message = 'port level mTLS, if defined, must have at least one element';
      result.error(portLevel, problem('port-level-mtls-empty', message));
    }
    for (const port of ports) {
      if (Number(port) >= 1 && Number(port) <= 65535) continue;
      result.error(portLevel.entry(port), problem('port-range', 'port must be in range 1..65535'));
    }
    checkPolicySelector(result, specPath.at('selector'), spec.selector);
  },
});
