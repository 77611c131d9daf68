/** Times as metav1.Time reads and writes them: RFC 3339 in, UTC with whole seconds out. */

/** The layout time.RFC3339 piece by piece: Go's name of each, and what it matches. */
const layout: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['2006', /\d{4}/y],
  ['-', /-/y],
  ['01', /\d\d/y],
  ['-', /-/y],
  ['02', /\d\d/y],
  ['T', /T/y],
  ['15', /\d\d/y],
  [':', /:/y],
  ['04', /\d\d/y],
  [':', /:/y],
  ['05', /\d\d(?:[.,]\d+)?/y],
  ['Z07:00', /Z|[-+]\d\d:\d\d/y],
];

const LAYOUT_TEXT = '2006-01-02T15:04:05Z07:00';

export class TimeError extends Error {
  override readonly name = 'TimeError';
}

/**
 * The text that Kubernetes writes for a time after reading it.
 * @throws {TimeError} with the message of Go's time.Parse
 */
export function canonicalTime(text: string): string | null {
  const parts = split(text);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = [0, 2, 4, 6, 8, 10].map((index) =>
    Math.trunc(Number((parts[index] ?? '').slice(0, index === 0 ? 4 : 2))),
  );
  const outOfRange = (unit: string): never => {
    throw new TimeError(`parsing time ${JSON.stringify(text)}: ${unit} out of range`);
  };
  if (month < 1 || month > 12) outOfRange('month');
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  if (day < 1 || day > date.getUTCDate()) outOfRange('day');
  if (hour > 23) outOfRange('hour');
  if (minute > 59) outOfRange('minute');
  if (second > 59) outOfRange('second');
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute - offsetMinutes(parts[11] ?? 'Z'), second);
  const written = date.toISOString().replace('.000Z', 'Z');
  return written === '0001-01-01T00:00:00Z' ? null : written;
}

function split(text: string): string[] {
  let position = 0;
  const parts = layout.map(([name, pattern]) => {
    pattern.lastIndex = position;
    const part = pattern.exec(text)?.[0];
    if (part === undefined) {
      const rest = JSON.stringify(text.slice(position));
      throw new TimeError(
        `parsing time ${JSON.stringify(text)} as "${LAYOUT_TEXT}": cannot parse ${rest} as "${name}"`,
      );
    }
    position += part.length;
    return part;
  });
  if (position < text.length) {
    throw new TimeError(`parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(text.slice(position))}`);
  }
  return parts;
}

function offsetMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith('-') ? -minutes : minutes;
}
