/**
 * Tokens of the Common Expression Language, as the Go package `cel.dev/cel-go/parser` cuts them: longest match first,
 * escapes checked while scanning, values checked when the literal is complete.
 */

/** What a token is; punctuation, operators and the words `in`, `true`, `false`, `null` are their own text. */
export type CelTokenType =
  'int' | 'uint' | 'float' | 'string' | 'bytes' | 'identifier' | 'end' | `punctuation ${string}`;

/** One token: what it is, its text, and where it starts (UTF-16 index into the expression). */
export interface CelToken {
  readonly type: CelTokenType;
  readonly text: string;
  readonly start: number;
}

/** Why an expression does not parse: the reason in cel-go's manner and where it was found. */
export class CelSyntaxError extends Error {
  override readonly name = 'CelSyntaxError';
  /** UTF-16 index into the expression. */
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.offset = offset;
  }
}

const escape = String.raw`\\(?:[abfnrtv"'\\?${'`'}]|[0-3][0-7]{2}|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})`;
const quoted = (quote: string): string =>
  `${quote}{3}(?:${escape}|[^\\\\])*?${quote}{3}|${quote}(?:${escape}|[^\\\\\\n\\r${quote}])*${quote}`;
const raw = (quote: string): string => `[rR](?:${quote}{3}[^]*?${quote}{3}|${quote}[^\\n\\r${quote}]*${quote})`;

const blank = /(?:[\t\n\f\r ]+|\/\/[^\n]*)*/y;
const text = new RegExp(`([bB]?)(?:${quoted('"')}|${quoted("'")}|${raw('"')}|${raw("'")})`, 'y');
const float = /(?:[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)/y;
const integer = /(?:0x[0-9a-fA-F]+|[0-9]+)([uU]?)/y;
const word = /[A-Za-z_][A-Za-z0-9_]*/y;
const punctuation = /==|!=|<=|>=|&&|\|\||[[\]{}().,\-!?:+*/%<>]/y;
const keywords: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null']);

function matchAt(pattern: RegExp, source: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(source);
}

/** The token at or after `position`, blanks and comments skipped; throws {@link CelSyntaxError} where none begins. */
export function nextCelToken(source: string, position: number): CelToken {
  const start = position + (matchAt(blank, source, position)?.[0].length ?? 0);
  if (start >= source.length) return { type: 'end', text: '<EOF>', start };
  const found = literalAt(source, start) ?? wordAt(source, start) ?? punctuationAt(source, start);
  if (found === undefined) {
    const character = String.fromCodePoint(source.codePointAt(start) ?? 0);
    throw new CelSyntaxError(`Syntax error: token recognition error at: '${character}'`, start);
  }
  return found;
}

function literalAt(source: string, start: number): CelToken | undefined {
  const string = matchAt(text, source, start);
  if (string !== null) return { type: string[1] === '' ? 'string' : 'bytes', text: string[0], start };
  const fraction = matchAt(float, source, start);
  if (fraction !== null) return { type: 'float', text: fraction[0], start };
  const whole = matchAt(integer, source, start);
  if (whole !== null) return { type: whole[1] === '' ? 'int' : 'uint', text: whole[0], start };
  return undefined;
}

function wordAt(source: string, start: number): CelToken | undefined {
  const found = matchAt(word, source, start)?.[0];
  if (found === undefined) return undefined;
  return { type: keywords.has(found) ? `punctuation ${found}` : 'identifier', text: found, start };
}

function punctuationAt(source: string, start: number): CelToken | undefined {
  const found = matchAt(punctuation, source, start)?.[0];
  return found === undefined ? undefined : { type: `punctuation ${found}`, text: found, start };
}

const lastInt64 = 0x7fffffffffffffffn;
const lastUint64 = 0xffffffffffffffffn;

/** Checks the value of a literal token; `negative` says that a minus sign belongs to it (int and float only). */
export function checkCelLiteral(token: CelToken, negative: boolean): void {
  switch (token.type) {
    case 'int':
      if (BigInt(token.text) > lastInt64 + (negative ? 1n : 0n)) fail('invalid int literal', token);
      return;
    case 'uint':
      if (BigInt(token.text.slice(0, -1)) > lastUint64) fail('invalid uint literal', token);
      return;
    case 'float':
      if (!Number.isFinite(Number(token.text))) fail('invalid double literal', token);
      return;
    case 'string':
      if (!isRaw(token.text)) checkCodePoints(token);
      return;
    case 'bytes':
      if (!isRaw(token.text.slice(1)) && /(?:^|[^\\])(?:\\\\)*\\[uU]/.test(token.text)) {
        fail('unable to unescape string', token);
      }
  }
}

function fail(reason: string, token: CelToken): never {
  throw new CelSyntaxError(reason, token.start);
}

function isRaw(literal: string): boolean {
  return literal.startsWith('r') || literal.startsWith('R');
}

/** `\u` and `\U` must name a Unicode scalar value. */
function checkCodePoints(token: CelToken): void {
  for (const [, short, long] of token.text.matchAll(/\\(?:u([^]{4})|U([^]{8})|[^])/g)) {
    const hex = short ?? long;
    if (hex === undefined) continue;
    const codePoint = Number.parseInt(hex, 16);
    if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) fail('invalid unicode code point', token);
  }
}
