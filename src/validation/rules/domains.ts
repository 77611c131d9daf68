/** DNS labels, fully qualified names and wildcard names. All lengths are in bytes of UTF-8. */
import { quote } from '../../go/quote.ts';
import type { Problem } from '../result.ts';
import { problem } from '../result.ts';

const dnsLabel = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const wildcardLabel = /^(?:\*|(?:\*-?)?[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)$/;
const decimalInteger = /^[+-]?[0-9]+$/;
const maxLabelBytes = 63;
const maxDomainBytes = 255;
const maxInt64 = 2n ** 63n - 1n;

/** The start of the SNI host names that Istio makes up for ports of services behind AUTO_PASSTHROUGH gateways. */
const generatedSniPrefix = 'outbound_';

/** Whether `text` takes more than `limit` bytes of UTF-8. */
export function isLongerThan(text: string, limit: number): boolean {
  return text.length > limit || (text.length * 3 > limit && Buffer.byteLength(text) > limit);
}

/** Whether the text is a DNS label in Istio's sense: upper case letters are fine, underscores are not. */
export function isDnsLabel(text: string): boolean {
  return dnsLabel.test(text);
}

/** Checks a fully qualified domain name without wildcards; a trailing dot is fine. */
export function checkFqdn(name: string): Problem | undefined {
  return checkDomainLength(name) ?? checkDomainParts(name);
}

/** Checks a domain name whose first part may be `*` or start with `*` or `*-`. */
export function checkWildcardDomain(name: string): Problem | undefined {
  const wrongLength = checkDomainLength(name);
  if (wrongLength !== undefined) return wrongLength;
  const dot = name.indexOf('.');
  const first = dot < 0 ? name : name.slice(0, dot);
  if (first.length > maxLabelBytes || !wildcardLabel.test(first)) return invalidLabel(name, first);
  return dot < 0 ? undefined : checkDomainParts(name.slice(dot + 1));
}

/**
 * Checks a host of a VirtualService bound to a gateway. Where SNI hosts are matched the names that Istio generates,
 * `outbound_.<PORT>_._.<HOSTNAME>`, are fine although underscores are not.
 */
export function checkGatewayBoundDomain(name: string, matchesSni: boolean): Problem | undefined {
  if (!matchesSni || !name.startsWith(generatedSniPrefix)) return checkWildcardDomain(name);
  return checkDomainLength(name) ?? checkGeneratedSniHost(name);
}

/** Checks that `*` is either the whole name or stands for the whole first part. */
export function checkPartialWildcard(name: string): Problem | undefined {
  if (!name.includes('*') || name === '*' || name.startsWith('*.')) return undefined;
  return problem('partial-wildcard', `partial wildcard ${quote(name)} not allowed`);
}

function checkDomainLength(name: string): Problem | undefined {
  if (name === '') return problem('domain-name-empty', 'empty domain name not allowed');
  if (!isLongerThan(name, maxDomainBytes)) return undefined;
  return problem('domain-name-too-long', `domain name ${quote(name)} too long (max ${maxDomainBytes})`);
}

function checkDomainParts(name: string): Problem | undefined {
  const parts = name.split('.');
  const last = parts.length - 1;
  const topLevel = parts[last] ?? '';
  if (isInt64(topLevel)) {
    const message = `domain name ${quote(name)} invalid (top level domain ${quote(topLevel)} cannot be all-numeric)`;
    return problem('domain-name-numeric', message);
  }
  const bad = parts.find((part, index) => !dnsLabel.test(part) && !(index === last && part === ''));
  return bad === undefined ? undefined : invalidLabel(name, bad);
}

function invalidLabel(name: string, label: string): Problem {
  return problem('domain-name-label', `domain name ${quote(name)} invalid (label ${quote(label)} invalid)`);
}

/** What `strconv.ParseInt(text, 10, 64)` accepts. */
function isInt64(text: string): boolean {
  if (!decimalInteger.test(text)) return false;
  if (text.length < 19) return true;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value <= maxInt64 && value >= -maxInt64 - 1n;
}

function checkGeneratedSniHost(name: string): Problem | undefined {
  const parts = name.split('_');
  const [, port = '', , host = ''] = parts;
  if (parts.length < 4) {
    return problem(
      'sni-host-form',
      `domain name ${name} invalid, should follow '${generatedSniPrefix}.<PORT>_._.<HOSTNAME>' format`,
    );
  }
  const bad = !/[0-9]/.test(port) ? port : !/[A-Za-z]/.test(host) ? host : undefined;
  if (bad === undefined) return undefined;
  const label = quote(bad.replace(/^\.+|\.+$/g, ''));
  return problem(
    'sni-host-form',
    `domain name ${quote(name)} invalid (label ${label} invalid). should follow ${generatedSniPrefix}.<PORT>_._.<HOSTNAME> format`,
  );
}
