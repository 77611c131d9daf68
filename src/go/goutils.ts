/** Word and abbreviation helpers as `github.com/Masterminds/goutils` has them; several work byte by byte, not rune by rune. */
import { isLower, isSpace, isTitle, isUpper, lowerRune, titleRune, upperRune } from './unicode.ts';
import { byteLength, fromBinary, runes, sliceBytes, toBinary } from './utf8.ts';

/** `Initials`: the first byte of every word, read as a rune. */
export function initials(s: string): string {
  let out = '';
  let afterGap = true;
  for (const byte of toBinary(s)) {
    if (isSpace(byte)) afterGap = true;
    else if (afterGap) {
      out += byte;
      afterGap = false;
    }
  }
  return out;
}

/** `DeleteWhiteSpace`: bytes that are spaces; if there are any, every other byte is read as a rune of its own. */
export function deleteWhiteSpace(s: string): string {
  const bytes = toBinary(s);
  const kept = bytes.replace(/[\t-\r \x85\xa0]/g, '');
  return kept.length === bytes.length ? s : kept;
}

/** `Uncapitalize`: the first letter of every word in lower case. */
export function uncapitalize(s: string): string {
  let start = true;
  return mapRunes(s, (rune) => {
    if (isSpace(rune)) {
      start = true;
      return rune;
    }
    const mapped = start ? lowerRune(rune) : rune;
    start = false;
    return mapped;
  });
}

/** `SwapCase`: a lower-case letter at the start of a word goes to title case. */
export function swapCase(s: string): string {
  let afterSpace = true;
  return mapRunes(s, (rune) => {
    if (isUpper(rune) || isTitle(rune)) {
      afterSpace = false;
      return lowerRune(rune);
    }
    if (!isLower(rune)) {
      afterSpace = isSpace(rune);
      return rune;
    }
    const mapped = afterSpace ? titleRune(rune) : upperRune(rune);
    afterSpace = false;
    return mapped;
  });
}

const mapRunes = (s: string, mapping: (rune: string) => string): string => runes(s).map(mapping).join('');

/** Bytes that an ellipsis takes. */
const MARK = '...';

/** `AbbreviateFull`: at most `width` bytes (4 or more), with the byte at `offset` among those shown. */
export function abbreviate(s: string, offset: number, width: number): string {
  const length = byteLength(s);
  if (length <= width) return s;
  const shown = width - MARK.length;
  const start = Math.min(offset, length - shown);
  if (start <= 4) return sliceBytes(s, 0, shown) + MARK;
  if (width < 7) return '';
  if (start + shown < length) return MARK + abbreviate(sliceBytes(s, start), 0, shown);
  return MARK + sliceBytes(s, length - shown);
}

export interface WrapOptions {
  /** Bytes per line; below 1 is 1. */
  readonly width: number;
  /** Written between lines. Default: a line feed. */
  readonly newline?: string;
  /** Break words that are longer than a line. */
  readonly breakWords: boolean;
}

/** `WrapCustom`: breaks lines at spaces. Gives the lines; a long word stays whole unless words may be broken. */
export function wrapLines(s: string, options: WrapOptions): string[] {
  const text = toBinary(s);
  const width = Math.max(1, options.width);
  const lines: string[] = [];
  let offset = 0;
  while (text.length - offset > width) {
    if (text.charAt(offset) === ' ') {
      offset++;
      continue;
    }
    const [end, next] = lineEnd(text, offset, width, options.breakWords);
    lines.push(fromBinary(text.slice(offset, end)));
    offset = next;
    if (end === text.length) return lines;
  }
  return [...lines, fromBinary(text.slice(offset))];
}

function lineEnd(text: string, offset: number, width: number, breakWords: boolean): [end: number, next: number] {
  const space = text.slice(offset, offset + width + 1).lastIndexOf(' ');
  if (space >= 0) return [offset + space, offset + space + 1];
  if (breakWords) return [offset + width, offset + width];
  const later = text.indexOf(' ', offset + width);
  return later < 0 ? [text.length, text.length] : [later, later + 1];
}
