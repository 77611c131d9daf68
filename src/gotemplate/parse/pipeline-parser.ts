import { quote } from '../../go/quote.ts';
import { show, type CommandNode, type Operand, type PipeNode } from './nodes.ts';
import { charForms, complexForms, numberForms } from './number.ts';
import type { TokenKind } from './token.ts';
import { TokenReader } from './token-reader.ts';
import { unquote } from './unquote.ts';

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

/** Parses what stands between the delimiters of an action: pipelines, commands and operands. */
export class PipelineParser extends TokenReader {
  /** Names of the variables that are declared here. */
  protected variables: string[] = ['$'];

  protected pipeline(context: string, end: TokenKind): PipeNode {
    const pipe: PipeNode = { kind: 'pipe', pos: this.peekNonSpace().pos, isAssign: false, decl: [], commands: [] };
    this.#declarations(pipe, context);
    for (;;) {
      const token = this.nextNonSpace();
      if (token.kind === end) break;
      if (!OPERAND_STARTS.has(token.kind)) this.unexpected(token, context);
      this.backup(token);
      pipe.commands.push(this.#command());
    }
    this.#checkPipeline(pipe, context);
    return pipe;
  }

  /** `$x :=`, `$x =` and, in a range, `$i, $x :=`. */
  #declarations(pipe: PipeNode, context: string): void {
    for (;;) {
      const variable = this.peekNonSpace();
      if (variable.kind !== 'variable') return;
      this.next();
      const adjacent = this.next();
      const operator = adjacent.kind === 'space' ? this.nextNonSpace() : adjacent;
      const isComma = operator.kind === 'char' && operator.text === ',';
      if (!isComma && operator.kind !== '=' && operator.kind !== ':=') {
        // An argument, not a declaration; the space between it and the next token matters to #command.
        this.backup(operator);
        if (adjacent.kind === 'space') this.backup(adjacent);
        this.backup(variable);
        return;
      }
      pipe.decl.push({ kind: 'variable', pos: variable.pos, name: variable.text, fields: [] });
      this.variables.push(variable.text);
      if (!isComma) {
        pipe.isAssign = operator.kind === '=';
        return;
      }
      if (context !== 'range' || pipe.decl.length > 1) this.fail(`too many declarations in ${context}`);
      if (!['variable', '}}', ')'].includes(this.peekNonSpace().kind)) {
        this.fail('range can only initialize variables');
      }
    }
  }

  #checkPipeline({ commands }: PipeNode, context: string): void {
    if (commands.length === 0) this.fail(`missing value for ${context}`);
    const stage = commands.findIndex(({ args }, i) => i > 0 && args[0] !== undefined && CONSTANTS.has(args[0].kind));
    if (stage > 0) this.fail(`non executable command in pipeline stage ${stage + 1}`);
  }

  #command(): CommandNode {
    const command: CommandNode = { kind: 'command', pos: this.peekNonSpace().pos, args: [] };
    for (;;) {
      this.peekNonSpace();
      const operand = this.#operand();
      if (operand !== undefined) command.args.push(operand);
      const token = this.next();
      if (token.kind === 'space') continue;
      if (token.kind === '}}' || token.kind === ')') this.backup(token);
      else if (token.kind !== '|') this.unexpected(token, 'operand');
      break;
    }
    if (command.args.length === 0) this.fail('empty command');
    return command;
  }

  #operand(): Operand | undefined {
    const node = this.#term();
    const next = node === undefined ? undefined : this.peek();
    if (node === undefined || next?.kind !== 'field') return node;
    const fields: string[] = [];
    while (this.peek().kind === 'field') fields.push(this.next().text.slice(1));
    if (CONSTANTS.has(node.kind)) this.fail(`unexpected . after term ${quote(show(node))}`);
    if (node.kind === 'field' || node.kind === 'variable') {
      return { ...node, pos: next.pos, fields: [...node.fields, ...fields] };
    }
    return { kind: 'chain', pos: next.pos, node, fields };
  }

  #term(): Operand | undefined {
    const token = this.nextNonSpace();
    const { kind, text, pos } = token;
    switch (kind) {
      case 'identifier':
        if (!this.source.hasFunction(text)) this.fail(`function ${quote(text)} not defined`);
        return { kind, pos, name: text };
      case '.':
        return { kind: 'dot', pos };
      case 'nil':
        return { kind, pos };
      case 'variable':
        if (!this.variables.includes(text)) this.fail(`undefined variable ${quote(text)}`);
        return { kind, pos, name: text, fields: [] };
      case 'field':
        return { kind, pos, fields: [text.slice(1)] };
      case 'bool':
        return { kind, pos, value: text === 'true' };
      case 'charConstant':
        return { kind: 'number', pos, text, ...this.convert(() => charForms(text)) };
      case 'complex':
        return { kind: 'number', pos, text, ...this.convert(() => complexForms(text)) };
      case 'number':
        return { kind, pos, text, ...this.convert(() => numberForms(text)) };
      case '(':
        return this.nested(() => this.pipeline('parenthesized pipeline', ')'));
      case 'string':
      case 'rawString':
        return { kind: 'string', pos, quoted: text, value: this.convert(() => unquote(text)) };
    }
    this.backup(token);
    return undefined;
  }
}
