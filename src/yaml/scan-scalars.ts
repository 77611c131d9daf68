/** The four ways to write a scalar, read as the Go port of libyaml (go.yaml.in/yaml/v2) reads them. */
import { CR, LF, SPACE, TAB, isBlank, isBlankBreakOrEnd, isBreak, isBreakOrEnd, isDigit, isEnd } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { scannerError } from './error.ts';

function failAt(cursor: Cursor, problem: string): never {
  throw scannerError(problem, cursor.line, cursor.column);
}

/** What white space between two pieces of a plain or quoted scalar stands for. */
interface Gap {
  readonly text: string;
  readonly brokeLine: boolean;
}

/** Joins the breaks between two lines: one break is a space, each further one a line break. */
function foldBreaks(first: string, others: string): string {
  if (first === '\n') return others === '' ? ' ' : others;
  return first + others;
}

/** Reads blanks and line breaks. `minimumIndent` is given for plain scalars, where a tab may not indent. */
function readGap(cursor: Cursor, brokeAlready: boolean, minimumIndent = -1): Gap {
  const start = cursor.index;
  let brokeLine = brokeAlready;
  let first = '';
  let others = '';
  for (;;) {
    const code = cursor.code();
    if (isBlank(code)) {
      if (brokeLine && code === TAB && cursor.column < minimumIndent) {
        failAt(cursor, 'found a tab character that violates indentation');
      }
      cursor.index += 1;
    } else if (isBreak(code)) {
      if (brokeLine) {
        others += cursor.readBreak();
      } else {
        first = cursor.readBreak();
        brokeLine = true;
      }
    } else {
      return { text: brokeLine ? foldBreaks(first, others) : cursor.text.slice(start, cursor.index), brokeLine };
    }
  }
}

function endsPlain(cursor: Cursor, code: number, flow: boolean): boolean {
  if (code === 0x3a) return isBlankBreakOrEnd(cursor.code(1));
  // , ? [ ] { }
  return flow && (code === 0x2c || code === 0x3f || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d);
}

/** A scalar without quotes; `indent` is the smallest column of its further lines. `brokeLine`: a key may follow. */
export function scanPlain(cursor: Cursor, indent: number, flow: boolean): { value: string; brokeLine: boolean } {
  let value = '';
  let gap: Gap = { text: '', brokeLine: false };
  while (!cursor.atDocumentIndicator() && cursor.code() !== 0x23) {
    const start = cursor.index;
    for (let code = cursor.code(); !isBlankBreakOrEnd(code) && !endsPlain(cursor, code, flow); code = cursor.code()) {
      cursor.index += 1;
    }
    if (cursor.index > start) {
      value += gap.text + cursor.text.slice(start, cursor.index);
      gap = { text: '', brokeLine: false };
    }
    const code = cursor.code();
    if (!isBlank(code) && !isBreak(code)) break;
    gap = readGap(cursor, false, indent);
    if (!flow && cursor.column < indent) break;
  }
  return { value, brokeLine: gap.brokeLine };
}

/** A scalar in single or double quotes. */
export function scanQuoted(cursor: Cursor): string {
  const quote = cursor.code();
  const single = quote === 0x27;
  cursor.index += 1;
  let value = '';
  for (;;) {
    if (cursor.atDocumentIndicator()) failAt(cursor, 'found unexpected document indicator');
    if (isEnd(cursor.code())) failAt(cursor, 'found unexpected end of stream');
    let brokeLine = false;
    let start = cursor.index;
    let code = cursor.code();
    for (; !isBlankBreakOrEnd(code); code = cursor.code()) {
      if (single && code === 0x27) {
        if (cursor.code(1) !== 0x27) break;
        value += cursor.text.slice(start, cursor.index + 1);
        cursor.index += 2;
        start = cursor.index;
      } else if (!single && code === 0x22) {
        break;
      } else if (!single && code === 0x5c) {
        value += cursor.text.slice(start, cursor.index);
        if (isBreak(cursor.code(1))) {
          cursor.index += 1;
          cursor.readBreak();
          brokeLine = true;
          start = cursor.index;
          break;
        }
        value += readEscape(cursor);
        start = cursor.index;
      } else {
        cursor.index += 1;
      }
    }
    value += cursor.text.slice(start, cursor.index);
    if (cursor.code() === quote) break;
    // After an escaped line break the white space counts for nothing, but further line breaks do.
    value += readGap(cursor, brokeLine).text;
  }
  cursor.index += 1;
  return value;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const hexEscapes: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function readEscape(cursor: Cursor): string {
  const letter = cursor.text.charAt(cursor.index + 1);
  const simple = Object.hasOwn(simpleEscapes, letter) ? simpleEscapes[letter] : undefined;
  if (simple !== undefined) {
    cursor.index += 2;
    return simple;
  }
  const length = Object.hasOwn(hexEscapes, letter) ? hexEscapes[letter] : undefined;
  if (length === undefined) failAt(cursor, 'found unknown escape character');
  cursor.index += 2;
  const digits = cursor.text.slice(cursor.index, cursor.index + length);
  if (digits.length !== length || !/^[0-9A-Fa-f]+$/.test(digits)) {
    failAt(cursor, 'did not find expected hexdecimal number');
  }
  const point = Number.parseInt(digits, 16);
  if ((point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) {
    failAt(cursor, 'found invalid Unicode character escape code');
  }
  cursor.index += length;
  return String.fromCodePoint(point);
}

/** What stands after `|` or `>`. */
interface BlockHeader {
  readonly chomping: 'strip' | 'clip' | 'keep';
  /** The indentation indicator; 0 when there is none. */
  readonly increment: number;
}

function readBlockHeader(cursor: Cursor): BlockHeader {
  let chomping: BlockHeader['chomping'] = 'clip';
  let increment = 0;
  const readChomping = (): void => {
    const code = cursor.code();
    if (code !== 0x2b && code !== 0x2d) return;
    chomping = code === 0x2b ? 'keep' : 'strip';
    cursor.index += 1;
  };
  readChomping();
  if (isDigit(cursor.code())) {
    increment = cursor.code() - 0x30;
    if (increment === 0) failAt(cursor, 'found an indentation indicator equal to 0');
    cursor.index += 1;
    if (chomping === 'clip') readChomping();
  }
  while (isBlank(cursor.code())) cursor.index += 1;
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.code())) failAt(cursor, 'did not find expected comment or line break');
  cursor.readBreak();
  return { chomping, increment };
}

/** A literal (`|`) or folded (`>`) block; `parentIndent` is the column of the surrounding block, -1 at the top. */
export function scanBlock(cursor: Cursor, parentIndent: number): string {
  const literal = cursor.code() === 0x7c;
  cursor.index += 1;
  const { chomping, increment } = readBlockHeader(cursor);
  const wanted = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  const start = readBlockBreaks(cursor, wanted, parentIndent);
  const { indent } = start;
  let { breaks } = start;

  let value = '';
  let lineEnd = '';
  let afterBlank = false;
  while (cursor.column === indent && !isEnd(cursor.code())) {
    const startsBlank = isBlank(cursor.code());
    const folds = !literal && !afterBlank && !startsBlank && lineEnd === '\n';
    value += folds ? (breaks === '' ? ' ' : '') : lineEnd;
    value += breaks + cursor.readRestOfLine();
    afterBlank = startsBlank;
    lineEnd = cursor.readBreak();
    breaks = readBlockBreaks(cursor, indent, parentIndent).breaks;
  }
  if (chomping !== 'strip') value += lineEnd;
  if (chomping === 'keep') value += breaks;
  return value;
}

/** Reads indentation and empty lines; an indent of 0 means that the first line with text decides it. */
function readBlockBreaks(cursor: Cursor, indent: number, parentIndent: number): { indent: number; breaks: string } {
  let breaks = '';
  let deepest = 0;
  for (;;) {
    while ((indent === 0 || cursor.column < indent) && cursor.code() === SPACE) cursor.index += 1;
    deepest = Math.max(deepest, cursor.column);
    const code = cursor.code();
    if (code === TAB && (indent === 0 || cursor.column < indent)) {
      failAt(cursor, 'found a tab character where an indentation space is expected');
    }
    if (code !== LF && code !== CR && !isBreak(code)) break;
    breaks += cursor.readBreak();
  }
  return { indent: indent === 0 ? Math.max(deepest, parentIndent + 1, 1) : indent, breaks };
}
