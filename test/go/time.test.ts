import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime, timeString } from '../../src/go/time-layout.ts';
import { parseTime, TimeParseError } from '../../src/go/time-parse.ts';
import { civilTime, daysInMonth, timeOfNanos, unixTime, ZERO_TIME } from '../../src/go/time.ts';
import { fixedZone, loadLocation, UTC } from '../../src/go/time-zone.ts';

const sample = civilTime(
  { year: 2009, month: 2, day: 5, hour: 5, minute: 0, second: 57, nanosecond: 12_345_600 },
  fixedZone('PST', -8 * 3600),
);

describe('Time.Format', () => {
  it.each([
    ['Mon Jan _2 15:04:05 2006', 'Thu Feb  5 05:00:57 2009'],
    ['Monday, 02-Jan-06 15:04:05 MST', 'Thursday, 05-Feb-09 05:00:57 PST'],
    ['2006-01-02T15:04:05.999999999Z07:00', '2009-02-05T05:00:57.0123456-08:00'],
    ['2006-01-02T15:04:05Z07:00', '2009-02-05T05:00:57-08:00'],
    ['3:04PM 3pm', '5:00AM 5am'],
    ['03 1 2 4 5', '05 2 5 0 57'],
    ['January Janet Mon. Months', 'February Janet Thu. Months'],
    ['.000 ,000000 .9 .0000000000', '.012 ,012345  .012345600'],
    ['.0009', '.0009'],
    ['002 __2', '036  36'],
    ['-07 -0700 -07:00 -070000 -07:00:00 Z07', '-08 -0800 -08:00 -080000 -08:00:00 -08'],
    ['_2006 _2', '_2009  5'],
  ])('%j', (layout, text) => expect(formatTime(sample, layout)).toBe(text));

  it('writes Z in UTC and noon as 12', () => {
    const noon = civilTime({ year: 99, month: 12, day: 31, hour: 12, minute: 0, second: 0, nanosecond: 0 }, UTC);
    expect(formatTime(noon, '2006 06 Z07:00 3PM MST .000 .999 .00')).toBe('0099 99 Z 12PM UTC .000  .00');
    const before = civilTime({ year: -5, month: 1, day: 1, hour: 0, minute: 0, second: 0, nanosecond: 0 }, UTC);
    expect(formatTime(before, '2006 06 3')).toBe('-0005 00 12');
  });

  it('String', () => {
    expect(timeString(ZERO_TIME)).toBe('0001-01-01 00:00:00 +0000 UTC');
    expect(timeString(sample)).toBe('2009-02-05 05:00:57.0123456 -0800 PST');
    expect(timeString(unixTime(0n).in(fixedZone('', 3600)))).toBe('1970-01-01 01:00:00 +0100 +0100');
  });
});

describe('calendar', () => {
  it.each([
    [0n, '1970-01-01 00:00:00', 4, 1],
    [1_700_000_000n, '2023-11-14 22:13:20', 2, 318],
    [951_782_400n, '2000-02-29 00:00:00', 2, 60],
    [-1n, '1969-12-31 23:59:59', 3, 365],
    [-62_135_596_801n, '0000-12-31 23:59:59', 0, 366],
  ])('%d seconds', (seconds, text, weekday, yearDay) => {
    const time = unixTime(seconds);
    expect(formatTime(time, '2006-01-02 15:04:05')).toBe(text);
    expect(time.weekday).toBe(weekday);
    expect(time.yearDay).toBe(yearDay);
  });

  it('adds durations', () => {
    expect(unixTime(0n).add(-1n)).toMatchObject({ unixSeconds: -1n, nanosecond: 999_999_999 });
    expect(timeOfNanos(1_500_000_000n)).toMatchObject({ unixSeconds: 1n, nanosecond: 500_000_000 });
  });

  it('knows leap years', () => {
    expect([1900, 2000, 2023, 2024].map((year) => daysInMonth(2, year))).toEqual([28, 29, 28, 29]);
    expect([1, 4].map((month) => daysInMonth(month, 2023))).toEqual([31, 30]);
  });
});

describe('zones', () => {
  it.each([
    ['Europe/Berlin', 1_700_000_000n, 3600, 'CET'],
    ['Europe/Berlin', 1_690_000_000n, 7200, 'CEST'],
    ['Asia/Kolkata', 1_700_000_000n, 19_800, 'IST'],
    ['America/New_York', 1_700_000_000n, -18_000, 'EST'],
    ['America/Sao_Paulo', 1_700_000_000n, -10_800, '-03'],
    ['Asia/Kathmandu', 1_700_000_000n, 20_700, '+0545'],
    ['UTC', 0n, 0, 'UTC'],
    ['', 0n, 0, 'UTC'],
    ['Local', 0n, 0, 'UTC'],
  ])('%s at %d', (name, at, seconds, abbreviation) => {
    expect(loadLocation(name)?.at(at)).toEqual({ seconds, abbreviation });
  });

  it.each(['Nope/Zone', '../etc/passwd', '+01:00', 'europe/berlin', 'Not a zone'])('has no %s', (name) =>
    expect(loadLocation(name)).toBeUndefined(),
  );

  it('answers for instants that no calendar reaches', () => {
    const berlin = loadLocation('Europe/Berlin');
    expect(berlin?.at(1n << 62n).seconds).toBeGreaterThan(0);
    expect(berlin?.at(-(1n << 62n)).seconds).toBeGreaterThan(0);
  });
});

describe('time.Parse', () => {
  it.each([
    ['2006-01-02', '2017-12-31', '2017-12-31 00:00:00 +0000 UTC'],
    ['2006-01-02T15:04:05Z07:00', '2023-01-02T03:04:05+02:00', '2023-01-02 03:04:05 +0200 +0200'],
    ['2006-01-02T15:04:05Z07:00', '2023-01-02T03:04:05.25Z', '2023-01-02 03:04:05.25 +0000 UTC'],
    ['Mon Jan _2 15:04:05 2006', 'Thu Feb  5 21:00:57 2009', '2009-02-05 21:00:57 +0000 UTC'],
    ['January 2, 2006 3PM', 'march 1, 1999 12am', undefined],
    ['January 2, 2006 3PM', 'March 1, 1999 12AM', '1999-03-01 00:00:00 +0000 UTC'],
    ['3:04pm', '1:02pm', '0000-01-01 13:02:00 +0000 UTC'],
    ['06 002', '69 060', '1969-03-01 00:00:00 +0000 UTC'],
    ['2006 __2', '2024  60', '2024-02-29 00:00:00 +0000 UTC'],
    ['06', '12', '2012-01-01 00:00:00 +0000 UTC'],
    ['15:04:05.000 MST', '01:02:03.123 UTC', '0000-01-01 01:02:03.123 +0000 UTC'],
    ['15 MST', '01 GMT+3', '0000-01-01 04:00:00 +0300 GMT+3'],
    ['15 MST', '01 CEST', '0000-01-01 01:00:00 +0000 CEST'],
    ['15 -0700 MST', '01 +0100 CET', '0000-01-01 01:00:00 +0100 CET'],
    ['15 -07', '01 +00', '0000-01-01 01:00:00 +0000 UTC'],
    ['15 Monday .999', '01 Friday ', '0000-01-01 01:00:00 +0000 UTC'],
    ['05,999', '07,5', '0000-01-01 00:00:07.5 +0000 UTC'],
    ['15 Z07:00:00', '01 -01:02:03', '0000-01-01 01:00:00 -0102 -0102'],
  ])('%j reads %j', (layout, text, result) => {
    if (result === undefined) expect(() => parseTime(layout, text)).toThrow(TimeParseError);
    else expect(timeString(parseTime(layout, text))).toBe(result);
  });

  it.each([
    ['2006-01-02', 'bad', 'parsing time "bad" as "2006-01-02": cannot parse "bad" as "2006"'],
    ['2006-01-02', '2017-12-31x', 'parsing time "2017-12-31x": extra text: "x"'],
    ['2006-01-02', '2017-13-31', 'parsing time "2017-13-31": month out of range'],
    ['2006-01-02', '2017-02-29', 'parsing time "2017-02-29": day out of range'],
    ['15:04', '25:00', 'parsing time "25:00": hour out of range'],
    ['15:04', '23:60', 'parsing time "23:60": minute out of range'],
    ['05', '60', 'parsing time "60": second out of range'],
    ['Jan', 'Foo', 'parsing time "Foo" as "Jan": cannot parse "Foo" as "Jan"'],
    ['PM', 'XM', 'parsing time "XM" as "PM": cannot parse "XM" as "PM"'],
    ['06', 'x', 'parsing time "x" as "06": cannot parse "x" as "06"'],
    ['02', '1', 'parsing time "1" as "02": cannot parse "1" as "02"'],
    ['002', '12', 'parsing time "12" as "002": cannot parse "12" as "002"'],
    ['2006 002', '2023 366', 'parsing time "2023 366": day-of-year out of range'],
    ['2006 01 002', '2023 02 001', 'parsing time "2023 02 001": day-of-year does not match month'],
    ['2006 02 002', '2023 02 001', 'parsing time "2023 02 001": day-of-year does not match day'],
    ['-0700', '+2500', 'parsing time "+2500": time zone offset hour out of range'],
    ['-0700', '+0061', 'parsing time "+0061": time zone offset minute out of range'],
    ['-070000', '+000061', 'parsing time "+000061": time zone offset second out of range'],
    ['-0700', 'x0100', 'parsing time "x0100" as "-0700": cannot parse "x0100" as "-0700"'],
    ['-07:00', '+0100', 'parsing time "+0100" as "-07:00": cannot parse "+0100" as "-07:00"'],
    ['MST', 'x', 'parsing time "x" as "MST": cannot parse "x" as "MST"'],
    ['05.000', '07.5', 'parsing time "07.5" as "05.000": cannot parse ".5" as ".000"'],
    ['a b', 'axb', 'parsing time "axb" as "a b": cannot parse "xb" as "a b"'],
  ])('%j refuses %j', (layout, text, message) =>
    expect(() => parseTime(layout, text)).toThrow(new TimeParseError(message)),
  );

  it('reads what it formats', () => {
    const layout = '2006-01-02T15:04:05.000000000Z07:00';
    fc.assert(
      fc.property(fc.bigInt({ min: -62_000_000_000_000_000_000n, max: 250_000_000_000_000_000_000n }), (nanos) => {
        expect(parseTime(layout, formatTime(timeOfNanos(nanos), layout)).unixNanos).toBe(nanos);
      }),
      { seed: 5 },
    );
  });
});
