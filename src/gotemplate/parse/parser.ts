/**
 * Parses template source into named syntax trees (the parser of Go's `text/template/parse`), with Go's errors.
 *
 * Go parses every `define` and `block` with a parser of its own on the same token stream, and errors name the line of the
 * token that the failing parser read last; `Parser` objects do the same here.
 */
import { quote } from '../../go/quote.ts';
import { toValidUtf8 } from '../../go/utf8.ts';
import { TemplateError } from '../error.ts';
import { MAX_NESTING } from '../limits.ts';
import { Lexer } from './lexer.ts';
import { show, type CommandNode, type ListNode, type Operand, type PipeNode, type Statement } from './nodes.ts';
import { charForms, complexForms, numberForms, NumberError } from './number.ts';
import { describeToken, type Token, type TokenKind } from './token.ts';
import { unquote, UnquoteError } from './unquote.ts';

/** What `{{else}}` and `{{end}}` close a list with. */
interface Terminator {
  readonly kind: 'end' | 'else';
  readonly pos: number;
}

const showTerminator = ({ kind }: Terminator): string => `{{${kind}}}`;
const isTerminator = (node: Statement | Terminator): node is Terminator => node.kind === 'end' || node.kind === 'else';

/** Everything the parsers of one source share. */
interface Source {
  readonly name: string;
  readonly lexer: Lexer;
  readonly hasFunction: (name: string) => boolean;
  readonly trees: Map<string, ListNode>;
  /** Actions and parentheses that are open now. */
  nesting: number;
}

const OPERAND_STARTS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'charConstant',
  'complex',
  '.',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  '(',
]);
/** Operands that cannot be called, so that nothing can be piped into them. */
const CONSTANTS: ReadonlySet<Operand['kind']> = new Set<Operand['kind']>(['bool', 'dot', 'nil', 'number', 'string']);
const NO_FIELDS: ReadonlySet<Operand['kind']> = CONSTANTS;

/** Parses source; the result has the template of the given name and every one that the source defines. */
export function parse(name: string, text: string, hasFunction: (name: string) => boolean): Map<string, ListNode> {
  const source: Source = { name, lexer: new Lexer(text), hasFunction, trees: new Map(), nesting: 0 };
  new Parser(source).parseSource();
  return source.trees;
}

class Parser {
  readonly #source: Source;
  #variables: string[] = ['$'];
  /** Tokens read ahead, the next one last; the last one read from the lexer is `#last`. */
  #pending: Token[] = [];
  #last: Token = { kind: 'EOF', text: '', pos: 0, line: 0 };
  /** Line of the `{{` of the action being parsed, 0 outside of actions. */
  #actionLine = 0;
  #rangeDepth = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  // Tokens

  #next(): Token {
    return this.#pending.pop() ?? (this.#last = this.#source.lexer.next());
  }

  #backup(...tokens: readonly Token[]): void {
    for (const token of tokens) this.#pending.push(token);
  }

  #peek(): Token {
    const token = this.#next();
    this.#backup(token);
    return token;
  }

  #nextNonSpace(): Token {
    let token = this.#next();
    while (token.kind === 'space') token = this.#next();
    return token;
  }

  #peekNonSpace(): Token {
    const token = this.#nextNonSpace();
    this.#backup(token);
    return token;
  }

  #expect(context: string, ...kinds: readonly TokenKind[]): Token {
    const token = this.#nextNonSpace();
    if (!kinds.includes(token.kind)) this.#unexpected(token, context);
    return token;
  }

  // Errors

  #fail(message: string): never {
    const { line } = this.#last;
    throw new TemplateError('parse', toValidUtf8(`template: ${this.#source.name}:${line}: ${message}`), { line });
  }

  #unexpected(token: Token, context: string): never {
    if (token.kind !== 'error') this.#fail(`unexpected ${describeToken(token)} in ${context}`);
    let started = '';
    if (this.#actionLine !== 0 && this.#actionLine !== token.line) {
      started = ` in action started at ${this.#source.name}:${this.#actionLine}`;
      if (token.text.endsWith(' action')) started = started.slice(' in action'.length);
    }
    this.#fail(token.text + started);
  }

  /** Runs a literal conversion whose failure is an error of the template. */
  #convert<T>(conversion: () => T): T {
    try {
      return conversion();
    } catch (error) {
      if (error instanceof NumberError || error instanceof UnquoteError) this.#fail(error.message);
      throw error;
    }
  }

  #nested<T>(parsePart: () => T): T {
    if (++this.#source.nesting > MAX_NESTING) this.#fail('max expression depth exceeded');
    const part = parsePart();
    this.#source.nesting--;
    return part;
  }

  // Templates

  parseSource(): void {
    const root: ListNode = { kind: 'list', pos: this.#peek().pos, nodes: [] };
    while (this.#peek().kind !== 'EOF') {
      if (this.#peek().kind === '{{') {
        const delim = this.#next();
        const word = this.#nextNonSpace();
        if (word.kind === 'define') {
          new Parser(this.#source).#parseDefinition();
          continue;
        }
        this.#backup(word, delim);
      }
      const node = this.#textOrAction();
      if (isTerminator(node)) this.#fail(`unexpected ${showTerminator(node)}`);
      root.nodes.push(node);
    }
    this.#addTree(this.#source.name, root);
  }

  #parseDefinition(): void {
    const context = 'define clause';
    const literal = this.#expect(context, 'string', 'rawString');
    const name = this.#convert(() => unquote(literal.text));
    this.#expect(context, '}}');
    this.#parseBody(name, context, this);
  }

  /** Parses the body of a named template; an `else` at its end is the outer parser's error. */
  #parseBody(name: string, context: string, outer: Parser): void {
    const [list, end] = this.#nested(() => this.#itemList());
    if (end.kind !== 'end') outer.#fail(`unexpected ${showTerminator(end)} in ${context}`);
    this.#addTree(name, list);
  }

  /** A template may be defined again only where one of the two definitions is blank. */
  #addTree(name: string, list: ListNode): void {
    const { trees } = this.#source;
    const existing = trees.get(name);
    if (existing === undefined || isBlank(existing)) trees.set(name, list);
    else if (!isBlank(list)) this.#fail(`template: multiple definition of template ${quote(name)}`);
  }

  #itemList(): [ListNode, Terminator] {
    const list: ListNode = { kind: 'list', pos: this.#peekNonSpace().pos, nodes: [] };
    while (this.#peekNonSpace().kind !== 'EOF') {
      const node = this.#textOrAction();
      if (isTerminator(node)) return [list, node];
      list.nodes.push(node);
    }
    this.#fail('unexpected EOF');
  }

  #textOrAction(): Statement | Terminator {
    const token = this.#nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', pos: token.pos, text: token.text };
    if (token.kind !== '{{') this.#unexpected(token, 'input');
    this.#actionLine = token.line;
    const node = this.#action();
    this.#actionLine = 0;
    return node;
  }

  // Actions

  #action(): Statement | Terminator {
    const token = this.#nextNonSpace();
    switch (token.kind) {
      case 'block':
        return this.#block();
      case 'break':
      case 'continue':
        return this.#jump(token.kind, token.pos);
      case 'else':
        return this.#else();
      case 'end':
        return { kind: 'end', pos: this.#expect('end', '}}').pos };
      case 'if':
      case 'range':
      case 'with':
        return this.#branch(token.kind);
      case 'template':
        return this.#template();
    }
    this.#backup(token);
    return { kind: 'action', pos: token.pos, pipe: this.#pipeline('command', '}}') };
  }

  #jump(kind: 'break' | 'continue', pos: number): Statement {
    const action = `{{${kind}}}`;
    this.#expect(action, '}}');
    if (this.#rangeDepth === 0) this.#fail(`${action} outside {{range}}`);
    return { kind, pos };
  }

  #else(): Terminator {
    const next = this.#peekNonSpace();
    // The "if" or "with" of "else if" stays for #elseList.
    if (next.kind !== 'if' && next.kind !== 'with') this.#expect('else', '}}');
    return { kind: 'else', pos: next.pos };
  }

  #branch(kind: 'if' | 'with' | 'range'): Statement {
    const scope = this.#variables.length;
    const node = this.#nested((): Statement => {
      const pipe = this.#pipeline(kind, '}}');
      if (kind === 'range') this.#rangeDepth++;
      const [list, terminator] = this.#itemList();
      if (kind === 'range') this.#rangeDepth--;
      const elseList = terminator.kind === 'else' ? this.#elseList(kind, terminator.pos) : undefined;
      return { kind, pos: pipe.pos, pipe, list, elseList };
    });
    this.#variables.length = scope;
    return node;
  }

  #elseList(kind: 'if' | 'with' | 'range', pos: number): ListNode {
    if (kind !== 'range' && this.#peek().kind === kind) {
      // `{{else if x}}…{{end}}` is `{{else}}{{if x}}…{{end}}{{end}}` with one of the ends left out.
      this.#next();
      return { kind: 'list', pos, nodes: [this.#branch(kind)] };
    }
    const [list, end] = this.#itemList();
    if (end.kind !== 'end') this.#fail(`expected end; found ${showTerminator(end)}`);
    return list;
  }

  #block(): Statement {
    const context = 'block clause';
    const { pos, name } = this.#templateName(context);
    const pipe = this.#pipeline(context, '}}');
    new Parser(this.#source).#parseBody(name, context, this);
    return { kind: 'template', pos, name, pipe };
  }

  #template(): Statement {
    const context = 'template clause';
    const { pos, name } = this.#templateName(context);
    const next = this.#nextNonSpace();
    if (next.kind === '}}') return { kind: 'template', pos, name, pipe: undefined };
    this.#backup(next);
    return { kind: 'template', pos, name, pipe: this.#pipeline(context, '}}') };
  }

  #templateName(context: string): { pos: number; name: string } {
    const token = this.#expect(context, 'string', 'rawString');
    return { pos: token.pos, name: this.#convert(() => unquote(token.text)) };
  }

  // Pipelines

  #pipeline(context: string, end: TokenKind): PipeNode {
    const pipe: PipeNode = { kind: 'pipe', pos: this.#peekNonSpace().pos, isAssign: false, decl: [], commands: [] };
    this.#declarations(pipe, context);
    for (;;) {
      const token = this.#nextNonSpace();
      if (token.kind === end) break;
      if (!OPERAND_STARTS.has(token.kind)) this.#unexpected(token, context);
      this.#backup(token);
      pipe.commands.push(this.#command());
    }
    this.#checkPipeline(pipe, context);
    return pipe;
  }

  /** `$x :=`, `$x =` and, in a range, `$i, $x :=`. */
  #declarations(pipe: PipeNode, context: string): void {
    for (;;) {
      const variable = this.#peekNonSpace();
      if (variable.kind !== 'variable') return;
      this.#next();
      const adjacent = this.#next();
      const operator = adjacent.kind === 'space' ? this.#nextNonSpace() : adjacent;
      const isComma = operator.kind === 'char' && operator.text === ',';
      if (!isComma && operator.kind !== '=' && operator.kind !== ':=') {
        // An argument, not a declaration; the space between it and the next token matters to #command.
        this.#backup(operator);
        if (adjacent.kind === 'space') this.#backup(adjacent);
        this.#backup(variable);
        return;
      }
      pipe.decl.push({ kind: 'variable', pos: variable.pos, name: variable.text, fields: [] });
      this.#variables.push(variable.text);
      if (!isComma) {
        pipe.isAssign = operator.kind === '=';
        return;
      }
      if (context !== 'range' || pipe.decl.length > 1) this.#fail(`too many declarations in ${context}`);
      if (!['variable', '}}', ')'].includes(this.#peekNonSpace().kind)) {
        this.#fail('range can only initialize variables');
      }
    }
  }

  #checkPipeline({ commands }: PipeNode, context: string): void {
    if (commands.length === 0) this.#fail(`missing value for ${context}`);
    const stage = commands.findIndex(({ args }, i) => i > 0 && args[0] !== undefined && CONSTANTS.has(args[0].kind));
    if (stage > 0) this.#fail(`non executable command in pipeline stage ${stage + 1}`);
  }

  #command(): CommandNode {
    const command: CommandNode = { kind: 'command', pos: this.#peekNonSpace().pos, args: [] };
    for (;;) {
      this.#peekNonSpace();
      const operand = this.#operand();
      if (operand !== undefined) command.args.push(operand);
      const token = this.#next();
      if (token.kind === 'space') continue;
      if (token.kind === '}}' || token.kind === ')') this.#backup(token);
      else if (token.kind !== '|') this.#unexpected(token, 'operand');
      break;
    }
    if (command.args.length === 0) this.#fail('empty command');
    return command;
  }

  #operand(): Operand | undefined {
    const node = this.#term();
    const next = node === undefined ? undefined : this.#peek();
    if (node === undefined || next?.kind !== 'field') return node;
    const fields: string[] = [];
    while (this.#peek().kind === 'field') fields.push(this.#next().text.slice(1));
    if (NO_FIELDS.has(node.kind)) this.#fail(`unexpected . after term ${quote(show(node))}`);
    if (node.kind === 'field' || node.kind === 'variable') {
      return { ...node, pos: next.pos, fields: [...node.fields, ...fields] };
    }
    return { kind: 'chain', pos: next.pos, node, fields };
  }

  #term(): Operand | undefined {
    const token = this.#nextNonSpace();
    const { kind, text, pos } = token;
    switch (kind) {
      case 'identifier':
        if (!this.#source.hasFunction(text)) this.#fail(`function ${quote(text)} not defined`);
        return { kind, pos, name: text };
      case '.':
        return { kind: 'dot', pos };
      case 'nil':
        return { kind, pos };
      case 'variable':
        if (!this.#variables.includes(text)) this.#fail(`undefined variable ${quote(text)}`);
        return { kind, pos, name: text, fields: [] };
      case 'field':
        return { kind, pos, fields: [text.slice(1)] };
      case 'bool':
        return { kind, pos, value: text === 'true' };
      case 'charConstant':
        return { kind: 'number', pos, text, ...this.#convert(() => charForms(text)) };
      case 'complex':
        return { kind: 'number', pos, text, ...this.#convert(() => complexForms(text)) };
      case 'number':
        return { kind, pos, text, ...this.#convert(() => numberForms(text)) };
      case '(':
        return this.#nested(() => this.#pipeline('parenthesized pipeline', ')'));
      case 'string':
      case 'rawString':
        return { kind: 'string', pos, quoted: text, value: this.#convert(() => unquote(text)) };
    }
    this.#backup(token);
    return undefined;
  }
}

/** Only white space and definitions: such a template does not replace another. */
function isBlank(list: ListNode): boolean {
  return list.nodes.every((node) => node.kind === 'text' && /^\s*$/.test(node.text));
}
