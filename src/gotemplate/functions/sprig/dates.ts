/** sprig's dates (`date.go`). A date is a time, or a number of seconds since 1970; anything else stands for now. */
import { formatDuration, parseDuration } from '../../../go/duration.ts';
import { parseInt } from '../../../go/strconv.ts';
import { formatTime } from '../../../go/time-layout.ts';
import { parseTime } from '../../../go/time-parse.ts';
import { timeOfNanos, unixTime, ZERO_TIME, type Time } from '../../../go/time.ts';
import { loadLocation, UTC } from '../../../go/time-zone.ts';
import { define, defineWithContext, type FunctionContext } from '../../function.ts';
import { INT, INT32, INT64 } from '../../types.ts';
import { Typed, type GoValue } from '../../values.ts';
import { orElse, orFail } from '../failures.ts';
import { timeOf, timeType } from './time-types.ts';

const NANOS_PER_SECOND = 1_000_000_000n;
const HTML_DATE = '2006-01-02';

function dateOf(context: FunctionContext, value: GoValue): Time {
  if (value instanceof Typed) {
    const { type, data } = value;
    if (type === timeType || type === timeType.pointer) return timeOf(data);
    if (type === INT64 || type === INT || type === INT32) return unixTime(data as bigint);
  }
  return timeOfNanos(context.now());
}

function dateInZone(context: FunctionContext, layout: string, date: GoValue, zone: string): string {
  return formatTime(dateOf(context, date).in(loadLocation(zone) ?? UTC), layout);
}

const date = (context: FunctionContext, layout: string, value: GoValue): string =>
  dateInZone(context, layout, value, 'Local');

/** A duration that cannot be read leaves the date as it is. */
function modify(duration: string, raw: unknown): Time {
  return orElse(() => timeOf(raw).add(parseDuration(duration)), timeOf(raw));
}

function mustModify(duration: string, raw: unknown): Time {
  return timeOf(raw).add(orFail(() => parseDuration(duration)));
}

/** Time passed, in whole seconds (halves away from zero). */
function ago(context: FunctionContext, value: GoValue): string {
  const nanos = context.now() - dateOf(context, value).unixNanos;
  const half = nanos < 0n ? -NANOS_PER_SECOND / 2n : NANOS_PER_SECOND / 2n;
  return formatDuration(((nanos + half) / NANOS_PER_SECOND) * NANOS_PER_SECOND);
}

function duration(seconds: GoValue): string {
  let count = 0n;
  if (typeof seconds === 'string') count = parseInt(seconds, 10, 64).value;
  else if (seconds instanceof Typed && seconds.type === INT64) count = seconds.data as bigint;
  return formatDuration(BigInt.asIntN(64, count * NANOS_PER_SECOND));
}

/** Largest unit of which there is more than one whole part, in nanoseconds; months have 30 days and years 365. */
const UNITS: readonly (readonly [string, bigint])[] = [
  ['y', 365n * 24n * 3600n * NANOS_PER_SECOND],
  ['mo', 30n * 24n * 3600n * NANOS_PER_SECOND],
  ['d', 24n * 3600n * NANOS_PER_SECOND],
  ['h', 3600n * NANOS_PER_SECOND],
  ['m', 60n * NANOS_PER_SECOND],
  ['s', NANOS_PER_SECOND],
];

function durationRound(context: FunctionContext, value: GoValue): string {
  const nanos = durationOf(context, value);
  const size = nanos < 0n ? -nanos : nanos;
  const unit = UNITS.find(([, length]) => size > length);
  return unit === undefined ? '0s' : String(size / unit[1]) + unit[0];
}

function durationOf(context: FunctionContext, value: GoValue): bigint {
  if (typeof value === 'string') return orElse(() => parseDuration(value), 0n);
  if (!(value instanceof Typed)) return 0n;
  if (value.type === INT64) return value.data as bigint;
  return value.type === timeType ? context.now() - timeOf(value.data).unixNanos : 0n;
}

const IN_ZONE = 'func(string, interface {}, string) string';
const MODIFY = 'func(string, time.Time) time.Time';
const MUST_MODIFY = 'func(string, time.Time) (time.Time, error)';

export const dateFunctions = [
  defineWithContext('now', 'func() time.Time', (context) => timeOfNanos(context.now())),
  defineWithContext('ago', 'func(interface {}) string', ago),
  defineWithContext('date', 'func(string, interface {}) string', date),
  defineWithContext('dateInZone', IN_ZONE, dateInZone),
  defineWithContext('date_in_zone', IN_ZONE, dateInZone),
  defineWithContext('htmlDate', 'func(interface {}) string', (context, value: GoValue) =>
    dateInZone(context, HTML_DATE, value, 'Local'),
  ),
  defineWithContext('htmlDateInZone', 'func(interface {}, string) string', (context, value: GoValue, zone: string) =>
    dateInZone(context, HTML_DATE, value, zone),
  ),
  define('dateModify', MODIFY, modify),
  define('date_modify', MODIFY, modify),
  define('mustDateModify', MUST_MODIFY, mustModify),
  define('must_date_modify', MUST_MODIFY, mustModify),
  define('duration', 'func(interface {}) string', duration),
  defineWithContext('durationRound', 'func(interface {}) string', durationRound),
  define('toDate', 'func(string, string) time.Time', (layout: string, text: string) =>
    orElse(() => parseTime(layout, text), ZERO_TIME),
  ),
  define('mustToDate', 'func(string, string) (time.Time, error)', (layout: string, text: string) =>
    orFail(() => parseTime(layout, text)),
  ),
  define('unixEpoch', 'func(time.Time) string', (raw: unknown) => String(timeOf(raw).unixSeconds)),
];
