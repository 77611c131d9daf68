/** The string formats of Istio's schemas that the API server checks (`k8s.io/kube-openapi/pkg/validation/strfmt`). */
import { parseTime, TimeParseError } from '../../go/time-parse.ts';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const clock = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})$/u;

const formats: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['byte', (text) => base64.test(text)],
  ['date-time', isDateTime],
]);

/** Whether the API server checks the format; it ignores others, those of numbers among them. */
export function isCheckedFormat(format: string | undefined): format is string {
  return format !== undefined && formats.has(format);
}

/** Whether the text has the format; any text has one that is not checked. */
export function hasFormat(text: string, format: string): boolean {
  return formats.get(format)?.(text) ?? true;
}

/** A date, `T` and a time; neither what parts the seconds from their fraction nor the offset is looked at, nor a second `T`. */
function isDateTime(text: string): boolean {
  const [date = '', time] = text.toLowerCase().split('t');
  const parts = time === undefined ? null : clock.exec(time);
  if (parts === null || !isDate(date)) return false;
  const [, hour = '', minute = '', second = ''] = parts;
  return hour <= '23' && minute <= '59' && second <= '59';
}

function isDate(text: string): boolean {
  try {
    parseTime('2006-01-02', text);
    return true;
  } catch (error) {
    if (error instanceof TimeParseError) return false;
    throw error;
  }
}
