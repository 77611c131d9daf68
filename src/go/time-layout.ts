/** Layouts of Go's `time` package: how the reference time `Mon Jan 2 15:04:05 MST 2006` would be written. Formatting. */
import type { Time } from './time.ts';

/** One piece of a layout: literal text before an element, and the element (empty at the end of the layout). */
export interface LayoutPiece {
  readonly literal: string;
  readonly element: string;
}

const ELEMENT =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|_(?=2006)|__2|_2|2|3|4|5|PM|pm|[Z-](?:070000|07:00:00|0700|07:00|07)|[.,](?:0+|9+)(?![0-9])/g;

/** Splits a layout. The last piece has no element. */
export function layoutPieces(layout: string): LayoutPiece[] {
  const pieces: LayoutPiece[] = [];
  let literal = '';
  let end = 0;
  for (const match of layout.matchAll(ELEMENT)) {
    literal += layout.slice(end, match.index);
    end = match.index + match[0].length;
    if (match[0] === '_') {
      literal += '_';
      continue;
    }
    pieces.push({ literal, element: match[0] });
    literal = '';
  }
  pieces.push({ literal: literal + layout.slice(end), element: '' });
  return pieces;
}

export const MONTHS: readonly string[] = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
export const DAYS: readonly string[] = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const zeros = (value: number, width: number): string =>
  value < 0 ? `-${String(-value).padStart(width, '0')}` : String(value).padStart(width, '0');

const clock12 = (hour: number): number => (hour % 12 === 0 ? 12 : hour % 12);

const ELEMENTS: Readonly<Record<string, (time: Time) => string>> = {
  January: (t) => MONTHS[t.civil.month - 1] ?? '',
  Jan: (t) => (MONTHS[t.civil.month - 1] ?? '').slice(0, 3),
  Monday: (t) => DAYS[t.weekday] ?? '',
  Mon: (t) => (DAYS[t.weekday] ?? '').slice(0, 3),
  '2006': (t) => zeros(t.civil.year, 4),
  '06': (t) => zeros(Math.max(t.civil.year, 0) % 100, 2),
  '01': (t) => zeros(t.civil.month, 2),
  '1': (t) => String(t.civil.month),
  '02': (t) => zeros(t.civil.day, 2),
  _2: (t) => String(t.civil.day).padStart(2),
  '2': (t) => String(t.civil.day),
  '002': (t) => zeros(t.yearDay, 3),
  __2: (t) => String(t.yearDay).padStart(3),
  '15': (t) => zeros(t.civil.hour, 2),
  '03': (t) => zeros(clock12(t.civil.hour), 2),
  '3': (t) => String(clock12(t.civil.hour)),
  '04': (t) => zeros(t.civil.minute, 2),
  '4': (t) => String(t.civil.minute),
  '05': (t) => zeros(t.civil.second, 2),
  '5': (t) => String(t.civil.second),
  PM: (t) => (t.civil.hour >= 12 ? 'PM' : 'AM'),
  pm: (t) => (t.civil.hour >= 12 ? 'pm' : 'am'),
  MST: (t) => t.location.at(t.unixSeconds).abbreviation || formatOffset(t, '-0700'),
};

/** `Time.Format` */
export function formatTime(time: Time, layout: string): string {
  let out = '';
  for (const { literal, element } of layoutPieces(layout)) out += literal + formatElement(time, element);
  return out;
}

/** `Time.String` of a time without monotonic clock reading. */
export function timeString(time: Time): string {
  return formatTime(time, '2006-01-02 15:04:05.999999999 -0700 MST');
}

function formatElement(time: Time, element: string): string {
  if (element === '') return '';
  if (/^[.,]/.test(element)) return formatFraction(time.nanosecond, element);
  return /^[Z-]/.test(element) ? formatOffset(time, element) : (ELEMENTS[element]?.(time) ?? '');
}

/** Zeros keep the number of digits, nines drop trailing zeros. */
function formatFraction(nanosecond: number, element: string): string {
  const digits = zeros(nanosecond, 9).slice(0, element.length - 1);
  if (element.charAt(1) === '0') return element.charAt(0) + digits;
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '' : element.charAt(0) + kept;
}

function formatOffset(time: Time, element: string): string {
  const { seconds } = time.location.at(time.unixSeconds);
  if (seconds === 0 && element.startsWith('Z')) return 'Z';
  const minutes = Math.abs(Math.trunc(seconds / 60));
  const colon = element.includes(':') ? ':' : '';
  let out = (seconds <= -60 ? '-' : '+') + zeros(Math.floor(minutes / 60), 2);
  if (element.length > 3) out += colon + zeros(minutes % 60, 2);
  if (element.length > 6) out += colon + zeros(Math.abs(seconds) % 60, 2);
  return out;
}
