/** Times as metav1.Time reads and writes them: RFC 3339 in, UTC with whole seconds out. */
import { parseTime } from '../go/time-parse.ts';

const RFC3339 = '2006-01-02T15:04:05Z07:00';
const ZERO_TIME = '0001-01-01T00:00:00Z';

/**
 * The text that Kubernetes writes for a time after reading it; null for the zero time.
 * @throws {TimeParseError} with the message of Go's time.Parse
 */
export function canonicalTime(text: string): string | null {
  const { unixSeconds } = parseTime(RFC3339, text);
  const written = new Date(Number(unixSeconds) * 1000).toISOString().replace('.000Z', 'Z');
  return written === ZERO_TIME ? null : written;
}
