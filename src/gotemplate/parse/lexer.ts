/**
 * Splits template source into tokens (the scanner of Go's `text/template/parse`). The parser pulls one token at a time.
 * An error is a token too, and always the last one.
 */
import { quote } from '../../go/quote.ts';
import { isDigit, isLetter, isPrint } from '../../go/unicode.ts';
import { RUNE_ERROR } from '../../go/utf8.ts';
import { ownText } from '../../yaml/index.ts';
import { isKeyword, type Token, type TokenKind } from './token.ts';

const LEFT = '{{';
const RIGHT = '}}';
const LEFT_COMMENT = '/*';
const RIGHT_COMMENT = '*/';
/** `-` with the white space that must stand between it and the action. */
const TRIM_MARKER_LENGTH = 2;

const SPACE = /^[ \t\r\n]$/;
const isSpace = (rune: string): boolean => SPACE.test(rune);
const isAlphaNumeric = (rune: string): boolean => rune === '_' || isLetter(rune) || isDigit(rune);
/** An end of input is the empty rune; a terminator may be one, any space, or one of these. */
const TERMINATORS: ReadonlySet<string> = new Set(['', '.', ',', '|', ':', ')', '(']);

/** Digits after each base prefix; `_` separates. */
const DIGITS: Readonly<Record<string, string>> = { x: '0123456789abcdefABCDEF_', o: '01234567_', b: '01_' };
const DECIMAL = '0123456789_';

/** `%#U`: the code point and, if it can be shown, the character. A lone surrogate stands for a byte that is no character. */
function showRune(rune: string): string {
  const shown = /\p{Surrogate}/u.test(rune) ? RUNE_ERROR : rune;
  const code = (shown.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return isPrint(shown) ? `U+${code} '${shown}'` : `U+${code}`;
}

export class Lexer {
  #input: string;
  #pos = 0;
  #start = 0;
  #line = 1;
  #insideAction = false;
  #parenDepth = 0;

  constructor(input: string) {
    this.#input = input;
  }

  next(): Token {
    return this.#insideAction ? this.#lexAction() : this.#lexText();
  }

  #emit(kind: TokenKind): Token {
    const text = ownText(this.#input.slice(this.#start, this.#pos));
    const token = { kind, text, pos: this.#start, line: this.#line };
    this.#ignore();
    return token;
  }

  #fail(message: string): Token {
    const token: Token = { kind: 'error', text: message, pos: this.#start, line: this.#line };
    this.#input = '';
    this.#pos = this.#start = 0;
    return token;
  }

  /** Skips what was scanned since the last token, counting its lines. */
  #ignore(): void {
    for (let i = this.#start; i < this.#pos; i++) if (this.#input.charCodeAt(i) === 10) this.#line++;
    this.#start = this.#pos;
  }

  /** The rune at the current position, `''` at the end. */
  #peek(): string {
    const code = this.#input.codePointAt(this.#pos);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  #take(): string {
    const rune = this.#peek();
    this.#pos += rune.length;
    return rune;
  }

  #accept(set: string): boolean {
    const rune = this.#peek();
    if (rune === '' || !set.includes(rune)) return false;
    this.#pos += rune.length;
    return true;
  }

  #acceptRun(set: string): void {
    while (this.#accept(set));
  }

  #skipAlphaNumeric(): void {
    while (isAlphaNumeric(this.#peek())) this.#take();
  }

  #lexText(): Token {
    for (;;) {
      const open = this.#input.indexOf(LEFT, this.#pos);
      if (open < 0) {
        this.#pos = this.#input.length;
        return this.#emit(this.#pos > this.#start ? 'text' : 'EOF');
      }
      const from = this.#pos;
      this.#pos = open;
      if (this.#hasLeftTrimMarker(open + LEFT.length)) {
        while (this.#pos > from && isSpace(this.#input.charAt(this.#pos - 1))) this.#pos--;
      }
      const token = this.#emit('text');
      this.#pos = open;
      this.#ignore();
      if (token.text !== '') return token;
      const opened = this.#lexLeftDelim();
      if (opened !== undefined) return opened;
    }
  }

  /** The opening `{{`; a comment yields no token. */
  #lexLeftDelim(): Token | undefined {
    const afterDelim = this.#pos + LEFT.length;
    const marker = this.#hasLeftTrimMarker(afterDelim) ? TRIM_MARKER_LENGTH : 0;
    if (this.#input.startsWith(LEFT_COMMENT, afterDelim + marker)) {
      this.#pos = afterDelim + marker;
      this.#ignore();
      return this.#lexComment();
    }
    this.#pos = afterDelim;
    const token = this.#emit('{{');
    this.#insideAction = true;
    this.#parenDepth = 0;
    this.#pos += marker;
    this.#ignore();
    return token;
  }

  #lexComment(): Token | undefined {
    const end = this.#input.indexOf(RIGHT_COMMENT, this.#pos + LEFT_COMMENT.length);
    if (end < 0) return this.#fail('unclosed comment');
    this.#pos = end + RIGHT_COMMENT.length;
    const right = this.#rightDelim();
    if (right === undefined) return this.#fail('comment ends before closing delimiter');
    this.#lexRightDelim(right.trim);
    return undefined;
  }

  #hasLeftTrimMarker(at: number): boolean {
    return this.#input[at] === '-' && isSpace(this.#input[at + 1] ?? '');
  }

  #hasRightTrimMarker(at: number): boolean {
    return isSpace(this.#input[at] ?? '') && this.#input[at + 1] === '-';
  }

  /** Whether the action ends here, and whether the text behind it is trimmed. */
  #rightDelim(): { readonly trim: boolean } | undefined {
    if (this.#hasRightTrimMarker(this.#pos) && this.#input.startsWith(RIGHT, this.#pos + TRIM_MARKER_LENGTH)) {
      return { trim: true };
    }
    return this.#input.startsWith(RIGHT, this.#pos) ? { trim: false } : undefined;
  }

  /** The closing `}}`, with the white space that its trim marker removes on both sides. */
  #lexRightDelim(trim: boolean): Token {
    if (trim) {
      this.#pos += TRIM_MARKER_LENGTH;
      this.#ignore();
    }
    this.#pos += RIGHT.length;
    const token = this.#emit('}}');
    if (trim) {
      while (isSpace(this.#input.charAt(this.#pos))) this.#pos++;
      this.#ignore();
    }
    this.#insideAction = false;
    return token;
  }

  #lexAction(): Token {
    const right = this.#rightDelim();
    if (right !== undefined) {
      return this.#parenDepth === 0 ? this.#lexRightDelim(right.trim) : this.#fail('unclosed left paren');
    }
    const rune = this.#peek();
    if (rune === '') return this.#fail('unclosed action');
    if (isSpace(rune)) return this.#lexSpace();
    if (isDigit(rune) && rune <= '9') return this.#lexNumber();
    if (isAlphaNumeric(rune)) return this.#lexIdentifier();
    return this.#lexSymbol(this.#take());
  }

  #lexSymbol(rune: string): Token {
    switch (rune) {
      case '=':
        return this.#emit('=');
      case ':':
        return this.#take() === '=' ? this.#emit(':=') : this.#fail('expected :=');
      case '|':
        return this.#emit('|');
      case '"':
        return this.#lexQuoted('"', 'string', 'unterminated quoted string');
      case '`':
        return this.#lexRawString();
      case "'":
        return this.#lexQuoted("'", 'charConstant', 'unterminated character constant');
      case '$':
        return this.#lexWord('variable');
      case '.':
        if (this.#pos < this.#input.length && !/^[0-9]$/.test(this.#input[this.#pos] ?? ''))
          return this.#lexWord('field');
        this.#pos--;
        return this.#lexNumber();
      case '+':
      case '-':
        this.#pos--;
        return this.#lexNumber();
      case '(':
        this.#parenDepth++;
        return this.#emit('(');
      case ')':
        return --this.#parenDepth < 0 ? this.#fail('unexpected right paren') : this.#emit(')');
    }
    if (rune >= '!' && rune <= '~') return this.#emit('char');
    return this.#fail(`unrecognized character in action: ${showRune(rune)}`);
  }

  #lexSpace(): Token {
    const first = this.#pos;
    while (isSpace(this.#peek())) this.#take();
    // The last space may belong to a trim marker: "  -}}".
    const last = this.#pos - 1;
    if (this.#hasRightTrimMarker(last) && this.#input.startsWith(RIGHT, last + TRIM_MARKER_LENGTH)) {
      this.#pos = last;
      if (last === first) return this.#lexRightDelim(true);
    }
    return this.#emit('space');
  }

  #lexIdentifier(): Token {
    this.#skipAlphaNumeric();
    if (!this.#atTerminator()) return this.#fail(`bad character ${showRune(this.#peek())}`);
    const word = this.#input.slice(this.#start, this.#pos);
    if (isKeyword(word)) return this.#emit(word);
    return this.#emit(word === 'true' || word === 'false' ? 'bool' : 'identifier');
  }

  /** A field or variable, whose `.` or `$` was taken; alone they are the dot and the root variable. */
  #lexWord(kind: 'field' | 'variable'): Token {
    if (this.#atTerminator()) return this.#emit(kind === 'variable' ? kind : '.');
    this.#skipAlphaNumeric();
    if (!this.#atTerminator()) return this.#fail(`bad character ${showRune(this.#peek())}`);
    return this.#emit(kind);
  }

  #atTerminator(): boolean {
    const rune = this.#peek();
    return TERMINATORS.has(rune) || isSpace(rune) || this.#input.startsWith(RIGHT, this.#pos);
  }

  #lexQuoted(quoteMark: string, kind: TokenKind, unterminated: string): Token {
    for (;;) {
      let rune = this.#take();
      if (rune === quoteMark) return this.#emit(kind);
      if (rune === '\\') {
        rune = this.#take();
        if (rune !== '' && rune !== '\n') continue;
      }
      if (rune === '' || rune === '\n') return this.#fail(unterminated);
    }
  }

  #lexRawString(): Token {
    const end = this.#input.indexOf('`', this.#pos);
    if (end < 0) return this.#fail('unterminated raw quoted string');
    this.#pos = end + 1;
    return this.#emit('rawString');
  }

  /** Numbers are scanned generously (`1..2`, `089`); what is wrong is found when the parser converts them. */
  #lexNumber(): Token {
    if (!this.#scanNumber()) return this.#badNumber();
    const sign = this.#peek();
    if (sign !== '+' && sign !== '-') return this.#emit('number');
    if (!this.#scanNumber() || this.#input[this.#pos - 1] !== 'i') return this.#badNumber();
    return this.#emit('complex');
  }

  #badNumber(): Token {
    return this.#fail(`bad number syntax: ${quote(this.#input.slice(this.#start, this.#pos))}`);
  }

  #scanNumber(): boolean {
    this.#accept('+-');
    let digits = DECIMAL;
    let exponent = 'eE';
    if (this.#accept('0')) {
      const base = this.#peek().toLowerCase();
      if (this.#accept('xXoObB')) {
        digits = DIGITS[base] ?? DECIMAL;
        exponent = base === 'x' ? 'pP' : '';
      }
    }
    this.#acceptRun(digits);
    if (this.#accept('.')) this.#acceptRun(digits);
    if (this.#accept(exponent)) {
      this.#accept('+-');
      this.#acceptRun(DECIMAL);
    }
    this.#accept('i');
    if (!isAlphaNumeric(this.#peek())) return true;
    this.#take();
    return false;
  }
}
