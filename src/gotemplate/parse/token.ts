import { byteLength } from '../../go/utf8.ts';
import { quote } from '../../go/quote.ts';

/** Kinds of token; the texts of keywords are their own kind. */
export type TokenKind =
  | 'error'
  | 'bool'
  | 'char'
  | 'charConstant'
  | 'comment'
  | 'complex'
  | '='
  | ':='
  | 'EOF'
  | 'field'
  | 'identifier'
  | '{{'
  | '('
  | 'number'
  | '|'
  | 'rawString'
  | '}}'
  | ')'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | Keyword;

export type Keyword =
  '.' | 'block' | 'break' | 'continue' | 'define' | 'else' | 'end' | 'if' | 'nil' | 'range' | 'template' | 'with';

const KEYWORDS: ReadonlySet<string> = new Set<Keyword>([
  '.',
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'nil',
  'range',
  'template',
  'with',
]);

export const isKeyword = (word: string): word is Keyword => KEYWORDS.has(word);

export interface Token {
  readonly kind: TokenKind;
  /** The source text, or the message of an `error` token. */
  readonly text: string;
  /** Start in the source, in UTF-16 units. */
  readonly pos: number;
  /** 1-based line of the start. */
  readonly line: number;
}

/** Longest token text (in bytes) that an error message shows in full. */
const SHOWN_BYTES = 10;

/** How messages name a token. */
export function describeToken(token: Token): string {
  if (token.kind === 'EOF') return 'EOF';
  if (token.kind === 'error') return token.text;
  if (isKeyword(token.kind)) return `<${token.text}>`;
  // Go measures the text in bytes but cuts it after ten runes.
  if (byteLength(token.text) > SHOWN_BYTES) return `${quote(Array.from(token.text).slice(0, SHOWN_BYTES).join(''))}...`;
  return quote(token.text);
}
