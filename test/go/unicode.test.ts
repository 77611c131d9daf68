import { describe, expect, it } from 'vitest';
import {
  isDigit,
  isLetter,
  isLower,
  isNumber,
  isPrint,
  isPunct,
  isSpace,
  isTitle,
  isUpper,
  titleRune,
  toLower,
  toTitleWords,
  toUpper,
  trim,
  trimSpace,
} from '../../src/go/unicode.ts';

describe('Go case mapping', () => {
  it.each([
    ['abc', 'ABC'],
    ['héllo', 'HÉLLO'],
    ['straße', 'STRAßE'],
    ['ŉ', 'ŉ'],
    ['ᾳ', 'ᾼ'],
    ['ᾀ', 'ᾈ'],
    ['𐐨', '𐐀'],
    ['a\udcff', 'A\ufffd'],
  ])('ToUpper(%j) is %j', (from, to) => expect(toUpper(from)).toBe(to));

  it.each([
    ['ABC', 'abc'],
    ['İ', 'i'],
    ['ΑΣ', 'ασ'],
  ])('ToLower(%j) is %j', (from, to) => expect(toLower(from)).toBe(to));

  it.each([
    ['her royal highness', 'Her Royal Highness'],
    ['foo-bar baz_qux', 'Foo-Bar Baz_qux'],
    ['éa éa', 'Éa Éa'],
    ['1st', '1st'],
    ['a–b', 'A–b'],
  ])('Title(%j) is %j', (from, to) => expect(toTitleWords(from)).toBe(to));

  it.each([
    ['ǆ', 'ǅ'],
    ['Ǳ', 'ǲ'],
    ['ა', 'ა'],
    ['a', 'A'],
  ])('ToTitle(%j) is %j', (from, to) => expect(titleRune(from)).toBe(to));
});

describe('Go classes of runes', () => {
  it.each([
    [isSpace, ['\t', ' ', '\x85', '\u00a0', '\u2028', '\u3000'], ['a', '\u200b']],
    [isUpper, ['A', 'É'], ['a', 'ǅ', '1']],
    [isLower, ['a', 'ß'], ['A', '-']],
    [isTitle, ['ǅ'], ['A']],
    [isLetter, ['a', '世'], ['1', '_']],
    [isDigit, ['1', '٣'], ['a', '½']],
    [isNumber, ['½', 'Ⅷ'], ['a']],
    [isPunct, ['!', '_', '–'], ['$', '+']],
    [isPrint, [' ', 'a', '😀', '\ufffd'], ['\u00a0', '\n', '\u200b', '\udcff']],
  ])('%o', (test, members, others) => {
    expect(members.filter((rune) => !test(rune))).toEqual([]);
    expect(others.filter(test)).toEqual([]);
  });
});

describe('Go trimming', () => {
  it.each([
    ['  a b\n', 'a b'],
    ['\u3000x\u00a0', 'x'],
    ['\t \n', ''],
    ['', ''],
  ])('TrimSpace(%j) is %j', (from, to) => expect(trimSpace(from)).toBe(to));

  it('is linear in a long run of spaces', () => {
    const text = `a${' '.repeat(200_000)}b`;
    expect(trimSpace(text)).toBe(text);
  });

  it.each([
    ['xxhixx', 'x', 'hi'],
    ['¡¡¡Hello!!!', '!¡', 'Hello'],
    ['😀a😀', '😀', 'a'],
    ['aaa', 'a', ''],
    ['abc', '', 'abc'],
  ])('Trim(%j, %j) is %j', (from, cutset, to) => expect(trim(from, cutset)).toBe(to));
});
