/** IP addresses and subnets. */
import { explainPrefix, isAddr } from '../../go/netip.ts';
import type { Problem } from '../result.ts';
import { problem } from '../result.ts';

/** Whether the text is an IPv4 or IPv6 address; an IPv6 zone is fine. */
export function isIpAddress(text: string): boolean {
  return isAddr(text);
}

/** Checks an IP address. */
export function checkIpAddress(text: string): Problem | undefined {
  return isAddr(text) ? undefined : problem('ip-address', `${text} is not a valid IP`);
}

/** Checks an IP address or CIDR block; host bits may be set. */
export function checkSubnet(text: string): Problem | undefined {
  const slash = text.indexOf('/');
  if (slash < 0 || slash !== text.lastIndexOf('/')) return checkIpAddress(text);
  return explainPrefix(text) === undefined ? undefined : problem('cidr-block', `${text} is not a valid CIDR block`);
}
