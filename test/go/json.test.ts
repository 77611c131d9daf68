import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJson } from '../../src/go/json-decode.ts';
import { encodeJson, encodeJsonString, JsonFields } from '../../src/go/json-encode.ts';

describe('json.Unmarshal into interface{}', () => {
  it.each([
    ['null', null],
    [' [1, 2.5, "x", true] ', [1, 2.5, 'x', true]],
    ['{"a":{"b":[]}}', { a: { b: [] } }],
    ['{"a":1,"a":2}', { a: 2 }],
    ['"\\u00e9\\ud83d\\ude00"', 'é😀'],
    ['"\\ud800"', '\ufffd'],
    ['"a\udcff"', 'a\ufffd'],
    ['{"\\udc00":"\\udc00"}', { '\ufffd': '\ufffd' }],
    ['[["\\ud800"]]', [['\ufffd']]],
  ])('%j', (text, value) => expect(decodeJson(text)).toEqual({ value }));

  it('keeps a key named __proto__ a key', () => {
    const { value } = decodeJson('{"__proto__":{"x":1}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect((value as { x?: unknown }).x).toBeUndefined();
  });

  it.each([
    ['', 'unexpected end of JSON input'],
    ['  ', 'unexpected end of JSON input'],
    ['[1', 'unexpected end of JSON input'],
    ['{"a":', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['"ab', 'unexpected end of JSON input'],
    ['bad', "invalid character 'b' looking for beginning of value"],
    ["'x'", "invalid character '\\'' looking for beginning of value"],
    ['é', "invalid character 'Ã' looking for beginning of value"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ['1 2', "invalid character '2' after top-level value"],
    ['{}x', "invalid character 'x' after top-level value"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\', "invalid character ' ' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['-', "invalid character ' ' in numeric literal"],
    ['-a', "invalid character 'a' in numeric literal"],
    ['01', "invalid character '1' after top-level value"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1e', "invalid character ' ' in exponent of numeric literal"],
    ['1e+x', "invalid character 'x' in exponent of numeric literal"],
    ['nul', "invalid character ' ' in literal null (expecting 'l')"],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"],
    ['fals!', "invalid character '!' in literal false (expecting 'e')"],
    ['\udcff', "invalid character 'ÿ' looking for beginning of value"],
    ['[{"a":[]},nulx]', "invalid character 'x' in literal null (expecting 'l')"],
  ])('%j is refused in Go’s words', (text, error) => expect(decodeJson(text)).toEqual({ value: null, error }));

  it('reads what is in range and names the number that is not', () => {
    expect(decodeJson('["1e999", 1e999, {"a":-1e400}]')).toEqual({
      value: ['1e999', null, { a: null }],
      error: 'json: cannot unmarshal number 1e999 into Go value of type float64',
    });
  });

  it('reads 10,000 levels and no more', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(decodeJson(nested(10_000)).error).toBeUndefined();
    expect(decodeJson(nested(10_001))).toEqual({ value: null, error: "invalid character '[' exceeded max depth" });
    expect(decodeJson('{"a":'.repeat(200_000)).error).toBe("invalid character '{' exceeded max depth");
  });
});

describe('json.Marshal', () => {
  it.each([
    [null, 'null'],
    [undefined, 'null'],
    [true, 'true'],
    [1, '1'],
    [1e21, '1e+21'],
    [12345678901234567890n, '12345678901234567890'],
    ['<a>&', '"\\u003ca\\u003e\\u0026"'],
    ['\u2028\u2029', '"\\u2028\\u2029"'],
    ['"\\\n\r\t\b\f\x01', '"\\"\\\\\\n\\r\\t\\b\\f\\u0001"'],
    ['\x7fé😀', '"\x7fé😀"'],
    ['a\udcff', '"a\\ufffd"'],
    [[], '[]'],
    [{}, '{}'],
    [{ b: 1, a: [1, null], '😀': 1, '\uffee': 2 }, '{"a":[1,null],"b":1,"\uffee":2,"😀":1}'],
    [
      new JsonFields([
        ['z', 1],
        ['a', { y: 1, x: 2 }],
      ]),
      '{"z":1,"a":{"x":2,"y":1}}',
    ],
  ])('case %# gives Go’s text', (tree, text) => expect(encodeJson(tree)).toBe(text));

  it.each([
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
  ])('refuses %d', (value, text) => expect(() => encodeJson([value])).toThrow(`json: unsupported value: ${text}`));

  it('indents, empty containers excepted', () => {
    expect(encodeJson({ a: [1, {}], b: [], c: { d: 'x' } }, { indent: '  ' })).toBe(
      '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": [],\n  "c": {\n    "d": "x"\n  }\n}',
    );
  });

  it('leaves HTML alone when told to, but not the line separators', () => {
    expect(encodeJson({ '<': '&' }, { escapeHtml: false })).toBe('{"<":"&"}');
    expect(encodeJsonString('<\u2028', false)).toBe('"<\\u2028"');
  });

  it('is read back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { value: back, error } = decodeJson(encodeJson(value as never));
        expect(error).toBeUndefined();
        expect(back).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 3 },
    );
  });
});
