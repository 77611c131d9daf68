import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/go/decimal.ts';
import { abbreviate, deleteWhiteSpace, initials, swapCase, uncapitalize, wrapLines } from '../../src/go/goutils.ts';
import { toKebabCase, toPascalCase, toSnakeCase } from '../../src/go/xstrings.ts';

describe('goutils', () => {
  it.each([
    ['First Try', 'FT'],
    ['a b-c d', 'abd'],
    ['', ''],
    ['é x', 'Ãx'],
  ])('Initials of %j', (text, result) => expect(initials(text)).toBe(result));

  it.each([
    ['hello w o r l d\n', 'helloworld'],
    ['é', 'é'],
    ['é x', 'Ã©x'],
  ])('DeleteWhiteSpace of %j', (text, result) => expect(deleteWhiteSpace(text)).toBe(result));

  it('changes case word by word', () => {
    expect(uncapitalize('Hello World ÉA')).toBe('hello world éA');
    expect(swapCase('This Is A.Test ǅ')).toBe('tHIS iS a.tEST ǆ');
  });

  it.each([
    ['hello', 0, 10, 'hello'],
    ['hello world', 0, 8, 'hello...'],
    ['1234 5678 9123', 5, 10, '...5678...'],
    ['abcdefghijklmno', 12, 10, '...ijklmno'],
    ['abcdefghijklmno', 99, 10, '...ijklmno'],
    ['abcdefghij', 6, 6, ''],
    ['éééé', 0, 5, 'é...'],
  ])('Abbreviate(%j, %d, %d)', (text, offset, width, result) => expect(abbreviate(text, offset, width)).toBe(result));

  it.each([
    ['hello wonderful world of code', 10, false, ['hello', 'wonderful', 'world of', 'code']],
    ['abcdefghij kl', 4, true, ['abcd', 'efgh', 'ij', 'kl']],
    ['abcdefghij kl', 4, false, ['abcdefghij', 'kl']],
    ['abcdefghij', 4, false, ['abcdefghij']],
    ['  a', 1, false, ['a']],
    ['ab', 0, true, ['a', 'b']],
    ['', 5, true, ['']],
  ])('Wrap(%j, %d, %s)', (text, width, breakWords, lines) =>
    expect(wrapLines(text, { width, breakWords })).toEqual(lines),
  );
});

describe('xstrings', () => {
  it.each([
    ['some_words', 'SomeWords'],
    ['http_server', 'HttpServer'],
    ['_complex__case_', '_Complex_Case_'],
    ['GOLANG_IS_GREAT', 'GolangIsGreat'],
    ['some words', 'SomeWords'],
    ['', ''],
    ['__', '___'],
    ['éa-b', 'ÉaB'],
  ])('ToPascalCase(%j) is %j', (text, result) => expect(toPascalCase(text)).toBe(result));

  it.each([
    ['FirstName', 'first_name'],
    ['HTTPServer', 'http_server'],
    ['NoHTTPS', 'no_https'],
    ['GO_PATH', 'go_path'],
    ['GO PATH', 'go_path'],
    ['http2xx', 'http_2xx'],
    ['HTTP20xOK', 'http_20x_ok'],
    ['Duration2m3s', 'duration_2m3s'],
    ['Bld4Floor3rd', 'bld4_floor_3rd'],
    ['a1', 'a1'],
    ['1aB', '1a_b'],
    ['a.B', 'a.b'],
    ['a$B', 'a_$_b'],
    ['世aB', '世_a_b'],
    ['', ''],
    ['A', 'a'],
    ['\ufffdAB\ufffdCd', '\ufffdab_\ufffdcd'],
    ['a1.', 'a1.'],
    ['a1B', 'a1_b'],
  ])('ToSnakeCase(%j) is %j', (text, result) => expect(toSnakeCase(text)).toBe(result));

  it('ToKebabCase', () => {
    expect(toKebabCase('HTTPServerV2')).toBe('http-server-v2');
    expect(toKebabCase('some_thing here')).toBe('some-thing-here');
  });
});

describe('decimal', () => {
  const of = (value: number): Decimal => Decimal.fromFloat(value);
  it('computes without binary errors', () => {
    expect(of(0.1).add(of(0.2)).toFloat()).toBe(0.3);
    expect(of(1).sub(of(0.9)).toFloat()).toBe(0.1);
    expect(of(1.9).mul(of(2)).toFloat()).toBe(3.8);
    expect(of(0).add(of(-0)).toFloat()).toBe(0);
    expect(of(1e300).mul(of(1e300)).toFloat()).toBe(Infinity);
  });
  it.each([
    [1, 3, 0.3333333333333333],
    [2, 3, 0.6666666666666667],
    [-2, 3, -0.6666666666666667],
    [1e20, 8, 1.25e19],
    [1e-20, 3, 0],
    [7, 2, 3.5],
  ])('%d / %d', (a, b, result) => expect(of(a).div(of(b)).toFloat()).toBe(result));
  it('refuses what is no number', () => {
    expect(() => of(NaN)).toThrow('Cannot create a Decimal from NaN');
    expect(() => of(1).div(of(0))).toThrow('decimal division by 0');
  });
});
