/** `fmt.Sprint`, `fmt.Sprintln` and `fmt.Sprintf` over template values. */
import { typeName, typeOf, type GoValue } from '../values.ts';
import { formatShortest } from '../../go/ftoa.ts';
import { noFlags, type Flags } from './flags.ts';
import { integerOf, Printer } from './printer.ts';

/** From here on `%v` shows a float with an exponent. */
const EXPONENT_FROM = 1e6;

/** Whether JavaScript writes the float as Go does (but for -0, whose sign JavaScript drops). */
const isPlainInteger = (value: number): boolean =>
  Number.isInteger(value) && Math.abs(value) < EXPONENT_FROM && !Object.is(value, -0);

/** `fmt.Sprint` of one value: what an action writes. */
export function sprint1(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return isPlainInteger(value) ? String(value) : formatShortest(value);
    case 'boolean':
      return value ? 'true' : 'false';
  }
  const printer = new Printer();
  printer.printArg(value, 'v');
  return printer.out;
}

/** `fmt.Sprint`: a space between two operands when neither is a string. */
export function sprint(args: readonly GoValue[]): string {
  const printer = new Printer();
  let afterString = true;
  for (const arg of args) {
    const isString = typeOf(arg)?.kind === 'string';
    if (!isString && !afterString) printer.write(' ');
    printer.printArg(arg, 'v');
    afterString = isString;
  }
  return printer.out;
}

/** `fmt.Sprintln`: a space between all operands, and a line feed. */
export function sprintln(args: readonly GoValue[]): string {
  const printer = new Printer();
  args.forEach((arg, i) => {
    if (i > 0) printer.write(' ');
    printer.printArg(arg, 'v');
  });
  return `${printer.out}\n`;
}

/** `fmt.Sprintf`. */
export function sprintf(format: string, args: readonly GoValue[]): string {
  return new FormatReader(format, args).run();
}

/** Largest width, precision or argument index (Go's `tooLarge`). */
const MAX_NUMBER = 1_000_000;
const FLAG_NAMES: Readonly<Record<string, 'sharp' | 'zero' | 'plus' | 'minus' | 'space'>> = {
  '#': 'sharp',
  '0': 'zero',
  '+': 'plus',
  '-': 'minus',
  ' ': 'space',
};

/** Walks a format string; `#at` is the place in it, `#argument` the next operand. */
class FormatReader {
  readonly #format: string;
  readonly #args: readonly GoValue[];
  readonly #printer = new Printer();
  #at = 0;
  #argument = 0;
  /** An index like `[3]` was used somewhere: then left-over operands are not reported. */
  #reordered = false;
  #goodIndex = true;
  #afterIndex = false;

  constructor(format: string, args: readonly GoValue[]) {
    this.#format = format;
    this.#args = args;
  }

  run(): string {
    const format = this.#format;
    while (this.#at < format.length) {
      const percent = format.indexOf('%', this.#at);
      const end = percent < 0 ? format.length : percent;
      if (end > this.#at) this.#printer.write(format.slice(this.#at, end));
      this.#at = end + 1;
      if (percent >= 0) this.#directive();
    }
    if (!this.#reordered && this.#argument < this.#args.length) this.#reportExtra();
    return this.#printer.out;
  }

  #directive(): void {
    const flags = noFlags();
    this.#printer.flags = flags;
    this.#goodIndex = true;
    this.#afterIndex = false;
    this.#readFlags(flags);
    this.#readIndex();
    this.#readWidth(flags);
    this.#readPrecision(flags);
    if (!this.#afterIndex) this.#readIndex();
    if (this.#at >= this.#format.length) return this.#printer.write('%!(NOVERB)');
    const verb = String.fromCodePoint(this.#format.codePointAt(this.#at) ?? 0);
    this.#at += verb.length;
    if (verb === '%') this.#printer.write('%');
    else if (!this.#goodIndex) this.#printer.write(`%!${verb}(BADINDEX)`);
    else if (this.#argument >= this.#args.length) this.#printer.write(`%!${verb}(MISSING)`);
    else this.#printOperand(verb, flags);
  }

  #printOperand(verb: string, flags: Flags): void {
    if (verb === 'v' || verb === 'w') {
      flags.sharpV = flags.sharp;
      flags.sharp = false;
      flags.plusV = flags.plus;
      flags.plus = false;
    }
    this.#printer.printArg(this.#args[this.#argument], verb);
    this.#argument++;
  }

  #readFlags(flags: Flags): void {
    for (; this.#at < this.#format.length; this.#at++) {
      const char = this.#format.charAt(this.#at);
      const name = Object.hasOwn(FLAG_NAMES, char) ? FLAG_NAMES[char] : undefined;
      if (name === undefined) return;
      flags[name] = true;
    }
  }

  #readWidth(flags: Flags): void {
    if (this.#format[this.#at] === '*') {
      this.#at++;
      const width = this.#numberOperand();
      if (width === undefined) this.#printer.write('%!(BADWIDTH)');
      flags.width = width === undefined ? undefined : Math.abs(width);
      if (width !== undefined && width < 0) {
        flags.minus = true;
        flags.zero = false;
      }
      this.#afterIndex = false;
      return;
    }
    flags.width = this.#readNumber();
    if (this.#afterIndex && flags.width !== undefined) this.#goodIndex = false;
  }

  #readPrecision(flags: Flags): void {
    if (this.#format[this.#at] !== '.' || this.#at + 1 > this.#format.length) return;
    this.#at++;
    if (this.#afterIndex) this.#goodIndex = false;
    this.#readIndex();
    if (this.#format[this.#at] !== '*') {
      flags.precision = this.#readNumber() ?? 0;
      return;
    }
    this.#at++;
    const precision = this.#numberOperand();
    flags.precision = precision !== undefined && precision >= 0 ? precision : undefined;
    if (flags.precision === undefined) this.#printer.write('%!(BADPREC)');
    this.#afterIndex = false;
  }

  #numberOperand(): number | undefined {
    if (this.#argument >= this.#args.length) return undefined;
    const number = integerOf(this.#args[this.#argument]);
    this.#argument++;
    return number === undefined || number > MAX_NUMBER || number < -MAX_NUMBER ? undefined : Number(number);
  }

  /** Decimal digits; a number that is too large swallows the rest of the format, as in Go. */
  #readNumber(): number | undefined {
    let number: number | undefined;
    for (; this.#at < this.#format.length; this.#at++) {
      const digit = this.#format.charCodeAt(this.#at) - 0x30;
      if (digit < 0 || digit > 9) break;
      if ((number ?? 0) > MAX_NUMBER) {
        this.#at = this.#format.length;
        return undefined;
      }
      number = (number ?? 0) * 10 + digit;
    }
    return number;
  }

  /** `[3]`: the operand to use next. */
  #readIndex(): void {
    this.#afterIndex = false;
    if (this.#format[this.#at] !== '[') return;
    this.#reordered = true;
    const close = this.#format.indexOf(']', this.#at);
    const text = close < 0 ? '' : this.#format.slice(this.#at + 1, close);
    const isNumber = /^[0-9]{1,8}$/.test(text);
    this.#at = close < 0 ? this.#at + 1 : close + 1;
    const index = Number(text) - 1;
    this.#afterIndex = isNumber;
    if (isNumber && index >= 0 && index < this.#args.length) this.#argument = index;
    else this.#goodIndex = false;
  }

  #reportExtra(): void {
    this.#printer.flags = noFlags();
    const extra = this.#args
      .slice(this.#argument)
      .map((arg) => (arg == null ? '<nil>' : `${typeName(arg)}=${sprint1(arg)}`));
    this.#printer.write(`%!(EXTRA ${extra.join(', ')})`);
  }
}
