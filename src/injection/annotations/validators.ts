/** What values an annotation may have. Each validator gives Istio's reason for refusing a value, or `undefined`. */
import { explainPrefix } from '../../go/netip.ts';
import { quote } from '../../go/quote.ts';
import { parseBool, parseUint } from '../../go/strconv.ts';
import { trimSpace } from '../../go/unicode.ts';
import { byteLength } from '../../go/utf8.ts';
import { canonicalQuantity, QuantityError } from '../../kubernetes/index.ts';
import { explainProxyConfigAnnotation } from '../../mesh/index.ts';

/** The reason for which a value is refused, or `undefined` when it is accepted. */
export type Validator = (value: string) => string | undefined;

const interceptionModes: ReadonlySet<string> = new Set(['REDIRECT', 'TPROXY', 'NONE']);

/** How traffic is captured. */
export const validateInterceptionMode: Validator = (value) =>
  interceptionModes.has(value) ? undefined : `interceptionMode invalid, use REDIRECT,TPROXY,NONE: ${value}`;

/** A port of the agent. Istio's text names another setting. */
export const validateStatusPort: Validator = (value) => prefix('excludeInboundPorts invalid: ', explainPort(value));

/** A number of seconds or attempts. */
export const validateUint32: Validator = (value) => parseUint(value, 10, 32).error?.message;

/** A yes or no, in any of Go's spellings. */
export const validateBool: Validator = (value) => parseBool(value).error?.message;

/** IP ranges; `*` alone is all of them. */
export const validateIncludeRanges: Validator = (value) =>
  value === '*' ? undefined : prefix('includeIPRanges invalid: ', explainRanges(value));

/** IP ranges; there is no `*`. */
export const validateExcludeRanges: Validator = (value) => prefix('excludeIPRanges invalid: ', explainRanges(value));

/** Ports; `*` alone is all of them. */
export const validateIncludeInboundPorts: Validator = (value) =>
  value === '*' ? undefined : prefix('includeInboundPorts invalid: ', explainPorts(value));

/** Ports; there is no `*`. */
export const validateExcludeInboundPorts: Validator = (value) =>
  prefix('excludeInboundPorts invalid: ', explainPorts(value));

/** Ports; there is no `*`. */
export const validateExcludeOutboundPorts: Validator = (value) =>
  prefix('excludeOutboundPorts invalid: ', explainPorts(value));

/** Longest name of a network interface that Linux allows, in bytes. */
const interfaceNameLimit = 15;

/** Names of network interfaces. */
export const validateInterfaces: Validator = (value) => {
  if (value === '') return undefined;
  return firstReason(value.split(',').map(trimSpace), (name) => {
    if (name === '') return 'empty interface name';
    if (byteLength(name) > interfaceNameLimit)
      return `interface name ${quote(name)} too long (max ${interfaceNameLimit} chars)`;
    return /^[a-zA-Z][a-zA-Z0-9_.-]*$/.test(name)
      ? undefined
      : `interface name ${quote(name)} contains invalid characters`;
  });
};

/** A Kubernetes quantity. */
export const validateQuantity: Validator = (value) => {
  if (/\p{Cc}/u.test(value)) return 'value contains control characters';
  try {
    canonicalQuantity(value);
    return undefined;
  } catch (error) {
    if (error instanceof QuantityError) return error.message;
    throw error;
  }
};

/** A ProxyConfig as YAML, over the built-in defaults. */
export const validateProxyConfig: Validator = explainProxyConfigAnnotation;

function explainPort(value: string): string | undefined {
  return prefix(`failed parsing port '${value}': `, parseUint(trimSpace(value), 10, 16).error?.message);
}

function explainPorts(value: string): string | undefined {
  const list = trimSpace(value);
  if (list === '') return undefined;
  return firstReason(list.split(','), (port) => prefix(`failed parsing port '${port}': `, explainPort(port)));
}

function explainRanges(value: string): string | undefined {
  if (value === '') return undefined;
  return firstReason(value.split(','), (range) => prefix(`failed parsing cidr '${range}': `, explainPrefix(range)));
}

function firstReason(parts: readonly string[], explain: Validator): string | undefined {
  for (const part of parts) {
    const reason = explain(part);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const prefix = (text: string, reason: string | undefined): string | undefined =>
  reason === undefined ? undefined : text + reason;
