/**
 * The grammar of the Common Expression Language, as the Go package `cel.dev/cel-go/parser` reads it: with the standard
 * macros (which are expanded while parsing and so can fail), reserved words, literal ranges and recursion limits. No tree
 * is built: only what later steps need to know of an expression is kept.
 */
import { checkCelLiteral, CelSyntaxError, nextCelToken, type CelToken, type CelTokenType } from './cel-lexer.ts';

/** Deepest nesting that cel-go parses, of each grammar rule and of the tree. */
const maxDepth = 250;

const reservedWords: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

/** Number of arguments that makes a method call a macro, by name. */
const macros: ReadonlyMap<string, readonly number[]> = new Map([
  ['all', [2]],
  ['exists', [2]],
  ['exists_one', [2]],
  ['existsOne', [2]],
  ['map', [2, 3]],
  ['filter', [2]],
]);

/** What later steps need to know of a parsed expression. */
interface Parsed {
  readonly kind: 'identifier' | 'select' | 'other';
  /** The name of an identifier. */
  readonly name?: string;
  /** How many nested operators and member accesses it holds. */
  readonly depth: number;
  readonly start: number;
}

const relations = new Set(['<', '<=', '>=', '>', '==', '!=', 'in'].map((operator) => `punctuation ${operator}`));
const sums = new Set(['+', '-'].map((operator) => `punctuation ${operator}`));
const products = new Set(['*', '/', '%'].map((operator) => `punctuation ${operator}`));

/** Reads one expression. Throws {@link CelSyntaxError}. */
export class CelParser {
  readonly #source: string;
  #token: CelToken;
  #end: number;
  /** How many contexts of a recursive grammar rule are open. */
  readonly #open = { expression: 0, relation: 0, calculation: 0 };

  constructor(source: string) {
    this.#source = source;
    this.#token = nextCelToken(source, 0);
    this.#end = this.#token.start + this.#token.text.length;
  }

  parse(): void {
    this.#expression();
    if (this.#token.type !== 'end') this.#unexpected('<EOF>');
  }

  // expression = or [ "?" or ":" expression ]
  #expression(): Parsed {
    return this.#within('expression', () => {
      const condition = this.#or();
      if (!this.#take('?')) return condition;
      const whenTrue = this.#or();
      this.#expect(':');
      return this.#operation(condition, whenTrue, this.#expression());
    });
  }

  // or = and { "||" and };  and = relation { "&&" relation }: their trees are balanced and do not count as depth
  #or(): Parsed {
    return this.#chain('||', () => this.#chain('&&', () => this.#relation()));
  }

  #chain(operator: string, operand: () => Parsed): Parsed {
    let result = operand();
    while (this.#take(operator)) {
      const right = operand();
      result = { kind: 'other', depth: Math.max(result.depth, right.depth), start: result.start };
    }
    return result;
  }

  #relation(): Parsed {
    return this.#leftAssociative('relation', relations, () => this.#sum());
  }

  #sum(): Parsed {
    return this.#leftAssociative('calculation', sums, () => this.#product());
  }

  /** Shares its grammar rule with the sum: only a right operand opens another context. */
  #product(): Parsed {
    return this.#operands('calculation', products, () => this.#unary());
  }

  #leftAssociative(rule: 'relation' | 'calculation', operators: ReadonlySet<string>, operand: () => Parsed): Parsed {
    return this.#within(rule, () => this.#operands(rule, operators, operand));
  }

  #operands(rule: 'relation' | 'calculation', operators: ReadonlySet<string>, operand: () => Parsed): Parsed {
    let result = operand();
    while (operators.has(this.#token.type)) {
      this.#advance();
      result = this.#operation(result, this.#within(rule, operand));
    }
    return result;
  }

  // unary = member | "!" { "!" } member | "-" { "-" } member
  #unary(): Parsed {
    const sign = this.#token;
    if (this.#is('!')) return this.#repeated('!', sign.start);
    if (!this.#is('-')) return this.#member(false);
    this.#advance();
    // a single minus before a number belongs to the number
    if (this.#token.type === 'int' || this.#token.type === 'float') return this.#member(true);
    return this.#repeated('-', sign.start, 1);
  }

  #repeated(operator: string, start: number, taken = 0): Parsed {
    let count = taken;
    while (this.#take(operator)) count++;
    const operand = this.#member(false);
    return count % 2 === 0 ? operand : { kind: 'other', depth: operand.depth, start };
  }

  // member = primary { "." name [ "(" arguments ")" ] | "[" expression "]" }
  #member(negative: boolean): Parsed {
    let result = this.#primary(negative);
    for (;;) {
      if (this.#take('.')) {
        result = this.#selection(result);
      } else if (this.#take('[')) {
        if (this.#is('?')) this.#fail("unsupported syntax '[?'");
        const index = this.#expression();
        this.#expect(']');
        result = this.#operation(result, index);
      } else {
        return result;
      }
    }
  }

  #selection(target: Parsed): Parsed {
    if (this.#is('?')) this.#fail("unsupported syntax '.?'");
    const name = this.#identifier();
    if (!this.#take('(')) return { kind: 'select', depth: this.#deeper(target.depth), start: target.start };
    const args = this.#arguments();
    if (macros.get(name.text)?.includes(args.length) === true) this.#checkIterationVariable(args[0]);
    return this.#operation(target, ...args);
  }

  #checkIterationVariable(argument: Parsed | undefined): void {
    if (argument?.kind !== 'identifier') {
      throw new CelSyntaxError('argument is not an identifier', argument?.start ?? 0);
    }
    if (argument.name === '__result__') {
      throw new CelSyntaxError('iteration variable overwrites accumulator variable', argument.start);
    }
  }

  #primary(negative: boolean): Parsed {
    const token = this.#token;
    switch (token.type) {
      case 'int':
      case 'uint':
      case 'float':
      case 'string':
      case 'bytes':
        checkCelLiteral(token, negative);
        this.#advance();
        return leaf(token);
      case 'punctuation true':
      case 'punctuation false':
      case 'punctuation null':
        this.#advance();
        return leaf(token);
      case 'punctuation (':
        return this.#nested();
      case 'punctuation [':
        return this.#list();
      case 'punctuation {':
        return this.#map();
      case 'punctuation .':
      case 'identifier':
        return this.#named();
      default:
        return this.#unexpected('an expression');
    }
  }

  #nested(): Parsed {
    this.#expect('(');
    const inner = this.#expression();
    this.#expect(')');
    return inner;
  }

  #list(): Parsed {
    const { start } = this.#token;
    this.#expect('[');
    return { kind: 'other', depth: this.#elements(']', () => this.#expression().depth), start };
  }

  #map(): Parsed {
    const { start } = this.#token;
    this.#expect('{');
    const entry = (): number => {
      const key = this.#expression();
      this.#expect(':');
      return Math.max(key.depth, this.#expression().depth);
    };
    return { kind: 'other', depth: this.#elements('}', entry), start };
  }

  /** Elements up to `close`; a comma may follow the last one, or stand alone. Returns the greatest depth. */
  #elements(close: string, element: () => number): number {
    let depth = 0;
    if (!this.#is(',') && !this.#is(close)) {
      do {
        if (this.#is(close)) break;
        if (this.#is('?')) this.#fail("unsupported syntax '?'");
        depth = Math.max(depth, element());
      } while (this.#take(','));
    } else {
      this.#take(',');
    }
    this.#expect(close);
    return depth;
  }

  // named = [ "." ] name | [ "." ] name "(" arguments ")" | [ "." ] name { "." name } "{" fields "}"
  #named(): Parsed {
    const { start } = this.#token;
    const absolute = this.#take('.');
    if (this.#isMessage()) return this.#message(start);
    const token = this.#identifier();
    if (reservedWords.has(token.text)) {
      throw new CelSyntaxError(`reserved identifier: ${token.text}`, token.start);
    }
    const name = (absolute ? '.' : '') + token.text;
    if (!this.#take('(')) return { kind: 'identifier', name, depth: 0, start };
    const args = this.#arguments();
    const depth = Math.max(0, ...args.map((argument) => argument.depth));
    if (name !== 'has' || args.length !== 1) return { kind: 'other', depth, start };
    if (args[0]?.kind !== 'select') throw new CelSyntaxError('invalid argument to has() macro', start);
    return { kind: 'select', depth, start };
  }

  /** Looks ahead over `name.name…`: an opening brace after it makes it the name of a message. */
  #isMessage(): boolean {
    let token = this.#token;
    for (;;) {
      if (token.type !== 'identifier') return false;
      token = nextCelToken(this.#source, token.start + token.text.length);
      if (token.type === 'punctuation {') return true;
      if (token.type !== 'punctuation .') return false;
      token = nextCelToken(this.#source, token.start + token.text.length);
    }
  }

  #message(start: number): Parsed {
    do this.#identifier();
    while (this.#take('.'));
    this.#expect('{');
    const field = (): number => {
      this.#identifier();
      this.#expect(':');
      return this.#expression().depth;
    };
    return { kind: 'other', depth: this.#elements('}', field), start };
  }

  /** The arguments of a call, its opening parenthesis already taken. */
  #arguments(): Parsed[] {
    const args: Parsed[] = [];
    if (this.#take(')')) return args;
    do args.push(this.#expression());
    while (this.#take(','));
    this.#expect(')');
    return args;
  }

  #operation(...operands: [Parsed, ...Parsed[]]): Parsed {
    const depth = this.#deeper(Math.max(...operands.map((operand) => operand.depth)));
    return { kind: 'other', depth, start: operands[0].start };
  }

  #deeper(depth: number): number {
    if (depth >= maxDepth) this.#fail('max recursion depth exceeded');
    return depth + 1;
  }

  #within(rule: 'expression' | 'relation' | 'calculation', parse: () => Parsed): Parsed {
    if (++this.#open[rule] > maxDepth) this.#fail(`expression recursion limit exceeded: ${maxDepth}`);
    const result = parse();
    this.#open[rule]--;
    return result;
  }

  #is(text: string): boolean {
    return this.#token.type === (`punctuation ${text}` satisfies CelTokenType);
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#advance();
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#unexpected(`'${text}'`);
  }

  #identifier(): CelToken {
    const token = this.#token;
    if (token.type !== 'identifier') return this.#unexpected('IDENTIFIER');
    this.#advance();
    return token;
  }

  #advance(): void {
    this.#token = nextCelToken(this.#source, this.#end);
    this.#end = this.#token.start + this.#token.text.length;
  }

  #unexpected(wanted: string): never {
    const { type, text } = this.#token;
    this.#fail(`Syntax error: mismatched input '${type === 'end' ? '<EOF>' : text}' expecting ${wanted}`);
  }

  #fail(reason: string): never {
    throw new CelSyntaxError(reason, this.#token.start);
  }
}

function leaf(token: CelToken): Parsed {
  return { kind: 'other', depth: 0, start: token.start };
}
