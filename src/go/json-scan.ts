/** Where and why a text is not JSON, in the words of Go's `encoding/json` scanner. */
import { quote } from './quote.ts';
import { encodeBytes } from './utf8.ts';

const END = 'unexpected end of JSON input';
const MAX_DEPTH = 10_000;

/** The text of Go's `*json.SyntaxError` for a text that is not valid JSON. */
export function findJsonSyntaxError(text: string): string {
  return new Scanner(text).run() ?? END;
}

class Scanner {
  readonly #text: string;
  #at = 0;
  /** The closing brackets still to come. */
  readonly #open: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** The first error, if any. Iterative: nesting is the sender's choice. */
  run(): string | undefined {
    for (;;) {
      const error = this.#value();
      if (error === 'opened') continue;
      if (error !== undefined) return error;
      const after = this.#afterValue();
      if (after !== 'next') return after === 'done' ? undefined : after;
    }
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #skipSpace(): void {
    while (/^[ \t\r\n]$/.test(this.#peek())) this.#at++;
  }

  /** One value or the opening of a container, whose first element (or key) is then next. */
  #value(): string | undefined {
    this.#skipSpace();
    const start = this.#peek();
    switch (start) {
      case '{':
      case '[':
        return this.#openContainer(start);
      case '"':
        return this.#string();
      case 't':
        return this.#literal('true');
      case 'f':
        return this.#literal('false');
      case 'n':
        return this.#literal('null');
      default:
        return /^[-0-9]$/.test(start) ? this.#number() : this.#unexpected('looking for beginning of value');
    }
  }

  #openContainer(start: string): string | undefined {
    if (this.#open.length >= MAX_DEPTH) return this.#unexpected('exceeded max depth');
    this.#at++;
    const close = start === '{' ? '}' : ']';
    this.#open.push(close);
    this.#skipSpace();
    if (this.#peek() === close) {
      this.#at++;
      this.#open.pop();
      return undefined;
    }
    return start === '{' ? (this.#key() ?? 'opened') : 'opened';
  }

  #key(): string | undefined {
    this.#skipSpace();
    if (this.#peek() !== '"') return this.#unexpected('looking for beginning of object key string');
    const error = this.#string();
    if (error !== undefined) return error;
    this.#skipSpace();
    if (this.#peek() !== ':') return this.#unexpected('after object key');
    this.#at++;
    return undefined;
  }

  /** Closes what ends here: 'next' when another value follows, 'done' at the end of the text, else the error. */
  #afterValue(): string {
    for (;;) {
      this.#skipSpace();
      const close = this.#open.at(-1);
      const found = this.#peek();
      if (close === undefined) return found === '' ? 'done' : this.#unexpected('after top-level value');
      if (found === ',') {
        this.#at++;
        return close === '}' ? (this.#key() ?? 'next') : 'next';
      }
      if (found !== close) {
        return this.#unexpected(close === '}' ? 'after object key:value pair' : 'after array element');
      }
      this.#at++;
      this.#open.pop();
    }
  }

  #string(): string | undefined {
    for (this.#at++; ; this.#at++) {
      const found = this.#peek();
      if (found === '"') {
        this.#at++;
        return undefined;
      }
      if (found === '' || found < ' ') return this.#unexpected('in string literal');
      const error = found === '\\' ? this.#escape() : undefined;
      if (error !== undefined) return error;
    }
  }

  /** Leaves the position on the last character of the escape. */
  #escape(): string | undefined {
    this.#at++;
    const kind = this.#peek();
    if (kind !== 'u') return /^["\\/bfnrt]$/.test(kind) ? undefined : this.#unexpected('in string escape code');
    for (let i = 0; i < 4; i++) {
      this.#at++;
      if (!/^[0-9a-fA-F]$/.test(this.#peek())) return this.#unexpected('in \\u hexadecimal character escape');
    }
    return undefined;
  }

  #literal(word: string): string | undefined {
    for (let i = 1; i < word.length; i++) {
      this.#at++;
      const expected = word.charAt(i);
      if (this.#peek() !== expected) return this.#unexpected(`in literal ${word} (expecting '${expected}')`);
    }
    this.#at++;
    return undefined;
  }

  #number(): string | undefined {
    if (this.#peek() === '-') this.#at++;
    if (this.#peek() === '0') this.#at++;
    else if (!this.#digits()) return this.#unexpected('in numeric literal');
    if (this.#peek() === '.') {
      this.#at++;
      if (!this.#digits()) return this.#unexpected('after decimal point in numeric literal');
    }
    if (/^[eE]$/.test(this.#peek())) {
      this.#at++;
      if (/^[+-]$/.test(this.#peek())) this.#at++;
      if (!this.#digits()) return this.#unexpected('in exponent of numeric literal');
    }
    return undefined;
  }

  #digits(): boolean {
    const start = this.#at;
    while (/^[0-9]$/.test(this.#peek())) this.#at++;
    return this.#at > start;
  }

  /** At the end of the text Go's scanner is fed a space, and complains about it where a space may not stand. */
  #unexpected(where: string): string {
    const found = this.#text.codePointAt(this.#at);
    if (found === undefined) return SPACE_ALLOWED.test(where) ? END : `invalid character ' ' ${where}`;
    return `invalid character ${quoteByte(encodeBytes(String.fromCodePoint(found))[0] ?? 0)} ${where}`;
  }
}

const SPACE_ALLOWED = /^(?:looking|after (?!decimal)|in string literal)/;

/** Go quotes the single byte it stumbled on. */
function quoteByte(byte: number): string {
  if (byte === 0x27) return "'\\''";
  if (byte === 0x22) return "'\"'";
  return `'${quote(String.fromCharCode(byte)).slice(1, -1)}'`;
}
