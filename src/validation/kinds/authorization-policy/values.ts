/** Values of sources, operations and conditions. `field` names the field or attribute in the texts. */
import { quote } from '../../../go/quote.ts';
import { explainPrefix, isAddr } from '../../../go/netip.ts';
import { parseUint } from '../../../go/strconv.ts';
import type { Problem } from '../../result.ts';
import { problem } from '../../result.ts';
import { isLongerThan } from '../../rules/domains.ts';

const maxServiceAccounts = 16;
const maxServiceAccountBytes = 320;

/** A value that is wrong and its place in the list. */
export interface WrongValue {
  readonly index: number;
  readonly problem: Problem;
}

/** The first empty value. */
export function findEmpty(values: readonly string[], field: string): WrongValue | undefined {
  const index = values.indexOf('');
  if (index < 0) return undefined;
  return { index, problem: problem('value-empty', `empty value not allowed, found in ${field}`) };
}

/** Every value that is neither an IP address nor a CIDR block. */
export function findBadAddresses(values: readonly string[]): WrongValue[] {
  return findAll(values, (value) => {
    if (!value.includes('/')) {
      return isAddr(value) ? undefined : problem('ip-address', `bad IP address (${value})`);
    }
    const reason = explainPrefix(value);
    return reason === undefined ? undefined : problem('cidr-block', `bad CIDR range (${value}): ${reason}`);
  });
}

/** Every value that is no port; 0 is fine. */
export function findBadPorts(values: readonly string[]): WrongValue[] {
  return findAll(values, (value) => {
    const { value: port, error } = parseUint(value, 10, 32);
    if (error === undefined && port <= 65535n) return undefined;
    return problem('port-range', `bad port (${value}): ${error?.message ?? '<nil>'}`);
  });
}

function findAll(values: readonly string[], check: (value: string) => Problem | undefined): WrongValue[] {
  return values.flatMap((value, index) => {
    const found = check(value);
    return found === undefined ? [] : [{ index, problem: found }];
  });
}

function findFirst(values: readonly string[], check: (value: string) => Problem | undefined): WrongValue | undefined {
  for (const [index, value] of values.entries()) {
    const found = check(value);
    if (found !== undefined) return { index, problem: found };
  }
  return undefined;
}

/** The first value that is no service account `name` or `namespace/name`, or the first of too many. */
export function findBadServiceAccount(values: readonly string[], field: string): WrongValue | undefined {
  if (values.length > maxServiceAccounts) {
    const message = `may not have more than ${maxServiceAccounts} values`;
    return { index: maxServiceAccounts, problem: problem('service-account-count', message) };
  }
  return findFirst(values, (value) => checkServiceAccount(value, field));
}

function checkServiceAccount(value: string, field: string): Problem | undefined {
  if (value === '') return problem('value-empty', `empty value not allowed, found in ${field}`);
  if (value.includes('*')) return problem('service-account', `wildcard not allowed, found in ${field}`);
  const parts = value.split('/');
  const form = "expected format 'serviceAccount' or 'namespace/serviceAccount', found";
  if (parts.length > 2) return problem('service-account', `${form} ${quote(value)} in ${field}`);
  if (isLongerThan(value, maxServiceAccountBytes)) {
    const message = `value cannot exceed ${maxServiceAccountBytes} characters, found ${quote(value)} in ${field}`;
    return problem('service-account', message);
  }
  if (parts.length === 1) return undefined;
  const [namespace, name] = parts;
  if (namespace === '') return problem('service-account', `${form} empty namespace ${quote(value)} in ${field}`);
  if (name === '') return problem('service-account', `${form} empty serviceAccount ${quote(value)} in ${field}`);
  return undefined;
}

/** The first value with a wildcard that is neither at its start nor at its end. */
export function findBadWildcard(values: readonly string[], field: string): WrongValue | undefined {
  return findEmpty(values, field) ?? findFirst(values, (value) => checkWildcard(value, field));
}

function checkWildcard(value: string, field: string): Problem | undefined {
  const first = value.indexOf('*');
  if (first < 0) return undefined;
  if (first !== value.lastIndexOf('*')) {
    return problem('value-wildcard', `at most one wildcard is allowed, found in ${field}: ${quote(value)}`);
  }
  if (first === 0 || first === value.length - 1) return undefined;
  const message = `wildcard is only allowed at the start or end, found in ${field}: ${quote(value)}`;
  return problem('value-wildcard', message);
}

/** The first value that is no trust domain. */
export function findBadTrustDomain(values: readonly string[], field: string): WrongValue | undefined {
  const slashed = (value: string): Problem | undefined =>
    value.includes('/')
      ? problem('trust-domain', `trust domain must not contain '/', found in ${field}: ${quote(value)}`)
      : undefined;
  return findBadWildcard(values, field) ?? findFirst(values, slashed);
}

const literalSegment = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** The first path with a malformed template: `{*}` stands for one segment, `{**}` for any number of them. */
export function findBadPath(values: readonly string[], field: string): WrongValue | undefined {
  return findFirst(values, (value) => checkPath(value, field));
}

function checkPath(value: string, field: string): Problem | undefined {
  const isTemplate = value.includes('{*}') || value.includes('{**}');
  const path = withoutOuterSlashes(value);
  const start = `invalid or unsupported path ${path}, found in ${field}.`;
  let afterRest = false;
  for (const segment of path.split('/')) {
    if (segment === '{*}' || segment === '{**}') {
      if (afterRest) return problem('path-template', `${start} {**} is not the last operator`);
      afterRest = segment === '{**}';
    } else if (/[{}]/.test(segment)) {
      return problem('path-template', `${start} Contains '{' or '}' beyond a supported path template`);
    } else if (isTemplate && !literalSegment.test(segment)) {
      const message = `${start} Contains segment ${segment} with invalid string literal`;
      return problem('path-template', message);
    }
  }
  return undefined;
}

/** By hand, as a pattern that is anchored at the end takes quadratic time for long runs of slashes. */
function withoutOuterSlashes(path: string): string {
  let start = 0;
  let end = path.length;
  while (start < end && path[start] === '/') start++;
  while (end > start && path[end - 1] === '/') end--;
  return path.slice(start, end);
}
