import { describe, expect, it } from 'vitest';
import { findRegexpError } from '../../src/go/regexp-syntax.ts';

const raw = String.raw;

describe('patterns that Go compiles', () => {
  it.each([
    '',
    'a|b|',
    '(a)(?:b)(?P<n>c)(?<1>d)(?P<n>e)',
    '(?i)a(?s-m:b)(?U)',
    'a*b+?c??',
    'a{2}b{2,}c{2,5}d{0}',
    '{,5}a{,5}b{x}{01}{',
    '(a{10}){100}',
    '[]a][^]a][a-][-a][[:alpha:][:^digit:]]',
    '[[:alpha]',
    raw`\A\b\B\z\d\D\s\S\w\W`,
    raw`\a\f\n\r\t\v\123\0\07\x7F\x{10FFFF}\_\.`,
    raw`[\d\x41-\x{42}\pL]`,
    raw`\Q(*\E*`,
    raw`\Q(`,
    raw`\pN\p{Greek}\P{^Lu}\p{lowercase_letter}\p{Any}`,
    'é+😀?[é-😀]',
    'a*(?i)*',
  ])('%s', (pattern) => {
    expect(findRegexpError(pattern)).toBeUndefined();
  });
});

describe('patterns that Go refuses', () => {
  it.each([
    ['*', 'missing argument to repetition operator: `*`'],
    ['(?:+?)', 'missing argument to repetition operator: `+?`'],
    ['a|{2}', 'missing argument to repetition operator: `{2}`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['a*??', 'invalid nested repetition operator: `*??`'],
    ['x{2}{3}', 'invalid nested repetition operator: `{2}{3}`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['a{2,1}', 'invalid repeat count: `{2,1}`'],
    ['a{99999999999}', 'invalid repeat count: `{99999999999}`'],
    ['(a{100}){11}?', 'invalid repeat count: `{11}?`'],
    ['(', 'missing closing ): `(`'],
    ['a(b', 'missing closing ): `a(b`'],
    ['a)', 'unexpected ): `a)`'],
    ['[a', 'missing closing ]: `[a`'],
    ['x[^', 'missing closing ]: `[^`'],
    ['[b-a]', 'invalid character class range: `b-a`'],
    ['[[:foo:]]', 'invalid character class range: `[:foo:]`'],
    [raw`\p{foo}`, raw`invalid character class range: ${'`'}\p{foo}${'`'}`],
    [raw`\p{foo`, raw`invalid character class range: ${'`'}\p{foo${'`'}`],
    [raw`\p{Old_Italic}`, raw`invalid character class range: ${'`'}\p{Old_Italic}${'`'}`],
    [raw`\p`, raw`invalid character class range: ${'`'}\p${'`'}`],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(?', 'invalid or unsupported Perl syntax: `(?`'],
    ['(?i-)', 'invalid or unsupported Perl syntax: `(?i-)`'],
    ['(?i-s-m)', 'invalid or unsupported Perl syntax: `(?i-s-`'],
    ['(?P<', 'invalid or unsupported Perl syntax: `(?P`'],
    ['(?<=a)', 'invalid named capture: `(?<=a)`'],
    ['(?<n', 'invalid named capture: `(?<n`'],
    ['(?P<>a)', 'invalid named capture: `(?P<>`'],
    ['(?P<a-b>a)', 'invalid named capture: `(?P<a-b>`'],
    ['a\\', 'trailing backslash at end of expression: ``'],
    [raw`\1`, raw`invalid escape sequence: ${'`'}\1${'`'}`],
    [raw`\8`, raw`invalid escape sequence: ${'`'}\8${'`'}`],
    [raw`\C`, raw`invalid escape sequence: ${'`'}\C${'`'}`],
    [raw`\E`, raw`invalid escape sequence: ${'`'}\E${'`'}`],
    [raw`\é`, raw`invalid escape sequence: ${'`'}\é${'`'}`],
    [raw`\x{110000}`, raw`invalid escape sequence: ${'`'}\x{110000${'`'}`],
    [raw`\x{}`, raw`invalid escape sequence: ${'`'}\x{}${'`'}`],
    [raw`\x{4`, raw`invalid escape sequence: ${'`'}\x{4${'`'}`],
    [raw`\x{g}`, raw`invalid escape sequence: ${'`'}\x{g${'`'}`],
    [raw`\x4`, raw`invalid escape sequence: ${'`'}\x4${'`'}`],
    [raw`\x4g`, raw`invalid escape sequence: ${'`'}\x4g${'`'}`],
    [raw`\x`, raw`invalid escape sequence: ${'`'}\x${'`'}`],
    [raw`[a-\d]`, raw`invalid escape sequence: ${'`'}\d${'`'}`],
  ])('%s', (pattern, error) => {
    expect(findRegexpError(pattern)).toBe(`error parsing regexp: ${error}`);
  });
});

describe('limits', () => {
  it.each([
    ['(', ')', 999],
    ['(a', ')', 500],
  ])('nests %s no deeper than Go', (open, close, depth) => {
    const nested = (levels: number): string => `${open.repeat(levels)}x${close.repeat(levels)}`;
    expect(findRegexpError(nested(depth - 1))).toBeUndefined();
    expect(findRegexpError(nested(depth + 1))).toContain('expression nests too deeply');
  });

  it('does not let counts make programs too large', () => {
    expect(findRegexpError(`(?:${'a'.repeat(3300)}){1000}`)).toBeUndefined();
    expect(findRegexpError(`(?:${'a'.repeat(3400)}){1000}`)).toContain('expression too large');
  });

  it('takes time in proportion to the length', () => {
    const started = performance.now();
    for (const part of ['((a{1,10}){1,10}){1,10}', '[[:', '(a|b)*', raw`\pL`]) findRegexpError(part.repeat(50_000));
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
