import { describe, expect, it } from 'vitest';
import { FieldPath } from '../../src/validation/path.ts';
import { pathInside } from '../../src/validation/reader-path.ts';
import { Result } from '../../src/validation/result.ts';
import { checkJwksUri } from '../../src/validation/rules/jwks-uris.ts';
import { isJwtClaimRoute } from '../../src/validation/rules/jwt-claims.ts';
import { checkLabels } from '../../src/validation/rules/labels.ts';
import { checkRegex, regexError } from '../../src/validation/rules/regexes.ts';
import { checkRegexMatch, checkStringMatch } from '../../src/validation/rules/string-matches.ts';
import { checkWasmUrl } from '../../src/validation/rules/wasm-urls.ts';

const root = FieldPath.root('spec');

describe('labels', () => {
  const texts = (labels: Record<string, string>): string[] => {
    const result = new Result();
    checkLabels(result, root.at('labels'), labels);
    return result.errors.map(({ path, message }) => `${path.toString()}: ${message}`);
  };

  it.each<Record<string, string>>([
    { app: 'x' },
    { 'Example.com/A_b.c': '' },
    { [`${'p'.repeat(253)}/${'n'.repeat(63)}`]: 'v'.repeat(500) },
  ])('takes %j', (labels) => {
    expect(texts(labels)).toEqual([]);
  });

  it.each([
    [{ '': 'x' }, 'spec.labels[]: invalid tag key: ""'],
    [{ '/a': 'x' }, 'spec.labels[/a]: invalid tag key: "/a"'],
    [{ 'a_b/c': 'x' }, 'spec.labels[a_b/c]: invalid tag key: "a_b/c"'],
    [{ a: '-x' }, 'spec.labels[a]: invalid tag value: "-x"'],
    [{ [`${'p'.repeat(254)}/n`]: '' }, /\(DNS prefix is too long\)$/],
    [{ ['n'.repeat(64)]: '' }, /\(name is too long\)$/],
  ])('refuses %j', (labels, text) => {
    expect(texts(labels)).toEqual([expect.stringMatching(text instanceof RegExp ? text : escaped(text))]);
  });

  it('counts a lone error as a list', () => {
    const result = new Result();
    checkLabels(result, root, { a: '!' });
    expect(result.render()).toBe('1 error occurred:\n\t* invalid tag value: "!"\n\n');
  });
});

function escaped(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)}$`);
}

describe('JWT claim routes', () => {
  it.each([
    ['@request.auth.claims.sub', true],
    ['@Request.Auth.Claims[a][b]', true],
    ['@request.auth.claims', false],
    ['@request.auth.claims.', false],
    ['@request.auth.claims[]', false],
    ['@request.auth.claims[a', false],
    ['x-@request.auth.claims.sub', false],
  ])('%s: %s', (name, expected) => {
    expect(isJwtClaimRoute(name)).toBe(expected);
  });
});

describe('regular expressions', () => {
  it.each([
    'a+',
    '(?P<n>a)(?P<n>b)',
    '(?<n>a)',
    String.raw`\p{Greek}\p{greek}\p{Lowercase_Letter}\p{^letter}\p{ASCII}\pl`,
    String.raw`\\p{nothing}`,
    'a{,5}',
    '[]a]',
  ])('takes %s', (pattern) => {
    expect(regexError(pattern)).toBeUndefined();
  });

  it.each([
    ['(', 'missing closing ): `(`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['x{1001}', 'invalid repeat count: `{1001}`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['\\', 'trailing backslash at end of expression: ``'],
    [String.raw`\1`, 'invalid escape sequence: `\\1`'],
    [String.raw`\p{Klingon}`, 'invalid character class range: `\\p{Klingon}`'],
  ])('refuses %s', (pattern, reason) => {
    expect(regexError(pattern)).toBe(`error parsing regexp: ${reason}`);
  });

  it('refuses classes that the Unicode version of Go does not have', () => {
    expect(regexError(String.raw`\p{Garay}`)).toContain('invalid character class range');
    expect(regexError(String.raw`\p{Old_Italic}`)).toContain('invalid character class range');
  });

  it('limits the length in bytes', () => {
    expect(checkRegex('é'.repeat(512), 'uri')).toBeUndefined();
    expect(checkRegex('é'.repeat(513), 'uri')?.message).toBe('"uri": regex is too large, max length allowed is 1024');
    expect(checkRegex('(', 'uri')?.message).toBe(
      '"uri": error parsing regexp: missing closing ): `(`; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)',
    );
  });
});

describe('string matches', () => {
  const messages = (check: typeof checkStringMatch, match: Parameters<typeof checkStringMatch>[2]): string[] => {
    const result = new Result();
    check(result, root, match, 'uri');
    return result.errors.map(({ path, message }) => `${path.toString()}: ${message}`);
  };

  it('takes absent, empty and exact ones', () => {
    for (const match of [undefined, {}, { exact: '' }, { prefix: '/' }, { regex: '.*' }]) {
      expect(messages(checkStringMatch, match)).toEqual([]);
    }
  });

  it('refuses empty prefixes and regular expressions', () => {
    expect(messages(checkStringMatch, { prefix: '' })).toEqual([
      'spec.prefix: "uri": prefix string match should not be empty',
    ]);
    expect(messages(checkRegexMatch, { prefix: '' })).toEqual([]);
    expect(messages(checkRegexMatch, { regex: '' })).toEqual([
      'spec.regex: "uri": regex string match should not be empty',
    ]);
  });
});

describe('URLs of keys', () => {
  it.each(['http://a', 'HTTPS://a/b?c', 'http:x', 'http://x:99999'])('takes %s', (uri) => {
    expect(checkJwksUri(uri)).toBeUndefined();
  });

  it.each([
    ['foo', 'URI scheme "" is not supported'],
    ['ftp://a', 'URI scheme "ftp" is not supported'],
    ['http://a:b', 'parse "http://a:b": invalid port ":b" after host'],
    [':a', 'parse ":a": missing protocol scheme'],
  ])('refuses %s', (uri, text) => {
    expect(checkJwksUri(uri)?.message).toBe(text);
  });
});

describe('URLs of WebAssembly modules', () => {
  it.each(['oci://a/b:1', 'file:///a', 'https://a', 'a/b', '*', '?', '/p'])('takes %s', (url) => {
    expect(checkWasmUrl(url)).toBeUndefined();
  });

  it.each([
    ['', 'url field needs to be set'],
    ['localhost:8080/x', 'url contains unsupported scheme: localhost'],
    ['%zz', 'failed to parse url: parse "%zz": invalid URI for request'],
    ['a?x#%zz', 'failed to strict parse url: parse "http://a?x#%zz": invalid URL escape "%zz"'],
  ])('refuses %j', (url, text) => {
    expect(checkWasmUrl(url)?.message).toBe(text);
  });
});

describe('places named by the protobuf reader', () => {
  it.each([
    ['', 'spec'],
    ['name', 'spec.name'],
    ['filters[0].typedConfig', 'spec.filters[0].typedConfig'],
    ['labels["a.b/c"].x', 'spec.labels[a.b/c].x'],
    [String.raw`labels["a\"b"]`, 'spec.labels[a"b]'],
    [String.raw`labels["\a"]`, String.raw`spec.labels[\a]`],
  ])('%s is %s', (place, path) => {
    expect(pathInside(root, place).toString()).toBe(path);
  });
});
