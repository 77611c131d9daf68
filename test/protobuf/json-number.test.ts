import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonNumber, mayHoldUnusualNumbers, parseJson } from '../../src/protobuf/index.ts';

describe('JSON numbers', () => {
  it.each(['1', '-0', '123456789012345'])('that are short integers are plain: %s', (literal) => {
    expect(mayHoldUnusualNumbers(`{"a": ${literal}}`)).toBe(false);
    expect(parseJson(`{"a": ${literal}}`)).toEqual({ a: Number(literal) });
  });

  it.each(['80.0', '1e3', '-1E+2', '1.5e-7', '1234567890123456', '-18446744073709551615'])(
    'keep their spelling: %s',
    (literal) => {
      const number = new JsonNumber(literal);
      expect(parseJson(literal)).toEqual(number);
      expect(parseJson(`[${literal}]`)).toEqual([number]);
      expect(parseJson(`{"a":1,"b" :\n${literal}}`)).toEqual({ a: 1, b: number });
    },
  );

  it('are not looked for in strings', () => {
    const text = '{"1.5":"10.0.0.1","b":": 1.5","c":["#n1.5","#s","#","\\u0023n2.5","\\"2.5"],"d":2.5}';
    expect(parseJson(text)).toEqual({ ...(JSON.parse(text) as object), d: new JsonNumber('2.5') });
    expect(parseJson('{"a":": 1.5"}')).toEqual({ a: ': 1.5' });
  });

  it('may stand under any key', () => {
    const value = parseJson('{"__proto__":1.5}') as object;
    expect(Object.entries(value)).toEqual([['__proto__', new JsonNumber('1.5')]]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('are the only difference to JSON.parse', () => {
    const plain = (value: unknown): unknown => {
      if (value instanceof JsonNumber) return Number(value.text);
      if (Array.isArray(value)) return value.map(plain);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
    };
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(plain(parseJson(text))).toEqual(JSON.parse(text));
      }),
      { seed: 1 },
    );
  });

  it('do not make bad JSON good', () => {
    expect(() => parseJson('{"a":01.5}')).toThrow(SyntaxError);
  });
});
