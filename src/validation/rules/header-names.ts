/** Header names, as each place of the configuration restricts them. */
import { quote } from '../../go/quote.ts';
import type { Problem } from '../result.ts';
import { problem } from '../result.ts';
import { isJwtClaimRoute } from './jwt-claims.ts';

/** The characters of an HTTP token, and the comma, which Istio's pattern lets through by accident. */
const token = /^[a-zA-Z0-9!#$%&'*+,\-.^_`|~]+$/;
const strictName = /^[-_A-Za-z0-9]+$/;
const probeName = /^[-A-Za-z0-9]+$/;
const pseudoHeaders: ReadonlySet<string> = new Set([':method', ':scheme', ':authority', ':path', ':status']);

/** A header that a route matches on: also a JWT claim (`@request.auth.claims.…`) or a pseudo header. */
export function checkMatchHeaderName(name: string): Problem | undefined {
  return checkName(name, (text) => token.test(text) || pseudoHeaders.has(text) || isJwtClaimRoute(text));
}

/** A header that CORS allows or exposes. */
export function checkCorsHeaderName(name: string): Problem | undefined {
  return checkName(name, (text) => token.test(text));
}

/** A header that a JWT claim is copied to. */
export function checkStrictHeaderName(name: string): Problem | undefined {
  return checkName(name, (text) => strictName.test(text));
}

/** A header that an HTTP readiness probe sends. */
export function checkProbeHeaderName(name: string): Problem | undefined {
  return checkName(name, (text) => probeName.test(text));
}

/** A request header that a route adds or sets: `:authority` and `host` are fine. */
export function checkRequestHeaderToSet(name: string): Problem | undefined {
  if (name === '') return emptyName();
  return name.startsWith(':') && !isAuthorityHeader(name) ? pseudoHeaderNotAllowed(name) : undefined;
}

/** A request header that a route removes, or a response header that it changes. */
export function checkHeaderToChange(name: string): Problem | undefined {
  if (name === '') return emptyName();
  if (name.toLowerCase() === 'host') {
    return problem('header-name', `invalid header ${quote(name)}: cannot set Host header`);
  }
  return name.startsWith(':') ? pseudoHeaderNotAllowed(name) : undefined;
}

/** Whether setting the header sets the authority of the request. */
export function isAuthorityHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === ':authority' || lower === 'host';
}

function checkName(name: string, isValid: (name: string) => boolean): Problem | undefined {
  if (name === '') return emptyName();
  return isValid(name) ? undefined : problem('header-name', `header name ${name} is not a valid header name`);
}

function emptyName(): Problem {
  return problem('header-name-empty', 'header name cannot be empty');
}

function pseudoHeaderNotAllowed(name: string): Problem {
  return problem('header-name', `invalid header ${quote(name)}: header cannot have ":" prefix`);
}
