/** Instants with a zone (Go's `time.Time`) and their civil date and clock, in the proleptic Gregorian calendar. */
import { UTC, type Location } from './time-zone.ts';

const SECONDS_PER_DAY = 86_400;
const NANOS_PER_SECOND = 1_000_000_000n;
const DAYS_PER_ERA = 146_097;
/** Days from 0000-03-01, where the eras of the calendar start, to 1970-01-01. */
const DAYS_TO_EPOCH = 719_468;

/** Date and clock as read in a zone. */
export interface Civil {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

/** `time.Time` */
export class Time {
  /** Seconds since 1970-01-01 UTC. */
  readonly unixSeconds: bigint;
  /** 0 to 999,999,999 */
  readonly nanosecond: number;
  readonly location: Location;

  constructor(unixSeconds: bigint, nanosecond: number, location: Location) {
    this.unixSeconds = unixSeconds;
    this.nanosecond = nanosecond;
    this.location = location;
  }

  /** `Time.In` */
  in(location: Location): Time {
    return new Time(this.unixSeconds, this.nanosecond, location);
  }

  /** `Time.Add`: the duration in nanoseconds. */
  add(nanos: bigint): Time {
    const { seconds, nanosecond } = splitNanos(this.unixNanos + nanos);
    return new Time(seconds, nanosecond, this.location);
  }

  get unixNanos(): bigint {
    return this.unixSeconds * NANOS_PER_SECOND + BigInt(this.nanosecond);
  }

  /** Date and clock in the time's zone. */
  get civil(): Civil {
    const local = this.unixSeconds + BigInt(this.location.at(this.unixSeconds).seconds);
    const day = floorDivide(local, BigInt(SECONDS_PER_DAY));
    const second = Number(local - day * BigInt(SECONDS_PER_DAY));
    return {
      ...civilOfDay(Number(day)),
      hour: Math.floor(second / 3600),
      minute: Math.floor(second / 60) % 60,
      second: second % 60,
      nanosecond: this.nanosecond,
    };
  }

  /** 0 is Sunday. */
  get weekday(): number {
    const { year, month, day } = this.civil;
    return (((dayNumber(year, month, day) + 4) % 7) + 7) % 7;
  }

  /** 1 to 366 */
  get yearDay(): number {
    const { year, month, day } = this.civil;
    return dayNumber(year, month, day) - dayNumber(year, 1, 1) + 1;
  }
}

/** `time.Unix(seconds, 0)` */
export function unixTime(seconds: bigint): Time {
  return new Time(seconds, 0, UTC);
}

/** The instant so many nanoseconds after 1970. */
export function timeOfNanos(nanos: bigint): Time {
  const { seconds, nanosecond } = splitNanos(nanos);
  return new Time(seconds, nanosecond, UTC);
}

function splitNanos(nanos: bigint): { seconds: bigint; nanosecond: number } {
  const seconds = floorDivide(nanos, NANOS_PER_SECOND);
  return { seconds, nanosecond: Number(nanos - seconds * NANOS_PER_SECOND) };
}

/** `time.Date`: the instant at which a zone's clocks show this. */
export function civilTime(civil: Civil, location: Location): Time {
  const day = dayNumber(civil.year, civil.month, civil.day);
  const local = BigInt(day) * BigInt(SECONDS_PER_DAY) + BigInt(civil.hour * 3600 + civil.minute * 60 + civil.second);
  const guess = local - BigInt(location.at(local).seconds);
  return new Time(local - BigInt(location.at(guess).seconds), civil.nanosecond, location);
}

/** The zero `time.Time`: 0001-01-01 00:00:00 UTC. */
export const ZERO_TIME = civilTime({ year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0, nanosecond: 0 }, UTC);

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(month: number, year: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

/** Days since 1970-01-01. The year is counted from March, so that the leap day is its last. */
function dayNumber(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_EPOCH;
}

function civilOfDay(days: number): Pick<Civil, 'year' | 'month' | 'day'> {
  const shifted = days + DAYS_TO_EPOCH;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
