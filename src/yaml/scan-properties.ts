/** Anchors, aliases, tags and directives, read as the Go port of libyaml (go.yaml.in/yaml/v2) reads them. */
import { isBlank, isBlankBreakOrEnd, isBreakOrEnd, isWord } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { scannerError } from './error.ts';

function failAt(cursor: Cursor, problem: string): never {
  throw scannerError(problem, cursor.line, cursor.column);
}

function readWord(cursor: Cursor): string {
  const start = cursor.index;
  while (isWord(cursor.code())) cursor.index += 1;
  return cursor.text.slice(start, cursor.index);
}

function skipBlanks(cursor: Cursor): void {
  while (isBlank(cursor.code())) cursor.index += 1;
}

/** The name after `&` or `*`. */
export function scanAnchorName(cursor: Cursor): string {
  cursor.index += 1;
  const name = readWord(cursor);
  const next = cursor.text.charAt(cursor.index);
  if (name === '' || !(isBlankBreakOrEnd(cursor.code()) || '?:,]}%@`'.includes(next))) {
    failAt(cursor, 'did not find expected alphabetic or numeric character');
  }
  return name;
}

/** `!handle!suffix`, `!suffix`, `!<uri>` or `!`; without a handle the suffix is the whole tag. */
export function scanTag(cursor: Cursor): { handle: string; suffix: string } {
  let handle = '';
  let suffix: string;
  if (cursor.code(1) === 0x3c) {
    cursor.index += 2;
    suffix = readUri(cursor, '');
    if (cursor.code() !== 0x3e) failAt(cursor, "did not find the expected '>'");
    cursor.index += 1;
  } else {
    handle = readTagHandle(cursor, false);
    if (handle.length > 1 && handle.endsWith('!')) {
      suffix = readUri(cursor, '');
    } else {
      suffix = readUri(cursor, handle);
      handle = '!';
      if (suffix === '') [handle, suffix] = ['', '!'];
    }
  }
  if (!isBlankBreakOrEnd(cursor.code())) failAt(cursor, 'did not find expected whitespace or line break');
  return { handle, suffix };
}

function readTagHandle(cursor: Cursor, inDirective: boolean): string {
  if (cursor.code() !== 0x21) failAt(cursor, "did not find expected '!'");
  cursor.index += 1;
  let handle = `!${readWord(cursor)}`;
  if (cursor.code() === 0x21) {
    cursor.index += 1;
    handle += '!';
  } else if (inDirective && handle !== '!') {
    failAt(cursor, "did not find expected '!'");
  }
  return handle;
}

/** The characters of a tag's URI; `head` is what was read of it as if it were a handle, with its `!`. */
function readUri(cursor: Cursor, head: string): string {
  let uri = head.slice(1);
  let found = head !== '';
  for (;;) {
    const character = cursor.text.charAt(cursor.index);
    if (character === '%') {
      uri += readUriEscape(cursor);
    } else if (isWord(cursor.code()) || (character !== '' && ";/?:@&=+$,.!~*'()[]".includes(character))) {
      uri += character;
      cursor.index += 1;
    } else {
      break;
    }
    found = true;
  }
  if (!found) failAt(cursor, 'did not find expected tag URI');
  return uri;
}

/** A run of `%XX`, together one UTF-8 character. */
function readUriEscape(cursor: Cursor): string {
  const escape = /(?:%[0-9A-Fa-f]{2})+/y;
  escape.lastIndex = cursor.index;
  const run = escape.exec(cursor.text)?.[0];
  if (run === undefined) failAt(cursor, 'did not find URI escaped octet');
  try {
    const decoded = decodeURIComponent(run);
    cursor.index += run.length;
    return decoded;
  } catch {
    failAt(cursor, 'found an incorrect leading UTF-8 octet');
  }
}

export type Directive = { readonly version: string } | { readonly handle: string; readonly prefix: string };

/** A `%YAML` or `%TAG` line. */
export function scanDirective(cursor: Cursor): Directive {
  cursor.index += 1;
  const name = readWord(cursor);
  if (name === '') failAt(cursor, 'could not find expected directive name');
  if (!isBlankBreakOrEnd(cursor.code())) failAt(cursor, 'found unexpected non-alphabetical character');
  let directive: Directive;
  if (name === 'YAML') {
    skipBlanks(cursor);
    const major = readVersionNumber(cursor);
    if (cursor.code() !== 0x2e) failAt(cursor, "did not find expected digit or '.' character");
    cursor.index += 1;
    directive = { version: `${String(major)}.${String(readVersionNumber(cursor))}` };
  } else if (name === 'TAG') {
    skipBlanks(cursor);
    const handle = readTagHandle(cursor, true);
    if (!isBlank(cursor.code())) failAt(cursor, 'did not find expected whitespace');
    skipBlanks(cursor);
    const prefix = readUri(cursor, '');
    if (!isBlankBreakOrEnd(cursor.code())) failAt(cursor, 'did not find expected whitespace or line break');
    directive = { handle, prefix };
  } else {
    failAt(cursor, 'found unknown directive name');
  }
  skipBlanks(cursor);
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.code())) failAt(cursor, 'did not find expected comment or line break');
  cursor.readBreak();
  return directive;
}

function readVersionNumber(cursor: Cursor): number {
  const digits = /\d*/y;
  digits.lastIndex = cursor.index;
  const text = digits.exec(cursor.text)?.[0] ?? '';
  if (text.length > 2) failAt(cursor, 'found extremely long version number');
  if (text === '') failAt(cursor, 'did not find expected version number');
  cursor.index += text.length;
  return Number(text);
}
