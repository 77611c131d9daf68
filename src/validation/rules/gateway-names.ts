/** Names of gateways that a VirtualService is bound to or matches. */
import { quote } from '../../go/quote.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Result } from '../result.ts';
import { checkFqdn, isDnsLabel } from './domains.ts';

/**
 * Checks a list of gateway names. A name without a slash ends the check: Istio does not look at those that follow it.
 *
 * @param anyName with gateway route semantics (set by Istio's Gateway API translation) the name part is free
 */
export function checkGatewayNames(result: Result, path: FieldPath, names: readonly string[], anyName = false): void {
  for (const [index, gateway] of names.entries()) {
    const slash = gateway.indexOf('/');
    if (slash < 0) {
      checkPlainName(result, path.at(index), gateway);
      return;
    }
    checkNamespacedName(result, path.at(index), gateway.slice(0, slash), gateway.slice(slash + 1), anyName);
  }
}

function checkPlainName(result: Result, path: FieldPath, gateway: string): void {
  const [name, namespace] = gateway.split('.');
  if (namespace !== undefined) {
    const preferred = quote(`${namespace}/${name}`);
    const message = `using legacy gatewayName format ${quote(gateway)}; prefer the <namespace>/<name> format: ${preferred}`;
    result.warn(path, problem('gateway-name-legacy', message));
  }
  result.error(path, checkFqdn(gateway));
}

function checkNamespacedName(result: Result, path: FieldPath, namespace: string, name: string, anyName: boolean): void {
  if (namespace === '' || name === '') {
    result.error(path, problem('gateway-name', 'config namespace and gateway name cannot be empty'));
  }
  if (!isDnsLabel(namespace)) {
    result.error(path, problem('gateway-name', `invalid value for namespace: ${quote(namespace)}`));
  }
  if (!anyName && !isDnsLabel(name)) {
    result.error(path, problem('gateway-name', `invalid value for gateway name: ${quote(name)}`));
  }
}
