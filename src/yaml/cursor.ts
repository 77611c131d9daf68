import { CR, LF, isBreak, isBreakOrEnd } from './characters.ts';

/** A position in the text. Lines and columns are counted from 0; columns in UTF-16 units. */
export interface Mark {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

/** Walks over the text and knows the line and column; the text ends in a NUL as its sentinel. */
export class Cursor {
  readonly text: string;
  index = 0;
  line = 0;
  #lineStart = 0;

  constructor(text: string) {
    this.text = `${text}\0`;
    if (text.charCodeAt(0) === 0xfeff) {
      this.index = 1;
      this.#lineStart = 1;
    }
  }

  get column(): number {
    return this.index - this.#lineStart;
  }

  /** The code unit `offset` after the position; NaN past the end. */
  code(offset = 0): number {
    return this.text.charCodeAt(this.index + offset);
  }

  mark(): Mark {
    return { index: this.index, line: this.line, column: this.column };
  }

  /** Consumes one line break (CR LF is one) and gives its value: LF for all but the Unicode separators. */
  readBreak(): string {
    const code = this.code();
    if (!isBreak(code)) return '';
    this.index += code === CR && this.code(1) === LF ? 2 : 1;
    this.line += 1;
    this.#lineStart = this.index;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
  }

  /** Consumes and gives the rest of the line without its break. */
  readRestOfLine(): string {
    const start = this.index;
    while (!isBreakOrEnd(this.code())) this.index += 1;
    return this.text.slice(start, this.index);
  }

  /** Consumes a comment if one starts here. */
  skipComment(): void {
    if (this.code() === 0x23) this.readRestOfLine();
  }

  /** Whether a `---` or `...` line starts here. */
  atDocumentIndicator(): boolean {
    if (this.column !== 0) return false;
    const code = this.code();
    if ((code !== 0x2d && code !== 0x2e) || this.code(1) !== code || this.code(2) !== code) return false;
    const next = this.code(3);
    return next === 0x20 || next === 0x09 || isBreakOrEnd(next);
  }
}
