/** Points in time as Go's `time.Parse(time.RFC3339Nano, …)` reads them. */
import { quoteLikeTime } from './duration.ts';

/** Seconds since 1970-01-01T00:00:00Z, and nanoseconds after that second. */
export interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

/** A text that is no point in time; the message is that of Go's `*time.ParseError`. */
export class TimeError extends Error {
  override readonly name = 'TimeError';
}

const LAYOUT = '2006-01-02T15:04:05.999999999Z07:00';

/** What the layout asks for, in order: the element as the layout spells it, what it accepts, and the range of a number. */
interface Element {
  readonly layout: string;
  readonly pattern: RegExp;
  readonly name?: string;
  readonly range?: readonly [number, number];
}

const ELEMENTS: readonly Element[] = [
  { layout: '2006', pattern: /[0-9]{4}/y, name: 'year' },
  { layout: '-', pattern: /-/y },
  { layout: '01', pattern: /[0-9]{2}/y, name: 'month', range: [1, 12] },
  { layout: '-', pattern: /-/y },
  { layout: '02', pattern: /[0-9]{2}/y, name: 'day' },
  { layout: 'T', pattern: /T/y },
  { layout: '15', pattern: /[0-9]{1,2}/y, name: 'hour', range: [0, 23] },
  { layout: ':', pattern: /:/y },
  { layout: '04', pattern: /[0-9]{2}/y, name: 'minute', range: [0, 59] },
  { layout: ':', pattern: /:/y },
  { layout: '05', pattern: /[0-9]{2}/y, name: 'second', range: [0, 59] },
  { layout: '.999999999', pattern: /(?:[.,][0-9]+)?/y, name: 'fraction' },
  { layout: 'Z07:00', pattern: /Z|[-+][0-9]{2}:[0-9]{2}/y, name: 'zone' },
];

/** `time.Parse` with the layout `time.RFC3339Nano`. Throws {@link TimeError}. */
export function parseRfc3339(text: string): Instant {
  const parts = new Map<string, string>();
  let position = 0;
  for (const { layout, pattern, name, range } of ELEMENTS) {
    pattern.lastIndex = position;
    const part = pattern.exec(text)?.[0];
    if (part === undefined) throw cannotParse(text, position, layout);
    if (range !== undefined && (Number(part) < range[0] || Number(part) > range[1])) {
      throw outOfRange(text, name ?? '');
    }
    if (name !== undefined) parts.set(name, part);
    position += part.length;
  }
  const offset = zoneOffset(text, parts.get('zone') ?? 'Z');
  if (position < text.length) {
    throw new TimeError(`parsing time ${quoteLikeTime(text)}: extra text: ${quoteLikeTime(text.slice(position))}`);
  }
  const number = (name: string): number => Number(parts.get(name));
  const date = new Date(0);
  date.setUTCFullYear(number('year'), number('month') - 1, number('day'));
  if (date.getUTCDate() !== number('day')) throw outOfRange(text, 'day');
  const time = number('hour') * 3600 + number('minute') * 60 + number('second');
  const nanos = Number((parts.get('fraction') ?? '').slice(1, 10).padEnd(9, '0'));
  return { seconds: date.getTime() / 1000 + time - offset, nanos };
}

const MAX_ZONE_HOURS = 24;
const MAX_ZONE_MINUTES = 60;

/** Seconds east of Greenwich. */
function zoneOffset(text: string, zone: string): number {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > MAX_ZONE_HOURS) throw outOfRange(text, 'time zone offset hour');
  if (minutes > MAX_ZONE_MINUTES) throw outOfRange(text, 'time zone offset minute');
  return (hours * 60 + minutes) * (zone.startsWith('-') ? -60 : 60);
}

function cannotParse(text: string, position: number, layout: string): TimeError {
  const rest = quoteLikeTime(text.slice(position));
  return new TimeError(`parsing time ${quoteLikeTime(text)} as "${LAYOUT}": cannot parse ${rest} as "${layout}"`);
}

function outOfRange(text: string, what: string): TimeError {
  return new TimeError(`parsing time ${quoteLikeTime(text)}: ${what} out of range`);
}
