/** Time zones (Go's `time.Location`). The rules come from the ICU data of the JavaScript engine. */

/** What applies in a zone at one instant. */
export interface ZoneOffset {
  /** Abbreviation such as `CET`; empty when the zone has none. */
  readonly abbreviation: string;
  /** Seconds east of Greenwich. */
  readonly seconds: number;
}

/** `*time.Location` */
export interface Location {
  readonly name: string;
  /** The offset at an instant, in seconds since 1970. */
  readonly at: (unixSeconds: bigint) => ZoneOffset;
}

/** `time.UTC`. It is also our `time.Local`: answers must not depend on the machine, and a control plane runs in UTC. */
export const UTC: Location = fixedZone('UTC', 0);

/** `time.FixedZone` */
export function fixedZone(abbreviation: string, seconds: number): Location {
  const offset = { abbreviation, seconds };
  return { name: abbreviation, at: () => offset };
}

const ZONE_NAME = /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)*$/;

/** `time.LoadLocation`: undefined when there is no such zone. */
export function loadLocation(name: string): Location | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return UTC;
  if (!ZONE_NAME.test(name)) return undefined;
  try {
    const offsets = formatter('en-US', name, 'longOffset');
    return { name, at: (unixSeconds) => offsetAt(offsets, name, clampedDate(unixSeconds)) };
  } catch {
    return undefined;
  }
}

type NameStyle = 'longOffset' | 'long';

function formatter(locale: string, timeZone: string, style: NameStyle): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: style });
}

function zoneNameOf(format: Intl.DateTimeFormat, date: Date): string {
  return format.formatToParts(date).find((part) => part.type === 'timeZoneName')?.value ?? '';
}

const MAX_DATE = 8_640_000_000_000n;

function clampedDate(unixSeconds: bigint): Date {
  const seconds = unixSeconds > MAX_DATE ? MAX_DATE : unixSeconds < -MAX_DATE ? -MAX_DATE : unixSeconds;
  return new Date(Number(seconds) * 1000);
}

function offsetAt(offsets: Intl.DateTimeFormat, name: string, date: Date): ZoneOffset {
  const match = /^GMT([+-])(\d+)(?::(\d+))?(?::(\d+))?$/.exec(zoneNameOf(offsets, date));
  const [, sign = '+', hours = '0', minutes = '0', rest = '0'] = match ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
  const seconds = sign === '-' ? -size : size;
  return { seconds, abbreviation: abbreviationOf(name, date) ?? numericAbbreviation(seconds) };
}

/** Abbreviations of the zones that have one; engines themselves know the long names only. */
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ['Greenwich Mean Time', 'GMT'],
  ['British Summer Time', 'BST'],
  ['Irish Standard Time', 'IST'],
  ['Western European Standard Time', 'WET'],
  ['Western European Summer Time', 'WEST'],
  ['Central European Standard Time', 'CET'],
  ['Central European Summer Time', 'CEST'],
  ['Eastern European Standard Time', 'EET'],
  ['Eastern European Summer Time', 'EEST'],
  ['Moscow Standard Time', 'MSK'],
  ['Israel Standard Time', 'IST'],
  ['Israel Daylight Time', 'IDT'],
  ['South Africa Standard Time', 'SAST'],
  ['West Africa Standard Time', 'WAT'],
  ['Central Africa Time', 'CAT'],
  ['East Africa Time', 'EAT'],
  ['Pakistan Standard Time', 'PKT'],
  ['India Standard Time', 'IST'],
  ['China Standard Time', 'CST'],
  ['Hong Kong Standard Time', 'HKT'],
  ['Philippine Standard Time', 'PST'],
  ['Japan Standard Time', 'JST'],
  ['Korean Standard Time', 'KST'],
  ['Western Indonesia Time', 'WIB'],
  ['Central Indonesia Time', 'WITA'],
  ['Eastern Indonesia Time', 'WIT'],
  ['Australian Western Standard Time', 'AWST'],
  ['Australian Central Standard Time', 'ACST'],
  ['Australian Central Daylight Time', 'ACDT'],
  ['Australian Eastern Standard Time', 'AEST'],
  ['Australian Eastern Daylight Time', 'AEDT'],
  ['New Zealand Standard Time', 'NZST'],
  ['New Zealand Daylight Time', 'NZDT'],
  ['Newfoundland Standard Time', 'NST'],
  ['Newfoundland Daylight Time', 'NDT'],
  ['Atlantic Standard Time', 'AST'],
  ['Atlantic Daylight Time', 'ADT'],
  ['Eastern Standard Time', 'EST'],
  ['Eastern Daylight Time', 'EDT'],
  ['Central Standard Time', 'CST'],
  ['Central Daylight Time', 'CDT'],
  ['Mountain Standard Time', 'MST'],
  ['Mountain Daylight Time', 'MDT'],
  ['Pacific Standard Time', 'PST'],
  ['Pacific Daylight Time', 'PDT'],
  ['Alaska Standard Time', 'AKST'],
  ['Alaska Daylight Time', 'AKDT'],
  ['Hawaii-Aleutian Standard Time', 'HST'],
  ['Hawaii-Aleutian Daylight Time', 'HDT'],
]);

function abbreviationOf(name: string, date: Date): string | undefined {
  return ABBREVIATIONS.get(zoneNameOf(formatter('en-US', name, 'long'), date));
}

function numericAbbreviation(seconds: number): string {
  const size = Math.abs(seconds);
  const minutes = Math.floor((size % 3600) / 60);
  return (seconds < 0 ? '-' : '+') + two(Math.floor(size / 3600)) + (minutes === 0 ? '' : two(minutes));
}

const two = (value: number): string => String(value).padStart(2, '0');
