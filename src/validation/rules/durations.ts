/** Durations as timeouts and intervals take them. */
import type { Duration } from '../../protobuf/istio-types.ts';
import type { Problem } from '../result.ts';
import { problem } from '../result.ts';

const nanosPerMilli = 1_000_000;

/** Checks that a duration is at least 1ms and a whole number of milliseconds. An absent one is fine. */
export function checkDuration(duration: Duration | undefined): Problem | undefined {
  if (duration === undefined) return undefined;
  const { seconds, nanos } = duration;
  // Seconds and nanos have the same sign.
  if (seconds < 0 || nanos < 0 || (seconds === 0 && nanos < nanosPerMilli)) {
    return problem('duration-min', 'duration must be greater than 1ms');
  }
  if (nanos % nanosPerMilli === 0) return undefined;
  return problem('duration-precision', 'only durations to ms precision are supported');
}

/** Whether the duration is shorter than 1ms either way, which some settings take as “off”. */
export function truncatesToZeroMillis(duration: Duration): boolean {
  return duration.seconds === 0 && Math.abs(duration.nanos) < nanosPerMilli;
}
