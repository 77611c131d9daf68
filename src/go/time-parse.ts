/** Reading times by a layout, with the errors of Go's `time.ParseInLocation`. */
import { quoteLikeTime } from './duration.ts';
import { DAYS, layoutPieces, MONTHS } from './time-layout.ts';
import { civilTime, daysInMonth, isLeapYear, type Time } from './time.ts';
import { fixedZone, UTC, type Location } from './time-zone.ts';

/** A text that does not follow the layout; the message is Go's. */
export class TimeParseError extends Error {
  override name = 'TimeParseError';
}

/** What has been read so far; absent parts take their defaults at the end. */
interface Fields {
  year: number;
  month?: number;
  day?: number;
  yearDay?: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  half?: 'am' | 'pm';
  zone?: Location;
  offset?: number;
  zoneName?: string;
}

/** The unread rest of the text, and the word for a number out of its range. */
interface Step {
  readonly rest: string;
  readonly outOfRange?: string;
}

type Reader = (value: string, fields: Fields, nextElement: string) => Step | undefined;

/** `time.ParseInLocation(layout, text, time.Local)`; our local zone is UTC. Throws {@link TimeParseError}. */
export function parseTime(layout: string, text: string): Time {
  const fields: Fields = { year: 0, hour: 0, minute: 0, second: 0, nanosecond: 0 };
  const pieces = layoutPieces(layout);
  let rest = text;
  pieces.forEach(({ literal, element }, index) => {
    const skipped = skipLiteral(rest, literal);
    if (skipped.left !== '') throw mismatch(text, layout, skipped.rest, literal);
    rest = skipped.rest;
    if (element === '') return;
    const step = readElement(element, rest, fields, pieces[index + 1]?.element ?? '');
    if (step?.outOfRange !== undefined) throw failure(text, `: ${step.outOfRange} out of range`);
    if (step === undefined) throw mismatch(text, layout, rest, element);
    rest = step.rest;
  });
  if (rest !== '') throw failure(text, `: extra text: ${quoteLikeTime(rest)}`);
  return assemble(fields, text);
}

function mismatch(text: string, layout: string, found: string, wanted: string): TimeParseError {
  const [value, pattern, part, element] = [text, layout, found, wanted].map(quoteLikeTime);
  return new TimeParseError(
    `parsing time ${value ?? ''} as ${pattern ?? ''}: cannot parse ${part ?? ''} as ${element ?? ''}`,
  );
}

function failure(text: string, message: string): TimeParseError {
  return new TimeParseError(`parsing time ${quoteLikeTime(text)}${message}`);
}

/** A run of spaces in the layout stands for any run of spaces, also an empty one at the end of the text. */
function skipLiteral(value: string, literal: string): { rest: string; left: string } {
  let rest = value;
  let left = literal;
  while (left !== '') {
    if (left.startsWith(' ')) {
      if (rest !== '' && !rest.startsWith(' ')) break;
      left = left.replace(/^ +/, '');
      rest = rest.replace(/^ +/, '');
    } else {
      if (rest.charAt(0) !== left.charAt(0)) break;
      left = left.slice(1);
      rest = rest.slice(1);
    }
  }
  return { rest, left };
}

function readElement(element: string, value: string, fields: Fields, next: string): Step | undefined {
  if (/^[.,]0/.test(element)) return readFraction(value, element.length, fields);
  if (/^[.,]9/.test(element)) {
    const digits = /^[.,][0-9]+/.exec(value)?.[0];
    return digits === undefined ? { rest: value } : readFraction(value, digits.length, fields);
  }
  if (/^[Z-]/.test(element)) return readOffset(element, value, fields);
  return READERS[element]?.(value, fields, next);
}

/** A number of one or two digits, or exactly two. */
function twoDigits(value: string, exact: boolean): { number: number; rest: string } | undefined {
  const digits = (exact ? /^[0-9]{2}/ : /^[0-9]{1,2}/).exec(value)?.[0];
  return digits === undefined ? undefined : { number: Number(digits), rest: value.slice(digits.length) };
}

type NumberField = 'month' | 'day' | 'hour' | 'minute' | 'second';

function numberReader(field: NumberField, low: number, high: number, exact: boolean): Reader {
  return (value, fields) => {
    const read = twoDigits(value, exact);
    if (read === undefined) return undefined;
    fields[field] = read.number;
    const inRange = read.number >= low && read.number <= high;
    return inRange ? { rest: read.rest } : { rest: read.rest, outOfRange: field };
  };
}

/** A second takes a fraction with it when the layout does not ask for one. */
function secondReader(exact: boolean): Reader {
  const read = numberReader('second', 0, 59, exact);
  return (value, fields, next) => {
    const step = read(value, fields, next);
    if (step === undefined || step.outOfRange !== undefined || /^[.,]/.test(next)) return step;
    const fraction = /^[.,][0-9]+/.exec(step.rest)?.[0];
    return fraction === undefined ? step : readFraction(step.rest, fraction.length, fields);
  };
}

function nameReader(
  names: readonly string[],
  length: number | undefined,
  store: (f: Fields, i: number) => void,
): Reader {
  return (value, fields) => {
    const texts = names.map((name) => name.slice(0, length));
    const index = texts.findIndex((text) => value.slice(0, text.length).toLowerCase() === text.toLowerCase());
    if (index < 0) return undefined;
    store(fields, index);
    return { rest: value.slice(texts[index]?.length ?? 0) };
  };
}

function halfReader(upper: boolean): Reader {
  return (value, fields) => {
    const text = value.slice(0, 2);
    if (!(upper ? /^[AP]M$/ : /^[ap]m$/).test(text)) return undefined;
    fields.half = text.toLowerCase() === 'pm' ? 'pm' : 'am';
    return { rest: value.slice(2) };
  };
}

function dayReader(padded: boolean, exact: boolean): Reader {
  const read = numberReader('day', 0, 99, exact);
  return (value, fields, next) => read(padded ? value.replace(/^ /, '') : value, fields, next);
}

function yearDayReader(padded: boolean): Reader {
  return (value, fields) => {
    const digits = (padded ? /^ {0,2}([0-9]{1,3})/ : /^([0-9]{3})/).exec(value);
    if (digits === null) return undefined;
    fields.yearDay = Number(digits[1]);
    return { rest: value.slice(digits[0].length) };
  };
}

const setMonth = (fields: Fields, index: number): void => {
  fields.month = index + 1;
};
const ignore = (): void => undefined;

const READERS: Readonly<Record<string, Reader>> = {
  January: nameReader(MONTHS, undefined, setMonth),
  Jan: nameReader(MONTHS, 3, setMonth),
  Monday: nameReader(DAYS, undefined, ignore),
  Mon: nameReader(DAYS, 3, ignore),
  '2006': readLongYear,
  '06': readShortYear,
  '01': numberReader('month', 1, 12, true),
  '1': numberReader('month', 1, 12, false),
  '02': dayReader(false, true),
  _2: dayReader(true, false),
  '2': dayReader(false, false),
  '002': yearDayReader(false),
  __2: yearDayReader(true),
  '15': numberReader('hour', 0, 23, false),
  '03': numberReader('hour', 0, 12, true),
  '3': numberReader('hour', 0, 12, false),
  '04': numberReader('minute', 0, 59, true),
  '4': numberReader('minute', 0, 59, false),
  '05': secondReader(true),
  '5': secondReader(false),
  PM: halfReader(true),
  pm: halfReader(false),
  MST: readZoneName,
};

function readLongYear(value: string, fields: Fields): Step | undefined {
  if (!/^[0-9]{4}/.test(value)) return undefined;
  fields.year = Number(value.slice(0, 4));
  return { rest: value.slice(4) };
}

function readShortYear(value: string, fields: Fields): Step | undefined {
  const digits = /^(?:[0-9]{2}|[+-][0-9])/.exec(value)?.[0];
  if (digits === undefined) return undefined;
  const year = Number(digits);
  fields.year = year + (year >= 69 ? 1900 : 2000);
  return { rest: value.slice(2) };
}

function readFraction(value: string, length: number, fields: Fields): Step | undefined {
  const digits = value.slice(1, Math.min(length, 10));
  if (value.length < length || !/^[.,]/.test(value) || !/^[0-9]+$/.test(digits)) return undefined;
  fields.nanosecond = Number(digits.padEnd(9, '0'));
  return { rest: value.slice(length) };
}

/** The sign is checked after the numbers, as Go does. */
const OFFSETS: Readonly<Record<string, RegExp>> = {
  '07': /^(.)([0-9]{2})/,
  '0700': /^(.)([0-9]{2})([0-9]{2})/,
  '07:00': /^(.)([0-9]{2}):([0-9]{2})/,
  '070000': /^(.)([0-9]{2})([0-9]{2})([0-9]{2})/,
  '07:00:00': /^(.)([0-9]{2}):([0-9]{2}):([0-9]{2})/,
};

function readOffset(element: string, value: string, fields: Fields): Step | undefined {
  if (element.startsWith('Z') && value.startsWith('Z')) {
    fields.zone = UTC;
    return { rest: value.slice(1) };
  }
  const match = OFFSETS[element.slice(1)]?.exec(value);
  if (match == null) return undefined;
  const [all, sign, hours = '0', minutes = '0', seconds = '0'] = match;
  const size = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  fields.offset = sign === '-' ? -size : size;
  const part = Number(seconds) > 60 ? 'second' : Number(minutes) > 60 ? 'minute' : Number(hours) > 24 ? 'hour' : '';
  if (part !== '') return { rest: value, outOfRange: `time zone offset ${part}` };
  return sign === '+' || sign === '-' ? { rest: value.slice(all.length) } : undefined;
}

/** Three capitals, four or five ending in T, a few special names, or a signed number of hours. */
const ZONE =
  /^(?:ChST|MeST|GMT(?:[+-](?:0*(?:2[0-3]|1?[0-9]))(?![0-9]))?|[+-]0*(?:2[0-3]|1?[0-9])(?![0-9])|WITA(?![A-Z])|[A-Z]{4}T(?![A-Z])|[A-Z]{3}T(?![A-Z])|[A-Z]{3}(?![A-Z]))/;

function readZoneName(value: string, fields: Fields): Step | undefined {
  if (value.startsWith('UTC')) {
    fields.zone = UTC;
    return { rest: value.slice(3) };
  }
  const name = ZONE.exec(value)?.[0];
  if (name === undefined) return undefined;
  fields.zoneName = name;
  return { rest: value.slice(name.length) };
}

function assemble(fields: Fields, text: string): Time {
  const { year, minute, second, nanosecond } = fields;
  const { month, day } = dateOf(fields, text);
  if (day < 1 || day > daysInMonth(month, year)) throw failure(text, ': day out of range');
  const civil = { year, month, day, hour: hourOf(fields), minute, second, nanosecond };
  if (fields.zone !== undefined) return civilTime(civil, fields.zone);
  const name = fields.zoneName ?? '';
  if (fields.offset !== undefined) {
    const instant = civilTime(civil, fixedZone(name, fields.offset));
    return fields.offset === 0 && name === '' ? instant.in(UTC) : instant;
  }
  if (name === '') return civilTime(civil, UTC);
  const hours = name.startsWith('GMT') ? Number(name.slice(3)) : 0;
  return civilTime(civil, UTC).in(fixedZone(name, hours * 3600));
}

function hourOf({ hour, half }: Fields): number {
  if (half === 'pm' && hour < 12) return hour + 12;
  return half === 'am' && hour === 12 ? 0 : hour;
}

function dateOf(fields: Fields, text: string): { month: number; day: number } {
  const { year, yearDay } = fields;
  if (yearDay === undefined) return { month: fields.month ?? 1, day: fields.day ?? 1 };
  if (yearDay < 1 || yearDay > (isLeapYear(year) ? 366 : 365)) throw failure(text, ': day-of-year out of range');
  let month = 1;
  let day = yearDay;
  for (; day > daysInMonth(month, year); month++) day -= daysInMonth(month, year);
  if (fields.month !== undefined && fields.month !== month) {
    throw failure(text, ': day-of-year does not match month');
  }
  if (fields.day !== undefined && fields.day !== day) throw failure(text, ': day-of-year does not match day');
  return { month, day };
}
