/** Mirroring of the requests of an HTTP route. */
import { formatFixed } from '../../../go/ftoa.ts';
import type { HTTPRoute } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Problem, Result } from '../../result.ts';
import { checkDestination } from './destinations.ts';

/** Checks all the ways in which a route may mirror; `path` is the route's. */
export function checkMirrors(result: Result, path: FieldPath, route: HTTPRoute): void {
  checkMirrorPercent(result, path.at('mirrorPercent'), route.mirrorPercent?.value);
  const percentage = checkPercentage(route.mirrorPercentage?.value, 'mirror_percentage');
  result.error(path.at('mirrorPercentage').at('value'), percentage);
  if (route.mirror !== undefined) checkDestination(result, path.at('mirror'), route.mirror);
  route.mirrors.forEach(({ destination, percentage: share }, index) => {
    const place = path.at('mirrors').at(index);
    if (destination === undefined) {
      const message = 'destination is required for mirrors';
      result.error(place.at('destination'), problem('destination-required', message));
      return;
    }
    checkDestination(result, place.at('destination'), destination);
    result.error(place.at('percentage').at('value'), checkPercentage(share?.value, 'mirror percentage'));
  });
}

function checkMirrorPercent(result: Result, path: FieldPath, percent: number | undefined): void {
  if (percent === undefined) return;
  if (percent > 100) {
    const message = `mirror_percent must have a max value of 100 (it has ${percent})`;
    result.error(path, problem('percent-range', message));
  }
  const message = 'using deprecated setting "mirrorPercent", use "mirrorPercentage" instead';
  result.warn(path, problem('deprecated-field', message));
}

function checkPercentage(value: number | undefined, name: string): Problem | undefined {
  if (value === undefined) return undefined;
  const bound = value > 100 ? 'max value of 100' : value < 0 ? 'min value of 0' : undefined;
  if (bound === undefined) return undefined;
  return problem('percent-range', `${name} must have a ${bound} (it has ${sixDecimals(value)})`);
}

/** Go's `%f`. */
function sixDecimals(value: number): string {
  // From 1e21 on toFixed writes an exponent, and there are no decimals to round.
  if (Math.abs(value) < 1e21) return value.toFixed(6);
  return Number.isFinite(value) ? `${BigInt(value)}.000000` : formatFixed(value);
}
