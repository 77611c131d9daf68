import { describe, expect, it } from 'vitest';
import { YamlError, decodeYaml, decodeYamlExact, decodeYamlMap, decodeYamlStrict } from '../../src/yaml/index.ts';

function errorOf(text: string, decode: (text: string) => unknown = decodeYaml): YamlError {
  try {
    decode(text);
  } catch (error) {
    if (error instanceof YamlError) return error;
    throw error;
  }
  throw new Error('the document was accepted');
}

describe('plain scalars', () => {
  it.each([
    ['yes', true],
    ['Off', false],
    ['y', true],
    ['tRue', 'tRue'],
    ['~', null],
    ['', null],
    ['NULL', null],
    ['None', 'None'],
    ['010', 8],
    ['0o17', 15],
    ['08', 8],
    ['0x1F', 31],
    ['-0b101', -5],
    ['+12', 12],
    ['1_000', 1000],
    ['1e3', 1000],
    ['.5', 0.5],
    ['.5_5', 0.55],
    ['1.', 1],
    ['1e400', '1e400'],
    ['1:30', '1:30'],
    ['2001-12-14', '2001-12-14'],
    ['0x', '0x'],
    ['-', '-'],
    ['a:b', 'a:b'],
    ['a #b', 'a'],
    ['a#b', 'a#b'],
  ])('reads %s', (text, value) => {
    if (text === '-') expect(decodeYaml('k: "-"')).toEqual({ k: value });
    else expect(decodeYaml(`k: ${text}`)).toEqual({ k: value });
  });

  it('keeps integers beyond 2^53 only for exact readers', () => {
    expect(decodeYaml('k: 9223372036854775807')).toEqual({ k: 2 ** 63 });
    expect(decodeYamlExact('k: 9223372036854775807')).toEqual({ k: 9223372036854775807n });
    expect(decodeYamlExact('k: -9223372036854775809')).toEqual({ k: -(2 ** 63) });
  });
});

describe('scalar styles', () => {
  it.each([
    ["'it''s'", "it's"],
    ['"a\\tb\\x41\\u00e9\\U0001F600\\\\"', 'a\tbAé😀\\'],
    ['"a\n\n  b"', 'a\nb'],
    ['"a \\\n   b"', 'a b'],
    ['a\n  b\n\n  c', 'a b\nc'],
    ['|\n  a\n   b\n\n  c\n', 'a\n b\n\nc\n'],
    ['|-\n  a\n', 'a'],
    ['|+\n  a\n\n', 'a\n\n'],
    ['|2-\n   a\n', ' a'],
    ['>\n  a\n  b\n\n  c\n   d\n', 'a b\nc\n d\n'],
    ['>-\n  a\n', 'a'],
    ['"\\N\\_\\L\\P\\e\\0"', '\x85\xa0\u2028\u2029\x1b\0'],
  ])('reads %j', (text, value) => {
    expect(decodeYaml(`k: ${text}`)).toEqual({ k: value });
  });
});

describe('collections', () => {
  it.each([
    ['- a\n- - b\n  - c\n-\n', ['a', ['b', 'c'], null]],
    ['a:\n- 1\n- 2\nb: {c: [d, e,], "f":1}', { a: [1, 2], b: { c: ['d', 'e'], f: 1 } }],
    ['[a: 1, ? b : 2, c]', [{ a: 1 }, { b: 2 }, 'c']],
    ['{a, b: , ? c}', { a: null, b: null, c: null }],
    ['? a\n: b\n? c\n', { a: 'b', c: null }],
    ['a: 1\n...\nb: 2', { a: 1 }],
    ['---\na: 1\n---\nb: 2', { a: 1 }],
    ['%YAML 1.1\n%TAG !e! tag:example.com,2000:\n---\na: !e!x 5', { a: '5' }],
    ['# only a comment\n', null],
    ['a:\n  # comment\n  b: c # comment\n', { a: { b: 'c' } }],
    ['\ufeffa: 1', { a: 1 }],
    ['a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
  ])('reads %j', (text, value) => {
    expect(decodeYaml(text)).toEqual(value);
  });

  it('turns keys into strings', () => {
    expect(decodeYaml('1: a\nyes: b\n1.5: c\n0.1: d\n1e10: e\n')).toEqual({
      1: 'a',
      true: 'b',
      '1.5': 'c',
      '0.1': 'd',
      '1e+10': 'e',
    });
  });

  it('lets the last of duplicate keys win, and the strict reader refuse them', () => {
    expect(decodeYaml('a: 1\na: 2')).toEqual({ a: 2 });
    expect(errorOf('a: 1\na: 2', decodeYamlStrict).message).toBe(
      'error converting YAML to JSON: yaml: unmarshal errors:\n  line 2: key "a" already set in map',
    );
  });

  it('keeps keys that name parts of an object', () => {
    const value = decodeYamlMap('__proto__: {polluted: yes}\nconstructor: 1\n"__proto__ ": 2');
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', '__proto__ ']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('anchors, aliases, merge keys and tags', () => {
  it.each([
    ['a: &x [1]\nb: *x', { a: [1], b: [1] }],
    ['a: &x {p: 1, q: 2}\nb: {p: 0, <<: *x, q: 3}', { a: { p: 1, q: 2 }, b: { p: 1, q: 3 } }],
    ['a: {<<: [{p: 1}, {p: 2, q: 3}]}', { a: { p: 1, q: 3 } }],
    ['&k a: *k', { a: 'a' }],
    ['a: !!str 5\nb: !!int "7"\nc: !!float 3\nd: !!bool yes\ne: !!null ""', { a: '5', b: 7, c: 3, d: true, e: null }],
    ['a: !!binary aGk=', { a: 'hi' }],
    ['a: !!binary /4A=', { a: '\ufffd\ufffd' }],
    ['a: ! 5\nb: !foo 6\nc: !<tag:yaml.org,2002:str> 7\nd: !!map {}', { a: '5', b: '6', c: '7', d: {} }],
    ['a: !!timestamp 2001-12-14t21:59:43.10-05:00', { a: '2001-12-14t21:59:43.10-05:00' }],
    ['a: &x', { a: null }],
    ['!!str : b', { '': 'b' }],
  ])('reads %j', (text, value) => {
    expect(decodeYaml(text)).toEqual(value);
  });
});

describe('errors', () => {
  it.each([
    ['a: b: c', 'mapping values are not allowed in this context', 1],
    ['a: 1\n b: 2', 'line 2: mapping values are not allowed in this context', 2],
    ['\tk: v', 'found character that cannot start any token', 1],
    ['- a\nb: 1', "line 1: did not find expected '-' indicator", 2],
    ['a:\n  - 1\n -2', 'line 2: did not find expected key', 3],
    ['[1, 2', "line 1: did not find expected ',' or ']'", 2],
    ['{a: 1', "line 1: did not find expected ',' or '}'", 2],
    ['a: "b', 'found unexpected end of stream', 1],
    ['a: "\\q"', 'found unknown escape character', 1],
    ['a: "\\ud800"', 'found invalid Unicode character escape code', 1],
    ['a: "\\xzz"', 'did not find expected hexdecimal number', 1],
    ['"a\n--- b"', 'line 2: found unexpected document indicator', 2],
    ['a: *b', "unknown anchor 'b' referenced", 1],
    ['a: &a\n  b: *a', "anchor 'a' value contains itself", 2],
    ['a: &', 'did not find expected alphabetic or numeric character', 1],
    ['a: |x', 'did not find expected comment or line break', 1],
    ['a: |0', 'found an indentation indicator equal to 0', 1],
    ['a: |\n\tb', 'line 2: found a tab character where an indentation space is expected', 2],
    ['a: b\n\t c', 'line 2: found a tab character that violates indentation', 2],
    ['k: v\nx\ny: z', "line 3: could not find expected ':'", 3],
    ['%YAML 1.2\n---\na: 1', 'found incompatible YAML document', 1],
    ['%YAML 1.1\n%YAML 1.1\n---\n', 'line 1: found duplicate %YAML directive', 2],
    ['%TAG ! a\n%TAG ! b\n---\n', 'line 1: found duplicate %TAG directive', 2],
    ['%YAML 1.1\na: 1', 'line 1: did not find expected <document start>', 2],
    ['%YAML x\n---\n', 'did not find expected version number', 1],
    ['%YAML 1x\n---\n', "did not find expected digit or '.' character", 1],
    ['%YAML 111.1\n---\n', 'found extremely long version number', 1],
    ['%FOO\n---\n', 'found unknown directive name', 1],
    ['%\n---\n', 'could not find expected directive name', 1],
    ['%YAML! 1.1\n---\n', 'found unexpected non-alphabetical character', 1],
    ['%YAML 1.1 x\n---\n', 'did not find expected comment or line break', 1],
    ['%TAG !a b\n---\n', "did not find expected '!'", 1],
    ['%TAG !a!b\n---\n', 'did not find expected whitespace', 1],
    ['a: !x!y 1', 'found undefined tag handle', 1],
    ['a: !<b', "did not find the expected '>'", 1],
    ['a: !!', 'did not find expected tag URI', 1],
    ['a: !%zz b', 'did not find URI escaped octet', 1],
    ['a: !%ff b', 'found an incorrect leading UTF-8 octet', 1],
    ['a: !b{c', 'did not find expected whitespace or line break', 1],
    ['a: - b', 'block sequence entries are not allowed in this context', 1],
    ['a: ? b', 'mapping keys are not allowed in this context', 1],
    ['a: ]', 'did not find expected node content', 1],
    ['a: {<<: 1}', 'map merge requires map or sequence of maps as the value', 1],
    ['a: &x 1\nb: {<<: *x}', 'map merge requires map or sequence of maps as the value', 2],
    ['? {a: [1, x]}\n: b', 'invalid map key: map[interface {}]interface {}{"a":[]interface {}{1, "x"}}', 1],
    ['a: !!int x', 'cannot decode !!str `x` as a !!int', 1],
    ['a: !!binary "###"', '!!binary value contains invalid base64 data', 1],
    ['a: \x07', 'control characters are not allowed', 1],
    ['\na: \udcff', 'invalid leading UTF-8 octet', 2],
  ])('refuses %j', (text, problem, line) => {
    const error = errorOf(text);
    expect(error.message).toBe(`error converting YAML to JSON: yaml: ${problem}`);
    expect(error.line).toBe(line);
  });

  it.each([
    ['a: .inf', 'json: unsupported value: +Inf'],
    ['a: [-.inf]', 'json: unsupported value: -Inf'],
    ['a: .nan', 'json: unsupported value: NaN'],
    ['~: a', 'unsupported map key of type: %!s(<nil>), key: <nil>'],
    ['18446744073709551615: a', 'unsupported map key of type: uint64, key: 18446744073709551615'],
  ])('refuses %j, which JSON cannot hold', (text, problem) => {
    expect(errorOf(text).message).toBe(`error converting YAML to JSON: ${problem}`);
  });

  it('takes a not-a-number that a later duplicate replaces', () => {
    expect(decodeYaml('a: .nan\na: 1')).toEqual({ a: 1 });
  });

  it('says what to do', () => {
    expect(errorOf('a: b: c').remedy).toContain('Quote the value');
  });

  it.each([
    ['true', 'bool'],
    ['text', 'string'],
    ['5', 'number'],
    ['[]', 'array'],
  ])('refuses %s where a map is wanted', (text, kind) => {
    expect(errorOf(text, decodeYamlMap).message).toBe(
      `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`,
    );
  });

  it('reads nothing as an empty map where a map is wanted', () => {
    expect(decodeYamlMap('')).toEqual({});
  });
});

describe('limits', () => {
  it.each([
    ['lists in flow', '['.repeat(2000)],
    ['maps in flow', '{a: '.repeat(2000)],
    ['lists in block', '- '.repeat(2000)],
    ['indentation', Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['aliases', `a: &x ${'['.repeat(300)}${']'.repeat(300)}\nb: ${'['.repeat(300)}*x${']'.repeat(300)}`],
  ])('refuses %s that nest too deep', (_name, text) => {
    expect(errorOf(text).message).toContain('exceeded max depth of 500');
  });

  it('refuses aliases of aliases that would fill the memory', () => {
    const levels = Array.from({ length: 12 }, (_, at) => {
      const items = Array.from({ length: 10 }, () => (at === 0 ? 'x' : `*a${String(at - 1)}`));
      return `a${String(at)}: &a${String(at)} [${items.join(', ')}]`;
    });
    expect(errorOf(levels.join('\n')).message).toContain('document contains excessive aliasing');
  });

  it('refuses texts of enormous length', () => {
    expect(errorOf(`a: \t${'x'.repeat(17 * 1024 * 1024)}`).message).toContain('is longer than');
  });

  it('reads a long document in good time', () => {
    const items = Array.from({ length: 20_000 }, (_, at) => `- {name: n${String(at)}, value: 'v'}`);
    expect(decodeYaml(items.join('\n'))).toHaveLength(20_000);
  });
});
