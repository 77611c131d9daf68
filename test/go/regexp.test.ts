import { describe, expect, it } from 'vitest';
import { compileRegexp, MAX_PATTERN_LENGTH, quoteMeta, RegexpError } from '../../src/go/regexp.ts';

describe('regexp', () => {
  it.each([
    ['a(b', 'error parsing regexp: missing closing ): `a(b`'],
    ['a)b', 'error parsing regexp: unexpected ): `a)b`'],
    ['[a', 'error parsing regexp: missing closing ]: `[a`'],
    ['*', 'error parsing regexp: missing argument to repetition operator: `*`'],
    ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
    ['x{1001}', 'error parsing regexp: invalid repeat count: `{1001}`'],
    ['(?=a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
    ['a\\', 'error parsing regexp: trailing backslash at end of expression: ``'],
    ['\udcff', 'error parsing regexp: invalid UTF-8: `\udcff`'],
  ])('%j does not compile', (pattern, message) => {
    expect(() => compileRegexp(pattern)).toThrow(new RegexpError(message));
  });

  it('finds the leftmost match', () => {
    expect(compileRegexp('foo.?').find('seafood fool')).toBe('food');
    expect(compileRegexp('foo.?').find('meat')).toBe('');
    expect(compileRegexp('a(x*)b(y|z)?c').findSubmatch('-axxxbyc-')).toEqual(['axxxbyc', 'xxx', 'y']);
    expect(compileRegexp('a(x*)b(y|z)?c').findSubmatch('-abc-')).toEqual(['abc', '', '']);
    expect(compileRegexp('x').findSubmatch('y')).toBeUndefined();
    expect(compileRegexp('(a)(b)?').findAllSubmatch('ab a')).toEqual([
      ['ab', 'a', 'b'],
      ['a', 'a', ''],
    ]);
    expect(compileRegexp('^[a-z]+\\[(\\d+)\\]$').test('adam[23]')).toBe(true);
  });

  it.each([
    ['a.', 'paranormal', -1, ['ar', 'an', 'al']],
    ['a.', 'paranormal', 2, ['ar', 'an']],
    ['a.', 'none', 0, null],
    ['zz', 'none', -1, null],
    ['a*', 'baaac', -1, ['', 'aaa', '']],
    ['', '😀é', -1, ['', '', '']],
  ])('FindAllString(%j, %j, %d)', (pattern, text, limit, found) => {
    expect(compileRegexp(pattern).findAll(text, limit)).toEqual(found);
  });

  it.each([
    ['a(x*)b', '-ab-axxb-', 'T', '-T-T-'],
    ['a(x*)b', '-ab-axxb-', '$1', '--xx-'],
    ['a(x*)b', '-ab-axxb-', '$1W', '---'],
    ['a(x*)b', '-ab-axxb-', '${1}W', '-W-xxW-'],
    ['a(?P<n>x*)b', '-axxb-', '[$n|${n}|$0]', '-[xx|xx|axxb]-'],
    ['a', 'a', '$$ $ ${ ${x $é $01', '$ $ ${ ${x  '],
    ['x*', 'abc', '-', '-a-b-c-'],
    ['b', 'abc', '', 'ac'],
  ])('ReplaceAllString(%j, %j, %j)', (pattern, text, template, result) => {
    expect(compileRegexp(pattern).replaceAll(text, template)).toBe(result);
  });

  it('replaces literally', () => expect(compileRegexp('b').replaceAllLiteral('abc', '$0')).toBe('a$0c'));

  it.each([
    ['a', 'banana', -1, ['b', 'n', 'n', '']],
    ['a', 'banana', 0, null],
    ['a', 'banana', 1, ['banana']],
    ['a', 'banana', 2, ['b', 'nana']],
    ['zz', 'pizza', -1, ['pi', 'a']],
    ['a', '', -1, ['']],
    ['', 'abc', -1, ['a', 'b', 'c']],
    ['', '', -1, []],
  ])('Split(%j, %j, %d)', (pattern, text, limit, parts) => {
    expect(compileRegexp(pattern).split(text, limit)).toEqual(parts);
  });

  it('QuoteMeta escapes what has a meaning', () =>
    expect(quoteMeta('[foo] \\.+*?()|{}^$-')).toBe('\\[foo\\] \\\\\\.\\+\\*\\?\\(\\)\\|\\{\\}\\^\\$-'));

  it('limits its work', () => {
    expect(() => compileRegexp('a'.repeat(MAX_PATTERN_LENGTH + 1))).toThrow('longer than');
    expect(() => compileRegexp('(?:a{50}){10}b').test('x'.repeat(2_000_000))).toThrow('too large to match');
    expect(() => compileRegexp('a').replaceAllLiteral('a'.repeat(100_000), 'b'.repeat(10_000))).toThrow('too long');
    expect(compileRegexp('(a*)*b').test('a'.repeat(50_000))).toBe(false);
  });

  it('remembers a bounded number of patterns', () => {
    const first = compileRegexp('memo');
    expect(compileRegexp('memo')).toBe(first);
    for (let i = 0; i < 300; i++) compileRegexp(`memo${String(i)}`);
    expect(compileRegexp('memo')).not.toBe(first);
  });
});
