/** Addresses of services that proxies talk to (Istio's `agent.ValidateProxyAddress`). */
import { AddrError, splitHostPort } from '../go/net.ts';
import { isAddr } from '../go/netip.ts';
import { quote } from '../go/quote.ts';
import { atoi } from '../go/strconv.ts';
import { checkFqdn } from '../validation/rules/domains.ts';
import { checkPort } from '../validation/rules/ports.ts';

/** What is wrong with a `host:port` text; undefined when nothing is. */
export function findAddressError(address: string): string | undefined {
  try {
    const { host, port } = splitHostPort(address);
    const { value, error } = atoi(port);
    if (error !== undefined) return `port (${port}) is not a number: ${error.message}`;
    const badPort = checkPort(value);
    if (badPort !== undefined) return badPort.message;
    if (checkFqdn(host) === undefined || isAddr(host)) return undefined;
    return `${quote(host)} is not a valid hostname or an IP address`;
  } catch (error) {
    if (error instanceof AddrError) return `unable to split ${quote(address)}: ${error.message}`;
    throw error;
  }
}
