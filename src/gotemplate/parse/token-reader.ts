import { toValidUtf8 } from '../../go/utf8.ts';
import { TemplateError } from '../error.ts';
import { MAX_NESTING } from '../limits.ts';
import type { Lexer } from './lexer.ts';
import type { ListNode } from './nodes.ts';
import { NumberError } from './number.ts';
import { describeToken, type Token, type TokenKind } from './token.ts';
import { UnquoteError } from './unquote.ts';

/** Everything the parsers of one source share. */
export interface Source {
  readonly name: string;
  readonly lexer: Lexer;
  readonly hasFunction: (name: string) => boolean;
  readonly trees: Map<string, ListNode>;
  /** Actions and parentheses that are open now. */
  nesting: number;
}

/** Reads tokens with look-ahead, and words the errors. */
export class TokenReader {
  protected readonly source: Source;
  /** Line of the `{{` of the action being parsed, 0 outside of actions. */
  protected actionLine = 0;
  /** Tokens read ahead, the next one last. */
  #pending: Token[] = [];
  /** The last token that came from the lexer: errors name its line. */
  #last: Token = { kind: 'EOF', text: '', pos: 0, line: 0 };

  constructor(source: Source) {
    this.source = source;
  }

  protected next(): Token {
    return this.#pending.pop() ?? (this.#last = this.source.lexer.next());
  }

  protected backup(...tokens: readonly Token[]): void {
    for (const token of tokens) this.#pending.push(token);
  }

  protected peek(): Token {
    const token = this.next();
    this.backup(token);
    return token;
  }

  protected nextNonSpace(): Token {
    let token = this.next();
    while (token.kind === 'space') token = this.next();
    return token;
  }

  protected peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.backup(token);
    return token;
  }

  protected expect(context: string, ...kinds: readonly TokenKind[]): Token {
    const token = this.nextNonSpace();
    if (!kinds.includes(token.kind)) this.unexpected(token, context);
    return token;
  }

  protected fail(message: string): never {
    const { line } = this.#last;
    throw new TemplateError('parse', toValidUtf8(`template: ${this.source.name}:${line}: ${message}`), { line });
  }

  protected unexpected(token: Token, context: string): never {
    if (token.kind !== 'error') this.fail(`unexpected ${describeToken(token)} in ${context}`);
    let started = '';
    if (this.actionLine !== 0 && this.actionLine !== token.line) {
      started = ` in action started at ${this.source.name}:${this.actionLine}`;
      if (token.text.endsWith(' action')) started = started.slice(' in action'.length);
    }
    this.fail(token.text + started);
  }

  /** Runs a literal conversion whose failure is an error of the template. */
  protected convert<T>(conversion: () => T): T {
    try {
      return conversion();
    } catch (error) {
      if (error instanceof NumberError || error instanceof UnquoteError) this.fail(error.message);
      throw error;
    }
  }

  protected nested<T>(parsePart: () => T): T {
    if (++this.source.nesting > MAX_NESTING) this.fail('max expression depth exceeded');
    const part = parsePart();
    this.source.nesting--;
    return part;
  }
}
