/**
 * Parses template source into named syntax trees (the parser of Go's `text/template/parse`), with Go's errors.
 *
 * Go parses every `define` and `block` with a parser of its own on the same token stream, and errors name the line of the
 * token that the failing parser read last; `Parser` objects do the same here.
 */
import { quote } from '../../go/quote.ts';
import { Lexer } from './lexer.ts';
import type { ListNode, Statement } from './nodes.ts';
import { PipelineParser } from './pipeline-parser.ts';
import type { Source } from './token-reader.ts';
import { unquote } from './unquote.ts';

/** What `{{else}}` and `{{end}}` close a list with. */
interface Terminator {
  readonly kind: 'end' | 'else';
  readonly pos: number;
}

const showTerminator = ({ kind }: Terminator): string => `{{${kind}}}`;
const isTerminator = (node: Statement | Terminator): node is Terminator => node.kind === 'end' || node.kind === 'else';

/** Parses source; the result has the template of the given name and every one that the source defines. */
export function parse(name: string, text: string, hasFunction: (name: string) => boolean): Map<string, ListNode> {
  const source: Source = { name, lexer: new Lexer(text), hasFunction, trees: new Map(), nesting: 0 };
  new Parser(source).parseSource();
  return source.trees;
}

class Parser extends PipelineParser {
  #rangeDepth = 0;

  parseSource(): void {
    const root: ListNode = { kind: 'list', pos: this.peek().pos, nodes: [] };
    while (this.peek().kind !== 'EOF') {
      if (this.peek().kind === '{{') {
        const delim = this.next();
        const word = this.nextNonSpace();
        if (word.kind === 'define') {
          new Parser(this.source).#parseDefinition();
          continue;
        }
        this.backup(word, delim);
      }
      const node = this.#textOrAction();
      if (isTerminator(node)) this.fail(`unexpected ${showTerminator(node)}`);
      root.nodes.push(node);
    }
    this.#addTree(this.source.name, root);
  }

  #parseDefinition(): void {
    const context = 'define clause';
    const literal = this.expect(context, 'string', 'rawString');
    const name = this.convert(() => unquote(literal.text));
    this.expect(context, '}}');
    this.#parseBody(name, context, this);
  }

  /** Parses the body of a named template; an `else` at its end is the outer parser's error. */
  #parseBody(name: string, context: string, outer: Parser): void {
    const [list, end] = this.nested(() => this.#itemList());
    if (end.kind !== 'end') outer.fail(`unexpected ${showTerminator(end)} in ${context}`);
    this.#addTree(name, list);
  }

  /** A template may be defined again only where one of the two definitions is blank. */
  #addTree(name: string, list: ListNode): void {
    const { trees } = this.source;
    const existing = trees.get(name);
    if (existing === undefined || isBlank(existing)) trees.set(name, list);
    else if (!isBlank(list)) this.fail(`template: multiple definition of template ${quote(name)}`);
  }

  #itemList(): [ListNode, Terminator] {
    const list: ListNode = { kind: 'list', pos: this.peekNonSpace().pos, nodes: [] };
    while (this.peekNonSpace().kind !== 'EOF') {
      const node = this.#textOrAction();
      if (isTerminator(node)) return [list, node];
      list.nodes.push(node);
    }
    this.fail('unexpected EOF');
  }

  #textOrAction(): Statement | Terminator {
    const token = this.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', pos: token.pos, text: token.text };
    if (token.kind !== '{{') this.unexpected(token, 'input');
    this.actionLine = token.line;
    const node = this.#action();
    this.actionLine = 0;
    return node;
  }

  #action(): Statement | Terminator {
    const token = this.nextNonSpace();
    switch (token.kind) {
      case 'block':
        return this.#block();
      case 'break':
      case 'continue':
        return this.#jump(token.kind, token.pos);
      case 'else':
        return this.#else();
      case 'end':
        return { kind: 'end', pos: this.expect('end', '}}').pos };
      case 'if':
      case 'range':
      case 'with':
        return this.#branch(token.kind);
      case 'template':
        return this.#template();
    }
    this.backup(token);
    return { kind: 'action', pos: token.pos, pipe: this.pipeline('command', '}}') };
  }

  #jump(kind: 'break' | 'continue', pos: number): Statement {
    const action = `{{${kind}}}`;
    this.expect(action, '}}');
    if (this.#rangeDepth === 0) this.fail(`${action} outside {{range}}`);
    return { kind, pos };
  }

  #else(): Terminator {
    const next = this.peekNonSpace();
    // The "if" or "with" of "else if" stays for #elseList.
    if (next.kind !== 'if' && next.kind !== 'with') this.expect('else', '}}');
    return { kind: 'else', pos: next.pos };
  }

  #branch(kind: 'if' | 'with' | 'range'): Statement {
    const scope = this.variables.length;
    const node = this.nested((): Statement => {
      const pipe = this.pipeline(kind, '}}');
      if (kind === 'range') this.#rangeDepth++;
      const [list, terminator] = this.#itemList();
      if (kind === 'range') this.#rangeDepth--;
      const elseList = terminator.kind === 'else' ? this.#elseList(kind, terminator.pos) : undefined;
      return { kind, pos: pipe.pos, pipe, list, elseList };
    });
    this.variables.length = scope;
    return node;
  }

  #elseList(kind: 'if' | 'with' | 'range', pos: number): ListNode {
    if (kind !== 'range' && this.peek().kind === kind) {
      // `{{else if x}}…{{end}}` is `{{else}}{{if x}}…{{end}}{{end}}` with one of the ends left out.
      this.next();
      return { kind: 'list', pos, nodes: [this.#branch(kind)] };
    }
    const [list, end] = this.#itemList();
    if (end.kind !== 'end') this.fail(`expected end; found ${showTerminator(end)}`);
    return list;
  }

  #block(): Statement {
    const context = 'block clause';
    const { pos, name } = this.#templateName(context);
    const pipe = this.pipeline(context, '}}');
    new Parser(this.source).#parseBody(name, context, this);
    return { kind: 'template', pos, name, pipe };
  }

  #template(): Statement {
    const context = 'template clause';
    const { pos, name } = this.#templateName(context);
    const next = this.nextNonSpace();
    if (next.kind === '}}') return { kind: 'template', pos, name, pipe: undefined };
    this.backup(next);
    return { kind: 'template', pos, name, pipe: this.pipeline(context, '}}') };
  }

  #templateName(context: string): { pos: number; name: string } {
    const token = this.expect(context, 'string', 'rawString');
    return { pos: token.pos, name: this.convert(() => unquote(token.text)) };
  }
}

/** Only white space and definitions: such a template does not replace another. */
function isBlank(list: ListNode): boolean {
  return list.nodes.every((node) => node.kind === 'text' && /^\s*$/.test(node.text));
}
