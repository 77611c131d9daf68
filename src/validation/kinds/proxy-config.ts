/** ProxyConfig (networking.istio.io): the resource, not the mesh-wide default. */
import { defineKind } from '../kind.ts';
import { specPath } from '../path.ts';
import { problem } from '../result.ts';
import { checkPolicySelector } from '../rules/selectors.ts';

export const proxyConfig = defineKind({
  group: 'networking.istio.io',
  kind: 'ProxyConfig',
  message: 'istio.networking.v1beta1.ProxyConfig',
  validate(spec, _metadata, result) {
    checkPolicySelector(result, specPath.at('selector'), spec.selector);
    if (spec.concurrency !== undefined && spec.concurrency.value < 0) {
      const message = 'concurrency must be greater than or equal to 0';
      result.error(specPath.at('concurrency'), problem('limit-negative', message));
    }
  },
});
