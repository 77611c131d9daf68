/** Points in time as Go's `time.Parse(time.RFC3339Nano, …)` reads them. */
import { parseTime, TimeParseError } from './time-parse.ts';

/** Seconds since 1970-01-01T00:00:00Z, and nanoseconds after that second. */
export interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

export { TimeParseError as TimeError };

const LAYOUT = '2006-01-02T15:04:05.999999999Z07:00';

/** `time.Parse` with the layout `time.RFC3339Nano`. Throws {@link TimeParseError}. */
export function parseRfc3339(text: string): Instant {
  const { unixSeconds, nanosecond } = parseTime(LAYOUT, text);
  return { seconds: Number(unixSeconds), nanos: nanosecond };
}
