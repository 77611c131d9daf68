import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/go/duration.ts';

const SECOND = 1_000_000_000n;

describe('time.ParseDuration', () => {
  it.each<[string, bigint]>([
    ['0', 0n],
    ['+0', 0n],
    ['-0', 0n],
    ['0s', 0n],
    ['300ms', 300_000_000n],
    ['1h30m', 5400n * SECOND],
    ['-1.5s', -1_500_000_000n],
    ['+5s', 5n * SECOND],
    ['.5s', 500_000_000n],
    ['1.s', SECOND],
    ['1us', 1_000n],
    ['1µs', 1_000n],
    ['1μs', 1_000n],
    ['3ns', 3n],
    ['1s1s', 2n * SECOND],
    ['0.3333333333333333333h', 1_200n * SECOND],
    ['0.9223372036854775807h', 3_320_413_933_267n],
    [`${'0'.repeat(30)}5s`, 5n * SECOND],
    ['9223372036854775807ns', 9_223_372_036_854_775_807n],
    ['-9223372036854775808ns', -9_223_372_036_854_775_808n],
  ])('%s is %d ns', (text, nanos) => {
    expect(parseDuration(text)).toBe(nanos);
  });

  it.each([
    ['', 'time: invalid duration ""'],
    ['-', 'time: invalid duration "-"'],
    ['s', 'time: invalid duration "s"'],
    ['.s', 'time: invalid duration ".s"'],
    ['1 s', 'time: unknown unit " s" in duration "1 s"'],
    ['5', 'time: missing unit in duration "5"'],
    ['1.5', 'time: missing unit in duration "1.5"'],
    ['1h5', 'time: missing unit in duration "1h5"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['1é', 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'],
    ['1"\\', 'time: unknown unit "\\"\\\\" in duration "1\\"\\\\"'],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
    ['9999999999999999999999s', 'time: invalid duration "9999999999999999999999s"'],
    ['3000000h', 'time: invalid duration "3000000h"'],
  ])('refuses %j', (text, message) => {
    expect(() => parseDuration(text)).toThrow(message);
  });
});

it('refuses endless digits without working them out', () => {
  expect(() => parseDuration(`${'9'.repeat(5_000_000)}s`)).toThrow(/^time: invalid duration "999/);
});

describe('time.Duration.String', () => {
  it.each<[bigint, string]>([
    [0n, '0s'],
    [1n, '1ns'],
    [1_100n, '1.1µs'],
    [2_200_000n, '2.2ms'],
    [3_300_000_000n, '3.3s'],
    [305n * SECOND, '5m5s'],
    [305_001_000_000n, '5m5.001s'],
    [7_200n * SECOND, '2h0m0s'],
    [5_400n * SECOND, '1h30m0s'],
    [-90n * SECOND, '-1m30s'],
    [9_223_372_036_854_775_807n, '2562047h47m16.854775807s'],
  ])('%d ns is %s', (nanos, text) => {
    expect(formatDuration(nanos)).toBe(text);
  });

  it('is read back as the same duration', () => {
    const nanos = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
    fc.assert(
      fc.property(nanos, (value) => parseDuration(formatDuration(value)) === value),
      { seed: 1 },
    );
  });
});
