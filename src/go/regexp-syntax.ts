/**
 * Whether a pattern is a regular expression for Go's `regexp` (RE2 syntax with Perl's extensions), and Go's words when it is
 * not. The pattern is read once from left to right and nothing is built but the sizes that Go limits, so the time is
 * linear in its length, where compiling would multiply it by the counted repetitions.
 */
import { isPosixClass, isUnicodeClass } from './regexp-classes.ts';
import { Group, maxHeight, maxRepeat, maxSize, single } from './regexp-size.ts';
import type { Expression } from './regexp-size.ts';

/** What Go's `regexp.Compile` says of the pattern: `error parsing regexp: …`; undefined when it compiles. */
export function findRegexpError(pattern: string): string | undefined {
  try {
    new SyntaxReader(pattern).read();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return `error parsing regexp: ${error.reason}: \`${error.fragment}\``;
    throw error;
  }
}

/** Codes of `syntax.Error`. */
type Reason =
  | 'expression nests too deeply'
  | 'expression too large'
  | 'invalid character class range'
  | 'invalid escape sequence'
  | 'invalid named capture'
  | 'invalid nested repetition operator'
  | 'invalid or unsupported Perl syntax'
  | 'invalid repeat count'
  | 'missing argument to repetition operator'
  | 'missing closing )'
  | 'missing closing ]'
  | 'trailing backslash at end of expression'
  | 'unexpected )';

class Fault {
  readonly reason: Reason;
  readonly fragment: string;

  constructor(reason: Reason, fragment: string) {
    this.reason = reason;
    this.fragment = fragment;
  }
}

const isOctal = (char: string): boolean => char >= '0' && char <= '7' && char.length === 1;
const isWordCharacter = (char: string): boolean => /^[0-9A-Za-z]$/.test(char);

class SyntaxReader {
  private readonly pattern: string;
  private readonly lastPosixEnd: number;
  private at = 0;
  private readonly outer: Group[] = [];
  private group = new Group(false);
  /** Where the repetition operator just read begins; undefined when something else was read. */
  private repetition: number | undefined;

  constructor(pattern: string) {
    this.pattern = pattern;
    this.lastPosixEnd = pattern.lastIndexOf(':]');
  }

  read(): void {
    while (this.at < this.pattern.length) {
      const start = this.at;
      const isRepetition = this.readToken();
      this.repetition = isRepetition ? start : undefined;
    }
    if (this.outer.length > 0) throw new Fault('missing closing )', this.pattern);
    this.checkLimits(this.group.close());
  }

  /** Reads the next token; returns whether it was a repetition operator. */
  private readToken(): boolean {
    switch (this.pattern.charAt(this.at)) {
      case '(':
        this.openGroup();
        return false;
      case ')':
        this.closeGroup();
        return false;
      case '|':
        this.at++;
        this.group.split();
        return false;
      case '[':
        this.readBrackets();
        this.group.append(single);
        return false;
      case '\\':
        this.readBackslash();
        return false;
      case '*':
      case '+':
      case '?':
        this.readOperator();
        return true;
      case '{':
        if (this.readCount()) return true;
    }
    this.nextRune();
    this.group.append(single);
    return false;
  }

  private openGroup(): void {
    if (this.pattern.charAt(this.at + 1) !== '?') {
      this.at++;
      this.push(true);
      return;
    }
    const name = /\(\?P?</y;
    name.lastIndex = this.at;
    // A name, or what is missing of it, must follow.
    if (name.test(this.pattern) && name.lastIndex < this.pattern.length) {
      this.readName(name.lastIndex);
      this.push(true);
    } else {
      this.readFlags();
    }
  }

  private push(captures: boolean): void {
    this.outer.push(this.group);
    this.group = new Group(captures);
  }

  private closeGroup(): void {
    const outer = this.outer.pop();
    if (outer === undefined) throw new Fault('unexpected )', this.pattern);
    const closed = this.group.close();
    this.checkLimits(closed);
    this.group = outer;
    this.group.append(closed);
    this.at++;
  }

  private readName(start: number): void {
    const end = this.pattern.indexOf('>', this.at);
    if (end < 0) throw new Fault('invalid named capture', this.pattern.slice(this.at));
    if (!/^[0-9A-Za-z_]+$/.test(this.pattern.slice(start, end))) {
      throw new Fault('invalid named capture', this.pattern.slice(this.at, end + 1));
    }
    this.at = end + 1;
  }

  /** Reads `(?flags)` or `(?flags:`; `-` needs a flag after it. */
  private readFlags(): void {
    const start = this.at;
    this.at += 2;
    const flags = /[imsU]*(?:-[imsU]+)?(?=[:)])/y;
    flags.lastIndex = this.at;
    if (!flags.test(this.pattern)) {
      const bad = /[imsU]*(?:-[imsU]*)?/y;
      bad.lastIndex = this.at;
      bad.test(this.pattern);
      this.at = bad.lastIndex;
      if (this.at < this.pattern.length) this.nextRune();
      throw new Fault('invalid or unsupported Perl syntax', this.pattern.slice(start, this.at));
    }
    this.at = flags.lastIndex + 1;
    if (this.pattern.charAt(flags.lastIndex) === ':') this.push(false);
  }

  private readOperator(): void {
    const start = this.at++;
    const sub = this.readRepeated(start);
    const extra = this.pattern.charAt(start) === '*' ? 2 : 1;
    this.group.last = { size: sub.size + extra, height: sub.height + 1, repeats: sub.repeats };
    this.checkLimits(this.group.last);
  }

  /** Reads `{n}`, `{n,}` or `{n,m}`; returns false when the brace is an ordinary character. */
  private readCount(): boolean {
    const form = /\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}/y;
    form.lastIndex = this.at;
    const match = form.exec(this.pattern);
    if (match === null) return false;
    const start = this.at;
    this.at = form.lastIndex;
    const min = Number(match[1]);
    const isOpen = match[2] === ',';
    const max = match[2] === undefined ? min : isOpen ? min : Number(match[3]);
    if (min > maxRepeat || max > maxRepeat || min > max) {
      throw new Fault('invalid repeat count', this.pattern.slice(start, this.at));
    }
    const { size, height, repeats } = this.readRepeated(start);
    const copies = isOpen ? (min === 0 ? size + 2 : 1 + min * size) : max * size + (max - min);
    this.group.last = {
      size: Math.max(1, copies),
      height: height + 1,
      repeats: max === 0 && !isOpen ? 1 : Math.max(1, max) * repeats,
    };
    this.checkLimits(this.group.last);
    if (max >= 2 && this.group.last.repeats > maxRepeat) {
      throw new Fault('invalid repeat count', this.pattern.slice(start, this.at));
    }
    return true;
  }

  /** Reads the `?` that may follow an operator; gives what the operator repeats. */
  private readRepeated(start: number): Expression {
    if (this.pattern.charAt(this.at) === '?') this.at++;
    if (this.repetition !== undefined) {
      throw new Fault('invalid nested repetition operator', this.pattern.slice(this.repetition, this.at));
    }
    if (this.group.last === undefined) {
      throw new Fault('missing argument to repetition operator', this.pattern.slice(start, this.at));
    }
    return this.group.last;
  }

  private readBackslash(): void {
    const next = this.pattern.charAt(this.at + 1);
    if (next === 'Q') {
      this.readQuoted();
      return;
    }
    if (next === 'C') throw new Fault('invalid escape sequence', '\\C');
    if (next !== '' && 'AbBz'.includes(next)) this.at += 2;
    else if (!this.readClassEscape()) this.readEscape();
    this.group.append(single);
  }

  /** Reads `\Q…\E`; without an end all that follows is literal. */
  private readQuoted(): void {
    const start = this.at + 2;
    const end = this.pattern.indexOf('\\E', start);
    const length = (end < 0 ? this.pattern.length : end) - start;
    for (let count = 0; count < length; count++) this.group.append(single);
    this.at = end < 0 ? this.pattern.length : end + 2;
  }

  /** Reads `\d`, `\pN`, `\p{Greek}` and the like; returns false when it is another escape. */
  private readClassEscape(): boolean {
    const next = this.pattern.charAt(this.at + 1);
    if (next === 'p' || next === 'P') {
      this.readUnicodeClass();
      return true;
    }
    if (next === '' || !'dDsSwW'.includes(next)) return false;
    this.at += 2;
    return true;
  }

  private readUnicodeClass(): void {
    const start = this.at;
    this.at += 2;
    // Go takes the rest, which is nothing, for a letter.
    let name = this.at < this.pattern.length ? this.nextRune() : '';
    if (name === '{') {
      const end = this.pattern.indexOf('}', start);
      if (end < 0) throw new Fault('invalid character class range', this.pattern.slice(start));
      name = this.pattern.slice(start + 3, end);
      this.at = end + 1;
    }
    if (!isUnicodeClass(name.startsWith('^') ? name.slice(1) : name)) {
      throw new Fault('invalid character class range', this.pattern.slice(start, this.at));
    }
  }

  private readBrackets(): void {
    const start = this.at++;
    if (this.pattern.charAt(this.at) === '^') this.at++;
    for (let isFirst = true; isFirst || this.pattern.charAt(this.at) !== ']'; isFirst = false) {
      if (this.readPosixClass() || (this.pattern.charAt(this.at) === '\\' && this.readClassEscape())) continue;
      this.readRange(start);
    }
    this.at++;
  }

  /** Reads `[:alpha:]`; returns false when it is none, although it may begin like one. */
  private readPosixClass(): boolean {
    if (!this.pattern.startsWith('[:', this.at) || this.lastPosixEnd < this.at + 2) return false;
    const end = this.pattern.indexOf(':]', this.at + 2);
    const name = this.pattern.slice(this.at, end + 2);
    if (!isPosixClass(name.slice(2, -2))) throw new Fault('invalid character class range', name);
    this.at = end + 2;
    return true;
  }

  private readRange(brackets: number): void {
    const start = this.at;
    const low = this.readBracketCharacter(brackets);
    if (this.pattern.charAt(this.at) !== '-') return;
    const next = this.pattern.charAt(this.at + 1);
    if (next === '' || next === ']') return;
    this.at++;
    const high = this.readBracketCharacter(brackets);
    if (high < low) throw new Fault('invalid character class range', this.pattern.slice(start, this.at));
  }

  private readBracketCharacter(brackets: number): number {
    if (this.at >= this.pattern.length) throw new Fault('missing closing ]', this.pattern.slice(brackets));
    return this.pattern.charAt(this.at) === '\\' ? this.readEscape() : (this.nextRune().codePointAt(0) ?? 0);
  }

  /** Reads the escape of one character; gives its code point. */
  private readEscape(): number {
    const start = this.at++;
    if (this.at >= this.pattern.length) throw new Fault('trailing backslash at end of expression', '');
    const char = this.nextRune();
    const code = this.escapedCode(char);
    if (code === undefined) throw new Fault('invalid escape sequence', this.pattern.slice(start, this.at));
    return code;
  }

  /** The code point that a letter behind a backslash stands for; reads the digits that belong to it. */
  private escapedCode(char: string): number | undefined {
    const control = controls.get(char);
    if (control !== undefined) return control;
    if (char === 'x') return this.readHex();
    if (isOctal(char) && (char === '0' || isOctal(this.pattern.charAt(this.at)))) {
      let digits = char;
      while (digits.length < 3 && isOctal(this.pattern.charAt(this.at))) digits += this.pattern.charAt(this.at++);
      return parseInt(digits, 8);
    }
    const code = char.codePointAt(0) ?? 0;
    return code < 0x80 && !isWordCharacter(char) ? code : undefined;
  }

  /** Reads `7F` or `{10FFFF}`; undefined when it is neither, with all read that Go has looked at. */
  private readHex(): number | undefined {
    if (this.at >= this.pattern.length) return undefined;
    const first = this.nextRune();
    if (first !== '{') {
      const second = this.at < this.pattern.length ? this.nextRune() : '';
      return isHex(first) && isHex(second) ? parseInt(first + second, 16) : undefined;
    }
    let value: number | undefined;
    while (this.at < this.pattern.length) {
      const digit = this.nextRune();
      if (digit === '}') return value;
      if (!isHex(digit)) return undefined;
      value = (value ?? 0) * 16 + parseInt(digit, 16);
      if (value > 0x10ffff) return undefined;
    }
    return undefined;
  }

  private nextRune(): string {
    const rune = String.fromCodePoint(this.pattern.codePointAt(this.at) ?? 0);
    this.at += rune.length;
    return rune;
  }

  private checkLimits({ size, height }: Expression): void {
    if (size > maxSize) throw new Fault('expression too large', this.pattern);
    if (height > maxHeight) throw new Fault('expression nests too deeply', this.pattern);
  }
}

const controls: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);

const isHex = (char: string): boolean => /^[0-9A-Fa-f]$/.test(char);
