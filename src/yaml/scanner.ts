import { TAB, SPACE, isBlankBreakOrEnd, isBreak, isEnd } from './characters.ts';
import { Cursor, type Mark } from './cursor.ts';
import { scannerError } from './error.ts';
import { scanAnchorName, scanDirective, scanTag } from './scan-properties.ts';
import { scanBlock, scanPlain, scanQuoted } from './scan-scalars.ts';
import type { Token, TokenKind } from './token.ts';

/** A key on one line may be at most this long before its `:` (YAML 1.1, section 4.3). */
const MAX_SIMPLE_KEY_LENGTH = 1024;

/** A place where a key without `?` may have begun. */
interface SimpleKey {
  possible: boolean;
  /** A block key at the current indentation: anything but a key is an error here. */
  readonly required: boolean;
  readonly tokenNumber: number;
  readonly mark: Mark;
}

/**
 * Turns text into tokens as the Go port of libyaml does: indentation becomes start and end tokens, and a key is
 * recognised when its `:` comes, by inserting tokens before what was already read.
 */
export class Scanner {
  readonly #cursor: Cursor;
  readonly #queue: Token[] = [];
  #taken = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #simpleKeyAllowed = true;
  readonly #simpleKeys: SimpleKey[] = [];
  /** The possible key for each token number, so that the head of the queue is looked up at once. */
  readonly #keyByToken = new Map<number, SimpleKey>();
  #flowLevel = 0;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
    this.#simpleKeys.push(this.#noKey());
  }

  /** The next token without taking it. */
  peek(): Token {
    while (this.#queue.length === 0 || this.#headMayBeKey()) this.#fetch();
    return this.#queue[0] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#queue.shift();
    this.#taken += 1;
    return token;
  }

  #headMayBeKey(): boolean {
    const key = this.#keyByToken.get(this.#taken);
    return key !== undefined && this.#isValid(key);
  }

  #noKey(): SimpleKey {
    const tokenNumber = this.#taken + this.#queue.length;
    return { possible: false, required: false, tokenNumber, mark: this.#cursor.mark() };
  }

  #fail(problem: string): never {
    throw scannerError(problem, this.#cursor.line, this.#cursor.column);
  }

  #push(kind: TokenKind, mark: Mark, value = '', suffix = '', plain = false): void {
    this.#queue.push({ kind, line: mark.line, column: mark.column, value, suffix, plain });
  }

  #fetch(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#unrollIndent(cursor.column);
    const code = cursor.code();
    if (isEnd(code)) return this.#fetchStreamEnd();
    if (code === 0x25 && cursor.column === 0) return this.#fetchDirective();
    if (cursor.atDocumentIndicator()) return this.#fetchDocumentIndicator(code);
    const inFlow = this.#flowLevel > 0;
    const standsAlone = isBlankBreakOrEnd(cursor.code(1));
    switch (code) {
      case 0x5b: // [
        return this.#fetchFlowStart('flow-sequence-start');
      case 0x7b: // {
        return this.#fetchFlowStart('flow-mapping-start');
      case 0x5d: // ]
        return this.#fetchFlowEnd('flow-sequence-end');
      case 0x7d: // }
        return this.#fetchFlowEnd('flow-mapping-end');
      case 0x2c: // ,
        return this.#fetchIndicator('flow-entry', true);
      case 0x2d: // -
        if (standsAlone) return this.#fetchBlockEntry();
        return this.#fetchPlain();
      case 0x3f: // ?
        if (inFlow || standsAlone) return this.#fetchKey();
        return this.#fetchPlain();
      case 0x3a: // :
        if (inFlow || standsAlone) return this.#fetchValue();
        return this.#fetchPlain();
      case 0x2a: // *
        return this.#fetchAnchor('alias');
      case 0x26: // &
        return this.#fetchAnchor('anchor');
      case 0x21: // !
        return this.#fetchTag();
      case 0x7c: // |
      case 0x3e: // >
        if (!inFlow) return this.#fetchBlockScalar();
        break;
      case 0x27: // '
      case 0x22: // "
        return this.#fetchQuoted();
      case 0x25: // %
      case 0x40: // @
      case 0x60: // `
      case TAB:
        break;
      default:
        return this.#fetchPlain();
    }
    this.#fail('found character that cannot start any token');
  }

  /** Skips white space, comments and line breaks. A tab may not stand where a block key could begin. */
  #skipToToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      const tabsAllowed = this.#flowLevel > 0 || !this.#simpleKeyAllowed;
      for (let code = cursor.code(); code === SPACE || (tabsAllowed && code === TAB); code = cursor.code()) {
        cursor.index += 1;
      }
      cursor.skipComment();
      if (!isBreak(cursor.code())) return;
      cursor.readBreak();
      if (this.#flowLevel === 0) this.#simpleKeyAllowed = true;
    }
  }

  // Indentation

  #rollIndent(column: number, kind: TokenKind, mark: Mark, tokenNumber = -1): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    this.#insert(kind, mark, tokenNumber);
  }

  #insert(kind: TokenKind, mark: Mark, tokenNumber: number): void {
    const at = tokenNumber - this.#taken;
    this.#queue.splice(at < 0 ? this.#queue.length : at, 0, {
      kind,
      line: mark.line,
      column: mark.column,
      value: '',
      suffix: '',
      plain: false,
    });
  }

  #unrollIndent(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#push('block-end', this.#cursor.mark());
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  // Simple keys

  #currentKey(): SimpleKey {
    return this.#simpleKeys[this.#simpleKeys.length - 1] as SimpleKey;
  }

  #isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    const { line, index } = this.#cursor;
    if (key.mark.line < line || key.mark.index + MAX_SIMPLE_KEY_LENGTH < index) {
      if (key.required) this.#fail("could not find expected ':'");
      key.possible = false;
      return false;
    }
    return true;
  }

  #saveKey(): void {
    if (!this.#simpleKeyAllowed) return;
    this.#removeKey();
    const key: SimpleKey = {
      possible: true,
      required: this.#flowLevel === 0 && this.#indent === this.#cursor.column,
      tokenNumber: this.#taken + this.#queue.length,
      mark: this.#cursor.mark(),
    };
    this.#simpleKeys[this.#simpleKeys.length - 1] = key;
    this.#keyByToken.set(key.tokenNumber, key);
  }

  #removeKey(): void {
    const key = this.#currentKey();
    if (!key.possible) return;
    if (key.required) this.#fail("could not find expected ':'");
    key.possible = false;
    this.#keyByToken.delete(key.tokenNumber);
  }

  // Tokens

  #fetchStreamEnd(): void {
    // Go closes the last line here, so errors at the end of the text are told for the line after it.
    const cursor = this.#cursor;
    if (cursor.column !== 0) cursor.line += 1;
    this.#unrollIndent(-1);
    this.#removeKey();
    this.#simpleKeyAllowed = false;
    this.#push('stream-end', { index: cursor.index, line: cursor.line, column: 0 });
  }

  #fetchDirective(): void {
    this.#unrollIndent(-1);
    this.#removeKey();
    this.#simpleKeyAllowed = false;
    const mark = this.#cursor.mark();
    const directive = scanDirective(this.#cursor);
    if ('version' in directive) this.#push('version-directive', mark, directive.version);
    else this.#push('tag-directive', mark, directive.handle, directive.prefix);
  }

  #fetchDocumentIndicator(code: number): void {
    this.#unrollIndent(-1);
    this.#removeKey();
    this.#simpleKeyAllowed = false;
    this.#push(code === 0x2d ? 'document-start' : 'document-end', this.#cursor.mark());
    this.#cursor.index += 3;
  }

  #fetchFlowStart(kind: TokenKind): void {
    this.#saveKey();
    this.#simpleKeys.push(this.#noKey());
    this.#flowLevel += 1;
    this.#simpleKeyAllowed = true;
    this.#push(kind, this.#cursor.mark());
    this.#cursor.index += 1;
  }

  #fetchFlowEnd(kind: TokenKind): void {
    this.#removeKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel -= 1;
      // Go forgets here that the collection itself may be a key, so `{a: 1}: b` is no map with a map as key.
      const inner = this.#simpleKeys.pop();
      if (inner !== undefined) this.#keyByToken.delete(inner.tokenNumber);
    }
    this.#simpleKeyAllowed = false;
    this.#push(kind, this.#cursor.mark());
    this.#cursor.index += 1;
  }

  #fetchIndicator(kind: TokenKind, simpleKeyAllowed: boolean): void {
    this.#removeKey();
    this.#simpleKeyAllowed = simpleKeyAllowed;
    this.#push(kind, this.#cursor.mark());
    this.#cursor.index += 1;
  }

  #fetchBlockEntry(): void {
    if (this.#flowLevel === 0) {
      if (!this.#simpleKeyAllowed) this.#fail('block sequence entries are not allowed in this context');
      this.#rollIndent(this.#cursor.column, 'block-sequence-start', this.#cursor.mark());
    }
    this.#fetchIndicator('block-entry', true);
  }

  #fetchKey(): void {
    if (this.#flowLevel === 0) {
      if (!this.#simpleKeyAllowed) this.#fail('mapping keys are not allowed in this context');
      this.#rollIndent(this.#cursor.column, 'block-mapping-start', this.#cursor.mark());
    }
    this.#fetchIndicator('key', this.#flowLevel === 0);
  }

  #fetchValue(): void {
    const key = this.#currentKey();
    if (this.#isValid(key)) {
      this.#insert('key', key.mark, key.tokenNumber);
      this.#rollIndent(key.mark.column, 'block-mapping-start', key.mark, key.tokenNumber);
      key.possible = false;
      this.#keyByToken.delete(key.tokenNumber);
      this.#simpleKeyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#simpleKeyAllowed) this.#fail('mapping values are not allowed in this context');
        this.#rollIndent(this.#cursor.column, 'block-mapping-start', this.#cursor.mark());
      }
      this.#simpleKeyAllowed = this.#flowLevel === 0;
    }
    this.#push('value', this.#cursor.mark());
    this.#cursor.index += 1;
  }

  #fetchAnchor(kind: 'alias' | 'anchor'): void {
    this.#saveKey();
    this.#simpleKeyAllowed = false;
    const mark = this.#cursor.mark();
    this.#push(kind, mark, scanAnchorName(this.#cursor));
  }

  #fetchTag(): void {
    this.#saveKey();
    this.#simpleKeyAllowed = false;
    const mark = this.#cursor.mark();
    const { handle, suffix } = scanTag(this.#cursor);
    this.#push('tag', mark, handle, suffix);
  }

  #fetchBlockScalar(): void {
    this.#removeKey();
    this.#simpleKeyAllowed = true;
    const mark = this.#cursor.mark();
    this.#push('scalar', mark, scanBlock(this.#cursor, this.#indent));
  }

  #fetchQuoted(): void {
    this.#saveKey();
    this.#simpleKeyAllowed = false;
    const mark = this.#cursor.mark();
    this.#push('scalar', mark, scanQuoted(this.#cursor));
  }

  #fetchPlain(): void {
    const cursor = this.#cursor;
    this.#saveKey();
    this.#simpleKeyAllowed = false;
    const mark = cursor.mark();
    const { value, brokeLine } = scanPlain(cursor, this.#indent + 1, this.#flowLevel > 0);
    this.#push('scalar', mark, value, '', true);
    if (brokeLine) this.#simpleKeyAllowed = true;
  }
}
