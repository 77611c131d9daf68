/** Integers, floats and complex numbers under formatting flags (Go's `fmt`). Each function gives the padded text. */
import { quoteRune } from '../../go/quote.ts';
import { isPrint } from '../../go/unicode.ts';
import { pad, type Flags } from './flags.ts';
import { formatFloat, type FloatFormat } from './float.ts';

const MAX_RUNE = 0x10ffffn;
const BITS = 64;
const PREFIXES: Readonly<Record<number, string>> = { 2: '0b', 8: '0', 16: '0x' };
/** Integer verbs by base; the other integer verbs are not numbers. */
const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

/** An integer for a verb, or `undefined` when the verb does not take integers. Negative ones are signed. */
export function formatInteger(value: bigint, verb: string, flags: Flags, isSigned: boolean): string | undefined {
  const base = Object.hasOwn(BASES, verb) ? BASES[verb] : undefined;
  if (base !== undefined) {
    if (verb === 'v' && flags.sharpV && !isSigned) return digitsIn(value, 16, verb, { ...flags, sharp: true });
    return digitsIn(value, base, verb, flags);
  }
  const bits = BigInt.asUintN(BITS, value);
  switch (verb) {
    case 'c':
      return pad(runeText(bits), flags);
    case 'q':
      return pad(quoteRune(bits > MAX_RUNE ? -1 : Number(bits), flags.plus), flags);
    case 'U':
      return unicode(bits, flags);
    default:
      return undefined;
  }
}

function runeText(code: bigint): string {
  const isRune = code <= MAX_RUNE && (code < 0xd800n || code > 0xdfffn);
  return isRune ? String.fromCodePoint(Number(code)) : '\ufffd';
}

function unicode(code: bigint, flags: Flags): string {
  const digits = code.toString(16).toUpperCase();
  const shown = runeText(code);
  const character = flags.sharp && code <= MAX_RUNE && isPrint(shown) ? ` '${shown}'` : '';
  return pad(`U+${digits.padStart(Math.max(4, flags.precision ?? 0), '0')}${character}`, flags, false);
}

function digitsIn(value: bigint, base: number, verb: string, flags: Flags): string {
  const negative = value < 0n;
  if (flags.precision === 0 && value === 0n) return ' '.repeat(flags.width ?? 0);
  let least = flags.precision ?? 0;
  if (flags.precision === undefined && flags.zero && !flags.minus && flags.width !== undefined) {
    least = flags.width - (negative || flags.plus || flags.space ? 1 : 0);
  }
  let text = (negative ? -value : value).toString(base).padStart(least, '0');
  if (flags.sharp && !(base === 8 && text.startsWith('0'))) text = (PREFIXES[base] ?? '') + text;
  if (verb === 'X') text = text.toUpperCase();
  if (verb === 'O') text = `0o${text}`;
  return pad(signed(text, negative, flags), flags, false);
}

function signed(text: string, negative: boolean, flags: Flags): string {
  if (negative) return `-${text}`;
  if (flags.plus) return `+${text}`;
  return flags.space ? ` ${text}` : text;
}

/** Verbs for floats: the notation and the precision when none is given. */
const FLOAT_VERBS: Readonly<Record<string, readonly [FloatFormat, number]>> = {
  v: ['g', -1],
  b: ['b', -1],
  g: ['g', -1],
  G: ['G', -1],
  x: ['x', -1],
  X: ['X', -1],
  f: ['f', 6],
  F: ['f', 6],
  e: ['e', 6],
  E: ['E', 6],
};

/** A float for a verb, or `undefined` when the verb does not take floats. */
export function formatFloatVerb(value: number, verb: string, flags: Flags): string | undefined {
  const format = Object.hasOwn(FLOAT_VERBS, verb) ? FLOAT_VERBS[verb] : undefined;
  if (format === undefined) return undefined;
  const precision = flags.precision ?? format[1];
  const plain = formatFloat(value, format[0], precision);
  const hasSign = plain.startsWith('-') || plain.startsWith('+');
  let sign = hasSign ? plain.charAt(0) : '+';
  let number = hasSign ? plain.slice(1) : plain;
  if (flags.space && sign === '+' && !flags.plus) sign = ' ';
  if (number === 'NaN' || number === 'Inf') {
    const showsSign = number === 'Inf' || flags.space || flags.plus;
    return pad(showsSign ? sign + number : number, flags, false);
  }
  if (flags.sharp && verb !== 'b') number = withDecimalPoint(number, verb === 'v' ? 'g' : verb, precision);
  if (!flags.plus && sign === '+') return pad(number, flags);
  const zeroPadded = flags.zero && !flags.minus && (flags.width ?? 0) > number.length + 1;
  if (zeroPadded) return sign + pad(number, { ...flags, width: (flags.width ?? 0) - 1 });
  return pad(sign + number, flags);
}

/** `#`: always a decimal point, and for `%g` the trailing zeros. */
function withDecimalPoint(number: string, verb: string, precision: number): string {
  const isHex = verb === 'x' || verb === 'X';
  const keepsZeros = verb === 'g' || verb === 'G' || verb === 'x';
  let missing = keepsZeros ? (precision === -1 ? 6 : precision) : 0;
  const split = number.search(isHex ? /[pP]/ : /[eEpP]/);
  const tail = split < 0 ? '' : number.slice(split);
  let head = split < 0 ? number : number.slice(0, split);
  missing -= head.replace('.', '').replace(/^0+/, '').length;
  if (!head.includes('.')) {
    if (head === '0') missing--;
    head += '.';
  }
  return head + '0'.repeat(Math.max(0, missing)) + tail;
}

/** A complex number, `(re+imi)`, or `undefined` when the verb does not take any. */
export function formatComplex(value: { re: number; im: number }, verb: string, flags: Flags): string | undefined {
  const re = formatFloatVerb(value.re, verb, flags);
  const im = formatFloatVerb(value.im, verb, { ...flags, plus: true });
  return re === undefined || im === undefined ? undefined : `(${re}${im}i)`;
}
