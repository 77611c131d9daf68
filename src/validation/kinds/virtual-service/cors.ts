/** Cross-origin resource sharing of an HTTP route. */
import { quote } from '../../../go/quote.ts';
import type { CorsPolicy } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkDuration } from '../../rules/durations.ts';
import { checkCorsHeaderName } from '../../rules/header-names.ts';
import { checkRegex } from '../../rules/regexes.ts';

const methods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  '*',
]);

/** Checks a CORS policy. */
export function checkCorsPolicy(result: Result, path: FieldPath, cors: CorsPolicy): void {
  cors.allowOrigins.forEach((origin, index) => {
    const place = path.at('allowOrigins').at(index);
    if ((origin.exact ?? origin.prefix ?? origin.regex ?? '') === '') {
      result.error(place, problem('cors-origin-empty', "'' is not a valid match type for CORS allow origins"));
    }
    if (origin.regex !== undefined) result.error(place, checkRegex(origin.regex, 'corsPolicy.allowOrigins'));
  });
  cors.allowMethods.forEach((method, index) => {
    if (methods.has(method)) return;
    const message = `${quote(method)} is not a supported HTTP method`;
    result.error(path.at('allowMethods').at(index), problem('cors-method', message));
  });
  for (const field of ['allowHeaders', 'exposeHeaders'] as const) {
    cors[field].forEach((name, index) => {
      result.error(path.at(field).at(index), checkCorsHeaderName(name));
    });
  }
  const { maxAge } = cors;
  result.error(path.at('maxAge'), checkDuration(maxAge));
  if (maxAge !== undefined && maxAge.nanos > 0) {
    const message = 'max_age duration is accurate only to seconds precision';
    result.listError(path.at('maxAge'), problem('cors-max-age-precision', message));
  }
}
