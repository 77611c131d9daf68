/** What an HTTP route does besides forwarding: redirects, direct responses, rewrites and retries. */
import { quote } from '../../../go/quote.ts';
import { byteLength } from '../../../go/utf8.ts';
import type { HTTPDirectResponse, HTTPRedirect, HTTPRetry, HTTPRewrite } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkDuration } from '../../rules/durations.ts';
import { checkPort } from '../../rules/ports.ts';
import { checkRegex } from '../../rules/regexes.ts';
import { checkHttpStatus } from './fault.ts';

/** Checks a redirect; only the first failure counts. */
export function checkRedirect(result: Result, path: FieldPath, redirect: HTTPRedirect): void {
  const { uri, authority, scheme, port, derivePort, redirectCode } = redirect;
  if (uri === '' && authority === '' && scheme === '' && port === undefined && derivePort === undefined) {
    result.error(path, problem('redirect-empty', 'redirect must specify URI, authority, scheme, or port'));
  } else if (redirectCode !== 0 && (redirectCode < 300 || redirectCode > 399)) {
    const message = `${redirectCode} is not a valid redirect code, must be 3xx`;
    result.error(path.at('redirectCode'), problem('redirect-code', message));
  } else if (scheme !== '' && scheme !== 'http' && scheme !== 'https') {
    const message = 'invalid redirect scheme, must be "http" or "https"';
    result.error(path.at('scheme'), problem('redirect-scheme', message));
  } else if (port !== undefined && port > 0) {
    result.error(path.at('port'), checkPort(port));
  }
}

/** Bodies above this size in bytes are refused (1 MiB). */
const maxBodyBytes = 1_048_576;
/** Bodies above this size in bytes draw a warning (100 KiB). */
const largeBodyBytes = 102_400;

/** Checks a direct response. */
export function checkDirectResponse(result: Result, path: FieldPath, response: HTTPDirectResponse): void {
  const body = response.body?.bytes?.length ?? byteLength(response.body?.string ?? '');
  if (body > maxBodyBytes) {
    const message = 'large direct_responses may impact control plane performance, must be less than 1MB';
    result.error(path.at('body'), problem('direct-response-size', message));
  } else if (body > largeBodyBytes) {
    const message = 'large direct_responses may impact control plane performance';
    result.warn(path.at('body'), problem('direct-response-size', message));
  }
  // Istio compares and prints the unsigned status as a signed 32-bit number.
  result.error(path.at('status'), checkHttpStatus(response.status | 0));
}

/** Checks a rewrite; only the first failure counts. */
export function checkRewrite(result: Result, path: FieldPath, rewrite: HTTPRewrite): void {
  const { uri, authority, uriRegexRewrite } = rewrite;
  if (uri !== '' && uriRegexRewrite !== undefined) {
    const message = 'rewrite may only contain one of URI or UriRegexRewrite';
    result.error(path.at('uriRegexRewrite'), problem('rewrite-conflict', message));
  } else if (uri === '' && authority === '' && uriRegexRewrite === undefined) {
    const message =
      'rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified';
    result.error(path, problem('rewrite-empty', message));
  } else if (uriRegexRewrite !== undefined) {
    const place = path.at('uriRegexRewrite');
    if (uriRegexRewrite.match === '' || uriRegexRewrite.rewrite === '') {
      const message = 'UriRegexRewrite requires both Rewrite and Match fields to be specified';
      result.error(place, problem('rewrite-empty', `UriRegexRewrite has errors\n${message}`));
      return;
    }
    const invalid = checkRegex(uriRegexRewrite.match, 'HTTPRewrite.UriRegexRewrite.Match');
    if (invalid === undefined) return;
    result.error(place.at('match'), problem(invalid.code, `UriRegexRewrite has errors\n${invalid.message}`));
  }
}

const retryPolicies: ReadonlySet<string> = new Set([
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]);

/** Ranges of the HTTP status codes that Go's `net/http.StatusText` knows. */
const statusRanges = [
  [100, 103],
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 418],
  [421, 426],
  [428, 429],
  [431, 431],
  [451, 451],
  [500, 508],
  [510, 511],
] as const;

/** Checks a retry policy. */
export function checkRetries(result: Result, path: FieldPath, retries: HTTPRetry): void {
  const { attempts, perTryTimeout, retryOn, retryRemoteLocalities, backoff } = retries;
  if (attempts < 0) {
    result.listError(path.at('attempts'), problem('retry-attempts', 'attempts cannot be negative'));
  }
  if (attempts === 0 && (perTryTimeout !== undefined || retryOn !== '' || retryRemoteLocalities !== undefined)) {
    const message = 'http retry policy configured when attempts are set to 0 (disabled)';
    result.error(path.at('attempts'), problem('retry-attempts', message));
  }
  result.error(path.at('perTryTimeout'), checkDuration(perTryTimeout));
  if (retryOn !== '') {
    for (const part of retryOn.split(',')) {
      if (retryPolicies.has(part) || isHttpStatus(part)) continue;
      result.error(path.at('retryOn'), problem('retry-on', `${quote(part)} is not a valid retryOn policy`));
    }
  }
  result.error(path.at('backoff'), checkDuration(backoff));
}

function isHttpStatus(text: string): boolean {
  if (!/^[+-]?[0-9]+$/.test(text)) return false;
  const status = Number(text);
  return statusRanges.some(([first, last]) => status >= first && status <= last);
}
