import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatExponent, formatFixed, formatJson, formatShortest } from '../../src/go/ftoa.ts';
import { powerOf10 } from '../../src/go/math.ts';
import { atoi, NumError, parseBool, parseFloat, parseInt, parseUint } from '../../src/go/strconv.ts';

const SYNTAX = 'invalid syntax';
const RANGE = 'value out of range';

describe('strconv.ParseBool', () => {
  it.each(['1', 't', 'T', 'true', 'TRUE', 'True'])('takes %s for true', (text) =>
    expect(parseBool(text)).toEqual({ value: true }),
  );
  it.each(['0', 'f', 'F', 'false', 'FALSE', 'False'])('takes %s for false', (text) =>
    expect(parseBool(text)).toEqual({ value: false }),
  );
  it.each(['', 'yes', 'tRUE', ' true'])('refuses %j', (text) => {
    const { value, error } = parseBool(text);
    expect(value).toBe(false);
    expect(error?.message).toBe(`strconv.ParseBool: parsing ${JSON.stringify(text)}: ${SYNTAX}`);
  });
});

describe('strconv integers', () => {
  it.each([
    ['0', 10, 64, 0n],
    ['-42', 10, 64, -42n],
    ['+7', 10, 64, 7n],
    ['ff', 16, 64, 255n],
    ['0xFF', 0, 64, 255n],
    ['0b101', 0, 64, 5n],
    ['0o17', 0, 64, 15n],
    ['017', 0, 64, 15n],
    ['1_000', 0, 64, 1000n],
    ['0x_1', 0, 64, 1n],
    ['0_1', 0, 64, 1n],
    ['9223372036854775807', 10, 64, 9223372036854775807n],
    ['-9223372036854775808', 10, 64, -9223372036854775808n],
    ['-128', 10, 8, -128n],
  ])('ParseInt(%j, %d, %d)', (text, base, bits, value) => expect(parseInt(text, base, bits)).toEqual({ value }));

  it.each([
    ['', 10, 64, 0n, SYNTAX],
    ['x', 10, 64, 0n, SYNTAX],
    ['1_000', 10, 64, 0n, SYNTAX],
    ['_1', 0, 64, 0n, SYNTAX],
    ['1__0', 0, 64, 0n, SYNTAX],
    ['1_', 0, 64, 0n, SYNTAX],
    ['0x', 0, 64, 0n, SYNTAX],
    ['--1', 10, 64, 0n, SYNTAX],
    ['9', 8, 64, 0n, SYNTAX],
    ['9223372036854775808', 10, 64, 9223372036854775807n, RANGE],
    ['-9223372036854775809', 10, 64, -9223372036854775808n, RANGE],
    ['128', 10, 8, 127n, RANGE],
  ])('ParseInt(%j, %d, %d) fails', (text, base, bits, value, reason) => {
    const result = parseInt(text, base, bits);
    expect(result.value).toBe(value);
    expect(result.error?.message).toBe(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${reason}`);
  });

  it('ParseUint takes no sign', () => {
    expect(parseUint('18446744073709551615', 10, 64)).toEqual({ value: 18446744073709551615n });
    expect(parseUint('65536', 10, 16)).toMatchObject({ value: 65535n, error: { reason: RANGE } });
    expect(parseUint('-1', 10, 64).error?.message).toBe('strconv.ParseUint: parsing "-1": invalid syntax');
  });

  it('Atoi names itself', () => {
    expect(atoi('12')).toEqual({ value: 12n });
    expect(atoi('a\n').error).toBeInstanceOf(NumError);
    expect(atoi('a\n').error?.message).toBe('strconv.Atoi: parsing "a\\n": invalid syntax');
  });
});

describe('strconv.ParseFloat', () => {
  it.each([
    ['1.5', 1.5],
    ['-.5', -0.5],
    ['1.', 1],
    ['1e3', 1000],
    ['1_0.5', undefined],
    ['0x1p-2', 0.25],
    ['0X1.8P1', 3],
    ['0x_1_0p1', 32],
    ['-0x1p3', -8],
    ['0x0p0', 0],
    ['0x1p-1074', 5e-324],
    ['0x1p-1075', 0],
    ['0x1.8p-1074', 1e-323],
    ['0x1.fffffffffffffp1023', Number.MAX_VALUE],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['+Inf', Infinity],
  ])('%s', (text, value) => {
    if (value === undefined) expect(parseFloat(text).value).toBe(10.5);
    else expect(parseFloat(text)).toEqual({ value });
  });

  it('reads NaN', () => expect(parseFloat('nan').value).toBeNaN());

  it.each(['', 'x', '+nan', '1e', '.', '0x1', '0x.p1', '1__0', '1 ', 'infx'])('refuses %j', (text) => {
    expect(parseFloat(text).error?.message).toBe(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: ${SYNTAX}`);
  });

  it.each([
    ['1e400', Infinity],
    ['-1e400', -Infinity],
    ['0x1p1024', Infinity],
    ['0x1p99999', Infinity],
  ])('%s is out of range', (text, value) => {
    expect(parseFloat(text)).toMatchObject({ value, error: { reason: RANGE } });
  });

  it('reads what it formats', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(parseFloat(formatShortest(value)).value).toBe(value);
        expect(parseFloat(formatFixed(value)).value).toBe(value);
      }),
      { seed: 2 },
    );
  });
});

describe('strconv.FormatFloat', () => {
  it.each([
    [0, '0', '0', '0e+00', '0'],
    [-0, '-0', '-0', '-0e+00', '-0'],
    [3, '3', '3', '3e+00', '3'],
    [100000, '100000', '100000', '1e+05', '100000'],
    [1000000, '1e+06', '1000000', '1e+06', '1000000'],
    [12345678, '1.2345678e+07', '12345678', '1.2345678e+07', '12345678'],
    [0.0001, '0.0001', '0.0001', '1e-04', '0.0001'],
    [0.00001, '1e-05', '0.00001', '1e-05', '0.00001'],
    [1e21, '1e+21', '1000000000000000000000', '1e+21', '1e+21'],
    [1e-7, '1e-07', '0.0000001', '1e-07', '1e-7'],
    [-2.5, '-2.5', '-2.5', '-2.5e+00', '-2.5'],
    [1e100, '1e+100', `1${'0'.repeat(100)}`, '1e+100', '1e+100'],
  ])('%d', (value, shortest, fixed, exponent, json) => {
    expect(formatShortest(value)).toBe(shortest);
    expect(formatFixed(value)).toBe(fixed);
    expect(formatExponent(value)).toBe(exponent);
    expect(formatJson(value)).toBe(json);
  });

  it.each([
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
  ])('%d', (value, text) => {
    expect(formatShortest(value)).toBe(text);
    expect(formatFixed(value)).toBe(text);
    expect(formatExponent(value)).toBe(text);
  });
});

describe('math.Pow(10, n)', () => {
  it.each([
    [0, 1],
    [1, 10],
    [2, 100],
    [-1, 0.1],
    [22, 1e22],
    [400, Infinity],
    [-400, 0],
    [100_000, Infinity],
  ])('of %d', (n, value) => expect(powerOf10(n)).toBe(value));
});
