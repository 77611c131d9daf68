/** Character classes of YAML 1.1, by UTF-16 code unit. The end of the text is 0 or NaN. */

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;

export function isBreak(code: number): boolean {
  return code === LF || code === CR || code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** End of text: the sentinel, or past it. */
export function isEnd(code: number): boolean {
  return code === 0 || code !== code;
}

export function isBreakOrEnd(code: number): boolean {
  return code < 0x20 ? code === LF || code === CR || code === 0 : isBreak(code) || code !== code;
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

export function isBlankBreakOrEnd(code: number): boolean {
  return code === SPACE || code === TAB || isBreakOrEnd(code);
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Letters, digits, `_` and `-`: what anchors and tag handles are made of. */
export function isWord(code: number): boolean {
  return (
    isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f || code === 0x2d
  );
}
