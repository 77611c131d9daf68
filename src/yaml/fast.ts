/**
 * The fast path: a reader for block YAML as templates and manifests write it (one-line keys and scalars, literal blocks,
 * lists). It returns undefined for whatever it does not know, mistakes included, and the full decoder takes over; what it
 * does accept it must read exactly as the full decoder does (a property test and fuzzing against Go hold it to that).
 */
import { blockEnd, isKnownDepth, type KnownBlocks } from './blocks.ts';
import { closingQuote, declined, inKey, keyEnd, keyText, plainEnd, plainValue, unquote } from './fast-scalars.ts';
import { ownText, pieceOf } from './flat-text.ts';
import type { JsonRecord } from './record.ts';

/** Anything but printable characters without line breaks of their own: tabs, CR, controls, NEL, LS, PS, surrogates. */
const unusual = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff]/;

/** Deeper documents are left to the full decoder and its limit. */
const MAX_FAST_DEPTH = 100;

const LF = 0x0a;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const HASH = 0x23;
const SINGLE_QUOTE = 0x27;
const DASH = 0x2d;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const PIPE = 0x7c;

/**
 * The value of a document of the known subset; undefined means: not known, decode it fully.
 * @param blocks where parts of the value are taken from and kept
 */
export function decodeFast(text: string, blocks?: KnownBlocks): unknown {
  if (unusual.test(text)) return undefined;
  try {
    return new FastReader(text, blocks).document();
  } catch (reason) {
    if (reason === declined) return undefined;
    throw reason;
  }
}

class FastReader {
  readonly #text: string;
  /** Where the current line's content (or what is left of it) starts. */
  #position = 0;
  /** Column of that content; -1 after the last line. */
  #indent = 0;
  #lineStart = 0;
  #depth: number;
  readonly #blocks: KnownBlocks | undefined;

  constructor(text: string, blocks: KnownBlocks | undefined, depth = 0) {
    this.#text = text;
    this.#blocks = blocks;
    this.#depth = depth;
  }

  document(): unknown {
    this.#findLine(0);
    if (this.#indent === -1) return null;
    const value = this.#block(this.#indent);
    if (this.#indent !== -1) throw declined;
    return value;
  }

  /** Makes the first line at or after `start` that is neither empty nor a comment the current one. */
  #findLine(start: number): void {
    const text = this.#text;
    let position = start;
    for (;;) {
      const lineStart = position;
      while (text.charCodeAt(position) === SPACE) position++;
      const code = text.charCodeAt(position);
      if (code === LF) {
        position++;
      } else if (code === HASH) {
        position = text.indexOf('\n', position) + 1;
        if (position === 0) position = text.length;
      } else {
        this.#lineStart = lineStart;
        this.#position = position;
        this.#indent = position >= text.length ? -1 : position - lineStart;
        return;
      }
    }
  }

  #block(indent: number): unknown {
    if (++this.#depth > MAX_FAST_DEPTH) throw declined;
    const value = this.#atEntry() ? this.#sequence(indent) : this.#mapping(indent);
    this.#depth--;
    return value;
  }

  #atEntry(): boolean {
    if (this.#text.charCodeAt(this.#position) !== DASH) return false;
    const next = this.#text.charCodeAt(this.#position + 1);
    return next === SPACE || next === LF || next !== next;
  }

  #sequence(indent: number): unknown[] {
    const items: unknown[] = [];
    while (this.#indent === indent && this.#atEntry()) {
      const start = this.#skipSpaces(this.#position + 1);
      if (this.#endsLine(start)) {
        this.#findNextLine(start);
        items.push(this.#indent > indent ? this.#block(this.#indent) : null);
        continue;
      }
      this.#position = start;
      const column = start - this.#lineStart;
      if (this.#atEntry() || keyEnd(this.#text, start) !== -1) {
        this.#indent = column;
        items.push(this.#block(column));
      } else {
        items.push(this.#scalar(start, indent));
      }
    }
    if (this.#indent > indent) throw declined;
    return items;
  }

  #mapping(indent: number): JsonRecord {
    const record: JsonRecord = {};
    while (this.#indent === indent) {
      const start = this.#position;
      const end = keyEnd(this.#text, start);
      if (end === -1) {
        // The caller may be a list's map that ends where the list goes on; anything else is not known.
        if (this.#atEntry()) break;
        throw declined;
      }
      const key = keyText(this.#text, start, end);
      const valueStart = this.#skipSpaces(end + 1);
      record[key] = this.#endsLine(valueStart) ? this.#nested(valueStart, indent) : this.#scalar(valueStart, indent);
    }
    if (this.#indent > indent) throw declined;
    return record;
  }

  /** The value of a key that has nothing behind it: a deeper block, a list at the key's own column, or null. */
  #nested(position: number, indent: number): unknown {
    this.#findNextLine(position);
    const isList = this.#atEntry();
    if (this.#indent < indent || (this.#indent === indent && !isList)) return null;
    if (this.#blocks !== undefined && isKnownDepth(this.#depth)) {
      const known = this.#known(this.#blocks, isList);
      if (known !== undefined) return known;
    }
    if (this.#indent > indent) return this.#block(this.#indent);
    if (this.#indent === indent && this.#atEntry()) {
      if (++this.#depth > MAX_FAST_DEPTH) throw declined;
      const items = this.#sequence(indent);
      this.#depth--;
      return items;
    }
    return null;
  }

  /**
   * The block that starts with this line, if it is one to be remembered. A block means the same wherever its text stands, since only a line
   * further left ends it; it is read on its own, so that nothing around it can have a part in its value.
   */
  #known(blocks: KnownBlocks, isList: boolean): object | undefined {
    const start = this.#lineStart;
    const end = blockEnd(this.#text, start, this.#indent, isList);
    if (end === -1) return undefined;
    const piece = this.#text.slice(start, end);
    let value = blocks.get(piece);
    if (value === undefined) {
      const text = ownText(piece);
      value = new FastReader(text, blocks, this.#depth).document() as object;
      blocks.set(text, value);
    }
    this.#findLine(end);
    return value;
  }

  #skipSpaces(start: number): number {
    let position = start;
    while (this.#text.charCodeAt(position) === SPACE) position++;
    return position;
  }

  /** Whether only a comment or nothing follows; `position` stands after white space. */
  #endsLine(position: number): boolean {
    const code = this.#text.charCodeAt(position);
    return code === LF || code !== code || (code === HASH && this.#text.charCodeAt(position - 1) === SPACE);
  }

  #findNextLine(position: number): void {
    const end = this.#text.indexOf('\n', position);
    this.#findLine(end === -1 ? this.#text.length : end + 1);
  }

  /** A scalar on this line, or a literal block; then goes to the next line, which must not continue it. */
  #scalar(start: number, indent: number): unknown {
    const first = this.#text.charCodeAt(start);
    if (first === PIPE) return this.#literal(start, indent);
    let value: unknown;
    let end: number;
    if (first === DOUBLE_QUOTE || first === SINGLE_QUOTE) {
      end = closingQuote(this.#text, start, first);
      value = unquote(this.#text, start, end);
      this.#expectLineEnd(end + 1);
    } else if (first === OPEN_BRACE || first === OPEN_BRACKET) {
      this.#position = start;
      value = first === OPEN_BRACE ? this.#flowMap() : this.#flowList();
      end = this.#position;
      this.#expectLineEnd(end);
    } else {
      end = plainEnd(this.#text, start, first);
      value = plainValue(this.#text, start, end);
    }
    this.#findNextLine(end);
    if (this.#indent > indent) throw declined;
    return value;
  }

  /** `{ key: value, … }`, over several lines too; the position is at the brace, and then after the closing one. */
  #flowMap(): JsonRecord {
    const record: JsonRecord = {};
    this.#enterFlow();
    while (this.#text.charCodeAt(this.#position) !== CLOSE_BRACE) {
      const end = keyEnd(this.#text, this.#position);
      if (end === -1) throw declined;
      const key = keyText(this.#text, this.#position, end);
      this.#position = end + 1;
      this.#skipFlowSpace();
      record[key] = this.#flowValue();
      this.#expectComma(CLOSE_BRACE);
    }
    this.#leaveFlow();
    return record;
  }

  #flowList(): unknown[] {
    const items: unknown[] = [];
    this.#enterFlow();
    while (this.#text.charCodeAt(this.#position) !== CLOSE_BRACKET) {
      items.push(this.#flowValue());
      this.#expectComma(CLOSE_BRACKET);
    }
    this.#leaveFlow();
    return items;
  }

  #enterFlow(): void {
    if (++this.#depth > MAX_FAST_DEPTH) throw declined;
    this.#position++;
    this.#skipFlowSpace();
  }

  #leaveFlow(): void {
    this.#depth--;
    this.#position++;
  }

  /** Skips spaces and line breaks; a line that starts at column 0 might be a document marker. */
  #skipFlowSpace(): void {
    const text = this.#text;
    for (let code = text.charCodeAt(this.#position); code === SPACE || code === LF;) {
      code = text.charCodeAt(++this.#position);
      if (code !== SPACE && code !== LF && text.charCodeAt(this.#position - 1) === LF) throw declined;
    }
  }

  #expectComma(closing: number): void {
    this.#skipFlowSpace();
    const code = this.#text.charCodeAt(this.#position);
    if (code === COMMA) {
      this.#position++;
      this.#skipFlowSpace();
    } else if (code !== closing) {
      throw declined;
    }
  }

  #flowValue(): unknown {
    const text = this.#text;
    const start = this.#position;
    const first = text.charCodeAt(start);
    if (first === OPEN_BRACE) return this.#flowMap();
    if (first === OPEN_BRACKET) return this.#flowList();
    if (first === DOUBLE_QUOTE || first === SINGLE_QUOTE) {
      const end = closingQuote(this.#text, start, first);
      this.#position = end + 1;
      return unquote(this.#text, start, end);
    }
    let end = start;
    while (inKey[text.charCodeAt(end)] === 1) end++;
    if (end === start || (first === DASH && end === start + 1)) throw declined;
    this.#position = end;
    return plainValue(this.#text, start, end);
  }

  #expectLineEnd(position: number): void {
    if (!this.#endsLine(this.#skipSpaces(position))) throw declined;
  }

  /** `|` or `|-` and its lines. */
  #literal(start: number, parentIndent: number): string {
    const text = this.#text;
    const strip = text.charCodeAt(start + 1) === DASH;
    const header = start + (strip ? 2 : 1);
    if (text.charCodeAt(header) !== LF) throw declined;
    const first = this.#skipSpaces(header + 1);
    const indent = first - header - 1;
    if (indent <= parentIndent || text.charCodeAt(first) === LF || first >= text.length) throw declined;

    let value = '';
    let emptyLines = '';
    let position = header + 1;
    let ended = true;
    while (position < text.length) {
      let content = position;
      while (content < position + indent && text.charCodeAt(content) === SPACE) content++;
      const lineEnd = text.indexOf('\n', content);
      if (lineEnd === content) {
        emptyLines += '\n';
      } else if (content < position + indent || content === text.length) {
        break;
      } else {
        ended = lineEnd !== -1;
        value += emptyLines + text.slice(content, ended ? lineEnd : text.length) + (ended ? '\n' : '');
        emptyLines = '';
      }
      position = lineEnd === -1 ? text.length : lineEnd + 1;
    }
    this.#findLine(position);
    if (this.#indent > parentIndent) throw declined;
    return pieceOf(value, 0, strip && ended ? value.length - 1 : value.length);
  }
}
