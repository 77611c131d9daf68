import { describe, expect, it } from 'vitest';
import { formatUrl, formatUserinfo, hostnameOf, parseUrl, UrlError } from '../../src/go/url.ts';
import { isValidEncoding, queryEscape, unescapeUrlPart } from '../../src/go/url-escape.ts';

describe('url.Parse', () => {
  it.each([
    ['http://www.google.com/', { scheme: 'http', host: 'www.google.com', path: '/' }],
    [
      'http://user:pw@host:80/p/a?q=1#f',
      { user: { username: 'user', password: 'pw' }, host: 'host:80', rawQuery: 'q=1' },
    ],
    ['http://j%40x@h/', { user: { username: 'j@x' } }],
    ['mailto:a@b', { scheme: 'mailto', opaque: 'a@b', host: '' }],
    ['HTTP://h', { scheme: 'http' }],
    ['/a%2Fb', { path: '/a/b', rawPath: '/a%2Fb' }],
    ['/a%20b', { path: '/a b', rawPath: '' }],
    ['a/b:c', { path: 'a/b:c' }],
    ['//h/p', { host: 'h', path: '/p' }],
    ['///p', { host: '', path: '///p' }],
    ['file:///etc', { scheme: 'file', host: '', path: '/etc', omitHost: false }],
    ['http:/p', { omitHost: true, path: '/p' }],
    ['?', { forceQuery: true }],
    ['*', { path: '*' }],
    ['http://[::1]:80/', { host: '[::1]:80' }],
    ['http://[fe80::1%25en0]/', { host: '[fe80::1%en0]' }],
    ['http://h%C3%A9/', { host: 'hé' }],
    ['x#a%20%2F', { fragment: 'a /', rawFragment: 'a%20%2F' }],
    ['mysql://a:1,b:2/db', { host: 'a:1,b:2' }],
  ])('%s', (text, parts) => expect(parseUrl(text)).toMatchObject(parts));

  it.each([
    [':x', 'parse ":x": missing protocol scheme'],
    ['%zz', 'parse "%zz": invalid URL escape "%zz"'],
    ['a%', 'parse "a%": invalid URL escape "%"'],
    ['a#%z', 'parse "a#%z": invalid URL escape "%z"'],
    ['a:b/c:d', undefined],
    ['1a:b', 'parse "1a:b": first path segment in URL cannot contain colon'],
    ['\x7f', 'parse "\\x7f": net/url: invalid control character in URL'],
    ['http://h:p/', 'parse "http://h:p/": invalid port ":p" after host'],
    ['http://a:1:p/', 'parse "http://a:1:p/": invalid port ":p" after host'],
    ['http://[::1/', `parse "http://[::1/": missing ']' in host`],
    ['http://[::1]x/', 'parse "http://[::1]x/": invalid port "x" after host'],
    ['http://a[::1]/', 'parse "http://a[::1]/": invalid IP-literal'],
    ['http://[1.2.3.4]/', 'parse "http://[1.2.3.4]/": invalid IP-literal'],
    ['http://[x]/', 'parse "http://[x]/": invalid host: ParseAddr("x"): unable to parse IP'],
    ['http://a b/', 'parse "http://a b/": invalid character " " in host name'],
    ['http://a%41/', 'parse "http://a%41/": invalid URL escape "%41"'],
    ['http://[::1%25%0a]/', 'parse "http://[::1%25%0a]/": invalid URL escape "%0a"'],
    ['http://a b@c/', 'parse "http://a b@c/": net/url: invalid userinfo'],
  ])('%j', (text, message) => {
    if (message === undefined) expect(parseUrl(text)).toMatchObject({ scheme: 'a' });
    else expect(() => parseUrl(text)).toThrow(new UrlError(message));
  });

  it.each([
    ['http://h:80/', 'h'],
    ['http://[::1]:80/', '::1'],
    ['http://[::1]/', '::1'],
    ['http://h/', 'h'],
    ['x://h:a:1/', 'h:a'],
    ['http://h:1:2/', 'h:1'],
    ['http://::1', ':'],
  ])('Hostname of %s is %s', (text, name) => expect(hostnameOf(parseUrl(text))).toBe(name));
});

describe('URL.String', () => {
  it.each([
    'http://user:pw@host:80/p/a?q=1#f',
    'mailto:a@b',
    'http:/p',
    'file:///etc',
    '/a%2Fb',
    '*',
    'x?',
    '?',
    'a/b:c',
    'x#a%2F',
    'http://[fe80::1%25en0]/',
  ])('gives %s back', (text) => {
    const back = formatUrl(parseUrl(text));
    expect(formatUrl(parseUrl(back))).toBe(back);
    if (!text.includes('%25') && !text.startsWith('/a')) expect(back).toBe(text);
  });

  it.each([
    [{ path: 'a:b' }, './a:b'],
    [{ host: 'h', path: 'p' }, '//h/p'],
    [{ scheme: 'http', path: '/ é?' }, 'http:///%20%C3%A9%3F'],
    [{ scheme: 'http' }, 'http:'],
    [{ scheme: 'x', user: { username: 'u' } }, 'x://u@'],
    [{ opaque: 'o', fragment: 'a b' }, 'o#a%20b'],
    [{ path: '/a/b', rawPath: '/x' }, '/a/b'],
    [{ path: '/a', rawPath: '/%zz' }, '/a'],
  ])('%j is %s', (parts, text) => expect(formatUrl(parts)).toBe(text));

  it('escapes user names', () =>
    expect(formatUserinfo({ username: 'a@b:c', password: 'd/e' })).toBe('a%40b%3Ac:d%2Fe'));
});

describe('escapes', () => {
  it('QueryEscape', () => expect(queryEscape('a b&é/~\udcff')).toBe('a+b%26%C3%A9%2F~%FF'));
  it('reads a query', () => expect(unescapeUrlPart('a+b%2B%c3%a9%ff', 'query')).toBe('a b+é\udcff'));
  it('knows possible encodings', () => {
    expect(isValidEncoding("!$&'()*+,;=:@[]%2F", 'path')).toBe(true);
    expect(isValidEncoding('a b', 'path')).toBe(false);
  });
});
