/** Host entries `namespace/dnsName` of Gateway servers and Sidecar egress listeners. */
import { quote } from '../../go/quote.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Result } from '../result.ts';
import { isIpAddress } from './addresses.ts';
import { checkPartialWildcard, checkWildcardDomain, isDnsLabel } from './domains.ts';

/** Checks a host of a Gateway server; with gateway semantics (set by Istio's Gateway API translation) `~/` is fine too. */
export function checkGatewayHost(result: Result, path: FieldPath, host: string, gatewaySemantics: boolean): void {
  const slash = host.indexOf('/');
  if (slash < 0) {
    checkHostPart(result, path, host, 'gateway');
    return;
  }
  const namespace = host.slice(0, slash);
  const special = namespace === '*' || namespace === '.' || (gatewaySemantics && namespace === '~');
  checkNamespacedHost(result, path, host, 'gateway', special);
}

/** Checks a host of a Sidecar egress listener, where the namespace is required. */
export function checkSidecarHost(result: Result, path: FieldPath, host: string): void {
  const slash = host.indexOf('/');
  if (slash < 0) {
    result.error(path, problem('namespaced-host-form', 'host must be of form namespace/dnsName'));
    return;
  }
  const namespace = host.slice(0, slash);
  checkNamespacedHost(result, path, host, 'sidecar', namespace === '*' || namespace === '.' || namespace === '~');
}

type Owner = 'gateway' | 'sidecar';

function checkNamespacedHost(result: Result, path: FieldPath, entry: string, owner: Owner, special: boolean): void {
  const slash = entry.indexOf('/');
  const namespace = entry.slice(0, slash);
  const host = entry.slice(slash + 1);
  if (namespace === '' || host === '') {
    const message = 'config namespace and dnsName in host entry cannot be empty';
    result.error(path, problem('namespaced-host-form', message));
  }
  if (!special && !isDnsLabel(namespace)) {
    const message = `invalid namespace value ${quote(namespace)} in ${owner}`;
    result.error(path, problem('namespaced-host-namespace', message));
  }
  checkHostPart(result, path, host, owner);
}

function checkHostPart(result: Result, path: FieldPath, host: string, owner: Owner): void {
  if (host !== '*' && !host.includes('.')) {
    result.error(path, problem('short-host-name', 'short names (non FQDN) are not allowed'));
  }
  const invalid = checkWildcardDomain(host);
  if (invalid !== undefined) {
    // Istio reports a bad Sidecar host once as such and once more because it is no address either.
    if (owner === 'sidecar') result.error(path, invalid);
    if (!isIpAddress(host)) result.error(path, invalid);
  }
  result.error(path, checkPartialWildcard(host));
}
