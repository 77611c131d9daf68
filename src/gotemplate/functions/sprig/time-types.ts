/** `time.Time`, `time.Duration`, `time.Month` and `time.Weekday` as Go types with the methods that templates call. */
import { formatDuration } from '../../../go/duration.ts';
import { formatTime, DAYS, MONTHS, timeString } from '../../../go/time-layout.ts';
import { civilTime, Time, ZERO_TIME } from '../../../go/time.ts';
import { UTC } from '../../../go/time-zone.ts';
import { addTypeFamily } from '../../gotypes/registry.ts';
import { BOOL, FLOAT64, GoType, INT, INT64, STRING, type Method } from '../../types.ts';

const NANOS_PER_SECOND = 1_000_000_000n;

/** The time behind raw data; none is the zero time. */
export const timeOf = (raw: unknown): Time => (raw instanceof Time ? raw : ZERO_TIME);

function timeMethod(name: string, result: GoType, compute: (time: Time) => unknown): Method {
  return { name, params: [], result, call: (raw) => compute(timeOf(raw)) };
}

function civilMethod(name: string, field: 'year' | 'day' | 'hour' | 'minute' | 'second' | 'nanosecond'): Method {
  return timeMethod(name, INT, (time) => BigInt(time.civil[field]));
}

function order(name: string, judge: (difference: bigint) => boolean): Method {
  const call = (raw: unknown, other: unknown): boolean => judge(timeOf(raw).unixNanos - timeOf(other).unixNanos);
  return { name, params: [timeType], result: BOOL, call };
}

/** `Time.AddDate`: overflowing months and days roll over. */
function addDate(raw: unknown, years: bigint, months: bigint, days: bigint): Time {
  const time = timeOf(raw);
  const { civil } = time;
  const month = civil.month - 1 + Number(months);
  const year = civil.year + Number(years) + Math.floor(month / 12);
  return civilTime(
    { ...civil, year, month: (((month % 12) + 12) % 12) + 1, day: civil.day + Number(days) },
    time.location,
  );
}

const TIME_METHODS = (): readonly Method[] => [
  timeMethod('String', STRING, timeString),
  { name: 'Format', params: [STRING], result: STRING, call: (raw, layout: string) => formatTime(timeOf(raw), layout) },
  civilMethod('Year', 'year'),
  timeMethod('Month', monthType, (time) => BigInt(time.civil.month)),
  civilMethod('Day', 'day'),
  civilMethod('Hour', 'hour'),
  civilMethod('Minute', 'minute'),
  civilMethod('Second', 'second'),
  civilMethod('Nanosecond', 'nanosecond'),
  timeMethod('Weekday', weekdayType, (time) => BigInt(time.weekday)),
  timeMethod('YearDay', INT, (time) => BigInt(time.yearDay)),
  timeMethod('Unix', INT64, (time) => time.unixSeconds),
  timeMethod('UnixMilli', INT64, (time) => BigInt.asIntN(64, time.unixNanos / 1_000_000n)),
  timeMethod('UnixNano', INT64, (time) => BigInt.asIntN(64, time.unixNanos)),
  timeMethod('IsZero', BOOL, (time) => time.unixNanos === ZERO_TIME.unixNanos),
  timeMethod('UTC', timeType, (time) => time.in(UTC)),
  timeMethod('Local', timeType, (time) => time.in(UTC)),
  order('Before', (difference) => difference < 0n),
  order('After', (difference) => difference > 0n),
  order('Equal', (difference) => difference === 0n),
  { name: 'Add', params: [durationType], result: timeType, call: (raw, nanos: bigint) => timeOf(raw).add(nanos) },
  { name: 'AddDate', params: [INT, INT, INT], result: timeType, call: addDate },
  {
    name: 'Sub',
    params: [timeType],
    result: durationType,
    call: (raw, other: unknown) => clampDuration(timeOf(raw).unixNanos - timeOf(other).unixNanos),
  },
];

const MAX_DURATION = (1n << 63n) - 1n;

const clampDuration = (nanos: bigint): bigint =>
  nanos > MAX_DURATION ? MAX_DURATION : nanos < -MAX_DURATION - 1n ? -MAX_DURATION - 1n : nanos;

export const timeType: GoType = new GoType('time.Time', 'struct', {
  methods: TIME_METHODS,
  string: (raw) => timeString(timeOf(raw)),
});

/** Whole units and the rest of one are converted apart, as Go does. */
const inUnits = (nanos: bigint, unit: bigint): number => Number(nanos / unit) + Number(nanos % unit) / Number(unit);

function durationMethod(name: string, result: GoType, compute: (nanos: bigint) => unknown): Method {
  return { name, params: [], result, call: (raw) => compute(raw as bigint) };
}

const durationType: GoType = new GoType('time.Duration', 'int64', {
  string: (raw) => formatDuration(raw as bigint),
  methods: () => [
    durationMethod('String', STRING, formatDuration),
    durationMethod('Seconds', FLOAT64, (nanos) => inUnits(nanos, NANOS_PER_SECOND)),
    durationMethod('Minutes', FLOAT64, (nanos) => inUnits(nanos, 60n * NANOS_PER_SECOND)),
    durationMethod('Hours', FLOAT64, (nanos) => inUnits(nanos, 3600n * NANOS_PER_SECOND)),
    durationMethod('Milliseconds', INT64, (nanos) => nanos / 1_000_000n),
    durationMethod('Nanoseconds', INT64, (nanos) => nanos),
  ],
});

const named = (name: string, textOf: (number: number) => string | undefined): GoType => {
  const text = (raw: unknown): string => textOf(Number(raw)) ?? `%!${name.slice(5)}(${String(raw)})`;
  return new GoType(name, 'int', {
    string: text,
    methods: () => [{ name: 'String', params: [], result: STRING, call: text }],
  });
};

const monthType = named('time.Month', (number) => MONTHS[number - 1]);
const weekdayType = named('time.Weekday', (number) => DAYS[number]);

const TYPES = new Map([timeType, durationType, monthType, weekdayType].map((type) => [type.name, type]));

addTypeFamily((name) => TYPES.get(name));
