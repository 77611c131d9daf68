import { describe, expect, it } from 'vitest';
import { canBackquote, quote, quoteRune, quoteToAscii } from '../../src/go/quote.ts';

describe('strconv.Quote', () => {
  it.each([
    ['abc', '"abc"', '"abc"'],
    ['a"b\\', '"a\\"b\\\\"', '"a\\"b\\\\"'],
    ['\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"', '"\\a\\b\\f\\n\\r\\t\\v"'],
    ['\x00\x1f\x7f', '"\\x00\\x1f\\x7f"', '"\\x00\\x1f\\x7f"'],
    ['é✓', '"é✓"', '"\\u00e9\\u2713"'],
    ['😀', '"😀"', '"\\U0001f600"'],
    ['\u00a0\u200b', '"\\u00a0\\u200b"', '"\\u00a0\\u200b"'],
    ['\udcff', '"\\xff"', '"\\xff"'],
    ["'", `"'"`, `"'"`],
  ])('%j', (text, plain, ascii) => {
    expect(quote(text)).toBe(plain);
    expect(quoteToAscii(text)).toBe(ascii);
  });

  it.each([
    [0x61, "'a'"],
    [0x27, "'\\''"],
    [0x22, `'"'`],
    [0x0a, "'\\n'"],
    [0x1f600, "'😀'"],
    [-1, "'\ufffd'"],
    [0x110000, "'\ufffd'"],
    [0xd800, "'\ufffd'"],
  ])('QuoteRune(%d)', (code, text) => expect(quoteRune(code)).toBe(text));

  it('QuoteRuneToASCII', () => expect(quoteRune(0xe9, true)).toBe("'\\u00e9'"));

  it.each([
    ['a\tb', true],
    ['a`b', false],
    ['a\nb', false],
    ['\ufeff', false],
    ['\udcff', false],
    ['é', true],
  ])('CanBackquote(%j)', (text, possible) => expect(canBackquote(text)).toBe(possible));
});
