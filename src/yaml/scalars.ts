/** The types of scalars by YAML 1.1 as go.yaml.in/yaml/v2 has them: what `yes`, `010` and `1_000` are. */

export type ScalarTag = 'str' | 'bool' | 'int' | 'float' | 'null' | 'timestamp';

/** Integers beyond 2^53 come as bigint. */
export interface ResolvedScalar {
  readonly tag: ScalarTag;
  readonly value: string | boolean | number | bigint | null;
}

const words = new Map<string, ResolvedScalar>();
function addWords(tag: ScalarTag, value: ResolvedScalar['value'], spellings: string): void {
  for (const spelling of spellings.split(' ')) words.set(spelling, { tag, value });
}
addWords('bool', true, 'y Y yes Yes YES true True TRUE on On ON');
addWords('bool', false, 'n N no No NO false False FALSE off Off OFF');
addWords('null', null, '~ null Null NULL');
addWords('float', Number.NaN, '.nan .NaN .NAN');
addWords('float', Number.POSITIVE_INFINITY, '.inf .Inf .INF +.inf +.Inf +.INF');
addWords('float', Number.NEGATIVE_INFINITY, '-.inf -.Inf -.INF');
words.set('', { tag: 'null', value: null });

const LONGEST_WORD = 5;

const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
// strconv.ParseFloat takes underscores between digits.
const pointFloat = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
const integer = /^([-+]?)(?:(0[xX][0-9a-fA-F]+)|(0[bB][01]+)|(0[oO]?[0-7]+)|(0|[1-9][0-9]*))$/;

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** What a plain scalar is. */
export function resolvePlain(text: string): ResolvedScalar {
  if (text.length <= LONGEST_WORD) {
    const word = words.get(text);
    if (word !== undefined) return word;
  }
  const first = text.charCodeAt(0);
  if (first === 0x2e) {
    if (pointFloat.test(text)) return floatOrString(text.replaceAll('_', ''), text);
  } else if ((first >= 0x30 && first <= 0x39) || first === 0x2d || first === 0x2b) {
    if (isTimestamp(text)) return { tag: 'timestamp', value: text };
    const number = resolveNumber(text);
    if (number !== undefined) return number;
  }
  return { tag: 'str', value: text };
}

/** Underscores count for nothing anywhere; a leading 0 means octal, unless a digit is 8 or 9: then it is a float. */
function resolveNumber(text: string): ResolvedScalar | undefined {
  const digits = text.includes('_') ? text.replaceAll('_', '') : text;
  const match = integer.exec(digits);
  if (match !== null) {
    const [, sign = '', hex, binary, octal, decimal] = match;
    const literal = hex ?? binary ?? decimal ?? `0o${(octal ?? '').replace(/^0[oO]?/, '')}`;
    const value = literal.length < 15 ? Number(literal) : toInteger(literal);
    const signed = sign === '-' ? -value : value;
    // Go's ParseUint, the second try, takes no sign.
    if (typeof signed === 'number') return { tag: 'int', value: signed === 0 ? 0 : signed };
    if (signed >= MIN_INT64 && signed <= (sign === '' ? MAX_UINT64 : MAX_INT64)) return { tag: 'int', value: signed };
  }
  return float.test(digits) ? floatOrString(digits, text) : undefined;
}

function toInteger(literal: string): number | bigint {
  const value = BigInt(literal);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** A float too large for float64 is a string. */
function floatOrString(digits: string, text: string): ResolvedScalar {
  const value = Number(digits);
  return Number.isFinite(value) ? { tag: 'float', value } : { tag: 'str', value: text };
}

const date = /^(\d{4})-(\d\d?)-(\d\d?)(?:([Tt]|\s)(\d\d?):(\d\d?):(\d\d?)([.,]\d+)?(Z|[-+]\d\d:\d\d)?)?$/;

/** Dates that Go's time package reads in the four layouts of go.yaml.in/yaml/v2; as plain values they stay strings. */
export function isTimestamp(text: string): boolean {
  if (text.charCodeAt(4) !== 0x2d) return false;
  const match = date.exec(text);
  if (match === null) return false;
  const [, year, month, day, separator, hour = '0', minute = '0', second = '0', , zone] = match;
  const hasZone = zone !== undefined;
  if (separator !== undefined && hasZone !== /[Tt]/.test(separator)) return false;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return false;
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1) return false;
  const daysInMonth = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  return Number(day) <= daysInMonth;
}
