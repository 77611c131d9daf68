/**
 * Rules for names, as k8s.io/apimachinery's util/validation has them. Each gives what is wrong with a text, or nothing.
 */
import { isAddr } from '../../go/netip.ts';
import { byteLength } from '../../go/utf8.ts';

/** A syntax rule. */
export type Syntax = (value: string) => string | undefined;

const MAX_LABEL = 63;
const MAX_SUBDOMAIN = 253;
const MAX_PORT_NAME = 15;
const MAX_INT32 = 2 ** 31 - 1;

const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const underscoreSubdomain = /^[a-z0-9_](?:[-a-z0-9_]*[a-z0-9_])?(?:\.[a-z0-9_](?:[-a-z0-9_]*[a-z0-9_])?)*$/;
const qualified = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const tooLong = (limit: number): string => `must be no more than ${limit} bytes`;

function limited(pattern: RegExp, limit: number, wrong: string): Syntax {
  return (value) => {
    if (byteLength(value) > limit) return tooLong(limit);
    return pattern.test(value) ? undefined : wrong;
  };
}

export const dnsLabel = limited(
  label,
  MAX_LABEL,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
);

const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

export const dnsSubdomain = limited(subdomain, MAX_SUBDOMAIN, subdomainText);

/** The domains of a search list may have underscores. */
export const searchDomain: Syntax = (value) =>
  value === '.' ? undefined : limited(underscoreSubdomain, MAX_SUBDOMAIN, subdomainText)(value.replace(/\.$/, ''));

/** What a name is made from; the end is cut off and replaced. */
export const generatedName: Syntax = (value) =>
  dnsSubdomain(value.length > 1 && value.endsWith('-') ? `${value.slice(0, -2)}a` : value);

/** Of a prefix that is too long a part is taken; five characters are put behind it. */
const MAX_PREFIX = 58;

/** A {@link generatedName} that a name is made of now. */
export const namePrefix: Syntax = (value) => generatedName(value) ?? dnsSubdomain(`${value.slice(0, MAX_PREFIX)}abcde`);

const qualifiedText =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** `name` or `prefix/name`: label keys, resource names. */
export const qualifiedName: Syntax = (value) => {
  const parts = value.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2) {
    return `a qualified name ${qualifiedText.slice('name part '.length)} with an optional DNS subdomain prefix and '/'`;
  }
  if (parts.length === 2) {
    if (parts[0] === '') return 'prefix part must be non-empty';
    const wrong = dnsSubdomain(parts[0] ?? '');
    if (wrong !== undefined) return `prefix part ${wrong}`;
  }
  if (name === '') return 'name part must be non-empty';
  if (byteLength(name) > MAX_LABEL) return `name part ${tooLong(MAX_LABEL)}`;
  return qualified.test(name) ? undefined : qualifiedText;
};

export const labelValue: Syntax = (value) => {
  if (value === '') return undefined;
  if (byteLength(value) > MAX_LABEL) return tooLong(MAX_LABEL);
  return qualified.test(value)
    ? undefined
    : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
};

/** Since Kubernetes 1.34; older API servers refuse more. */
export const environmentName: Syntax = (value) =>
  /^[ -<>-~]+$/.test(value)
    ? undefined
    : "a valid environment variable name must consist only of printable ASCII characters other than '='";

/** Key of a ConfigMap or Secret. */
export const configKey: Syntax = (value) => {
  if (byteLength(value) > MAX_SUBDOMAIN) return tooLong(MAX_SUBDOMAIN);
  if (!/^[-._a-zA-Z0-9]+$/.test(value)) {
    return "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  }
  if (value === '.') return "must not be '.'";
  return value.startsWith('..') ? "must not start with '..'" : undefined;
};

export const portName: Syntax = (value) => {
  if (byteLength(value) > MAX_PORT_NAME) return tooLong(MAX_PORT_NAME);
  if (!/^[-a-z0-9]+$/.test(value)) return 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)';
  if (!/[a-z]/.test(value)) return 'must contain at least one letter (a-z)';
  if (value.includes('--')) return 'must not contain consecutive hyphens';
  return value.startsWith('-') || value.endsWith('-') ? 'must not begin or end with a hyphen' : undefined;
};

export const headerName: Syntax = (value) =>
  /^[-A-Za-z0-9]+$/.test(value)
    ? undefined
    : "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name')";

/** Leading zeros pass, as in older Go. */
export const ipAddress: Syntax = (value) =>
  isAddr(value.replace(/(^|\.)0+(?=\d)/g, '$1')) && !value.includes('%')
    ? undefined
    : 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

/** A path below another one. */
export const descendingPath: Syntax = (value) => {
  if (value.startsWith('/')) return 'must be a relative path';
  return noBacksteps(value);
};

export const noBacksteps: Syntax = (value) => (value.split('/').includes('..') ? "must not contain '..'" : undefined);

/** A {@link descendingPath} that is none of the names Kubernetes needs itself. */
export const filePath: Syntax = (value) =>
  descendingPath(value) ?? (value.startsWith('..') ? "must not start with '..'" : undefined);

/** What is wrong with a port number. */
export function portNumber(value: number): string | undefined {
  return value >= 1 && value <= 65535 ? undefined : 'must be between 1 and 65535, inclusive';
}

/** What is wrong with the id of a user or group. */
export function userId(value: number): string | undefined {
  return value >= 0 && value <= MAX_INT32 ? undefined : `must be between 0 and ${MAX_INT32}, inclusive`;
}
