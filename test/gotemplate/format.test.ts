import { describe, expect, it } from 'vitest';
import { formatFloat } from '../../src/gotemplate/format/float.ts';
import { sprint, sprintf, sprintln } from '../../src/gotemplate/format/print.ts';
import { COMPLEX128, mapOf, STRING, STRING_MAP, STRINGS, UINT64, UINT8, INT } from '../../src/gotemplate/types.ts';
import { int, int64, Typed, type GoValue } from '../../src/gotemplate/values.ts';

const uint = (value: bigint): Typed => new Typed(UINT64, value);
const complex = (re: number, im: number): Typed => new Typed(COMPLEX128, { re, im });

describe('Sprintf', () => {
  it.each<[string, GoValue[], string]>([
    // integers
    [
      '%d|%5d|%-5d|%05d|%+d|% d',
      [int(42), int(42), int(42), int(42), int(42), int(42)],
      '42|   42|42   |00042|+42| 42',
    ],
    ['%d %05d %x %X %o %O %b', [-42, -42, -42, -42, -42, -42, -42].map(int), '-42 -0042 -2a -2A -52 -0o52 -101010'],
    ['%#x %#X %#o %#b %#d', [255, 255, 8, 5, 3].map(int), '0xff 0XFF 010 0b101 3'],
    ['%.5d|%8.5d|%-8.5d|%.0d|%3.0d|', [int(42), int(42), int(42), int(0), int(0)], '00042|   00042|00042   ||   |'],
    [
      '%c|%3c|%q|%+q|%U|%#U|%.6U',
      [65, 233, 233, 233, 0x1f600, 0x2713, 65].map(int),
      "A|  é|'é'|'\\u00e9'|U+1F600|U+2713 '✓'|U+000041",
    ],
    ['%c %q %U', [int64(-1), int(0x110000), int64(-1)], "\ufffd '\ufffd' U+FFFFFFFFFFFFFFFF"],
    ['%d %v %#v', [uint(18446744073709551615n), uint(7n), uint(255n)], '18446744073709551615 7 0xff'],
    // floats
    [
      '%v %g %e %f %E %G',
      [1.5, 1e21, 1234.5678, 3.14159, 0.00001, 1e-10],
      '1.5 1e+21 1.234568e+03 3.141590 1.000000E-05 1E-10',
    ],
    [
      '%.2f|%8.3f|%-8.1f|%08.3f|%+.1f|% .1f',
      [2.5, 2.5, 2.5, -2.5, 2.5, 2.5],
      '2.50|   2.500|2.5     |-002.500|+2.5| 2.5',
    ],
    ['%.0f %.0f %.0f %.1f %.3g %.10g', [0.5, 1.5, 2.5, 0.25, 1234.5678, 0.1], '0 2 2 0.2 1.23e+03 0.1'],
    ['%g %g %g %v', [100000, 1000000, 0.0001, 0.00001], '100000 1e+06 0.0001 1e-05'],
    ['%#g %#.3g %#v %#.0f', [1, 2.5, 1, 3], '1.00000 2.50 1 3.'],
    ['%b %x %X %.2x', [3.14159, 3.14159, 1, 3.14159], '7074231776675438p-51 0x1.921f9f01b866ep+01 0X1P+00 0x1.92p+01'],
    ['%v %5v|%+v|%05f|% f', [Infinity, -Infinity, Infinity, NaN, NaN], '+Inf  -Inf|+Inf|  NaN| NaN'],
    ['%v %.1f %5.1f|', [complex(1, -2), complex(1.25, 2), complex(1, 2)], '(1-2i) (1.2+2.0i) (  1.0 +2.0i)|'],
    // strings
    ['%s|%5s|%-5s|%.2s|%5.1s|%05s', ['abc', 'abc', 'abc', 'abc', 'abc', 'abc'], 'abc|  abc|abc  |ab|    a|00abc'],
    ['%q|%#q|%+q|%#q|%.3q', ['a"b', 'ab', 'é', 'a`b', 'abcdef'], '"a\\"b"|`ab`|"\\u00e9"|"a`b"|"abc"'],
    [
      '%x|%X|% x|%#x|% #x|%.1x|%8x|%-8x|',
      ['hi', 'hi', 'hi', 'hi', 'hi', 'hi', 'hi', 'hi'],
      '6869|6869|68 69|0x6869|0x68 0x69|68|    6869|6869    |',
    ],
    ['%v|%+v|%#v', ['a b', 'a b', 'a b'], 'a b|a b|"a b"'],
    ['%x', ['é\udcff'], 'c3a9ff'],
    // others
    ['%t|%v|%6t|%-6v|', [true, false, true, false], 'true|false|  true|false |'],
    ['%v %d %s %t', [null, null, null, null], '<nil> %!d(<nil>) %!s(<nil>) %!t(<nil>)'],
    [
      '%T %T %T %T %T %T',
      ['s', 1.5, int(1), null, [], { a: 1 }],
      'string float64 int <nil> []interface {} map[string]interface {}',
    ],
    [
      '%v %d %q',
      [
        ['a', 1, null],
        [int(1), 'x'],
        ['a', 'b'],
      ],
      '[a 1 <nil>] [1 %!d(string=x)] ["a" "b"]',
    ],
    [
      '%v %+v %#v',
      [{ b: 1, a: ['x'] }, { b: null }, { a: int(1) }],
      'map[a:[x] b:1] map[b:<nil>] map[string]interface {}{"a":1}',
    ],
    [
      '%#v %#v',
      [['a', int(1), 1.5, null, true], []],
      '[]interface {}{"a", 1, 1.5, interface {}(nil), true} []interface {}{}',
    ],
    ['%v %#v', [new Typed(STRINGS, ['a', 'b']), new Typed(STRINGS, ['a'])], '[a b] []string{"a"}'],
    [
      '%v %#v',
      [new Typed(STRING_MAP, { b: '2', a: '1' }), new Typed(STRING_MAP, null)],
      'map[a:1 b:2] map[string]string(nil)',
    ],
    ['%#v', [new Typed(STRINGS, null)], '[]string(nil)'],
    [
      '%s %x %v',
      [new Typed(UINT8.slice, [104, 105]), new Typed(UINT8.slice, [104, 105]), new Typed(UINT8.slice, [104])],
      'hi 6869 [104]',
    ],
    ['%v %v', [new Typed(INT.pointer, null), new Typed(mapOf(STRING, INT), { a: 1 })], '<nil> map[a:1]'],
    // wrong verbs and operands
    ['%z %d %w', [int(1), 'x', 1.5], '%!z(int=1) %!d(string=x) %!w(float64=1.5)'],
    ['%d %s', [int(1)], '1 %!s(MISSING)'],
    ['%d', [int(1), 'a', null], '1%!(EXTRA string=a, <nil>)'],
    ['%', [], '%!(NOVERB)'],
    ['%5', [], '%!(NOVERB)'],
    ['100%% %5%', [], '100% %'],
    ['%!', [int(1)], '%!!(int=1)'],
    ['%[2]d %[1]d', [int(1), int(2)], '2 1'],
    ['%[3]d', [int(1)], '%!d(BADINDEX)'],
    ['%[x]d %[1]d', [int(1)], '%!d(BADINDEX) 1'],
    ['%[1]5d', [int(1)], '%!d(BADINDEX)'],
    ['%[', [int(1)], '%!(NOVERB)'],
    ['%*d|%-*d|%*d', [int(5), int(1), int(5), int(1), int(-5), int(1)], '    1|1    |1    '],
    ['%.*f|%[2]*[1]d', [int(2), 3.14159], '3.14|%!(BADWIDTH)2'],
    ['%*d', ['x', int(1)], '%!(BADWIDTH)1'],
    ['%.*d', [int(-1), int(1)], '%!(BADPREC)1'],
    ['%99999999d', [int(1)], '%!(NOVERB)%!(EXTRA int=1)'],
  ])('%s', (format, args, text) => {
    expect(sprintf(format, args)).toBe(text);
  });

  it('refuses to make text that is too long to be output', () => {
    expect(() =>
      sprintf(
        '%1000000d'.repeat(20),
        Array.from({ length: 20 }, () => int(1)),
      ),
    ).toThrow('too long');
  });
});

describe('Sprint and Sprintln', () => {
  it('puts a space between operands when neither is a string', () => {
    expect(sprint([int(1), int(2), 'a', int(3), int(4), null, true])).toBe('1 2a3 4 <nil> true');
    expect(sprint([])).toBe('');
  });

  it('puts a space between all operands and ends the line', () => {
    expect(sprintln(['a', 'b', 1.5])).toBe('a b 1.5\n');
    expect(sprintln([])).toBe('\n');
  });
});

describe('formatFloat', () => {
  it.each([
    [0, 'e', 3, '0.000e+00'],
    [123456789, 'f', -1, '123456789'],
    [0.1, 'f', 20, '0.10000000000000000555'],
    [5e-324, 'e', 5, '4.94066e-324'],
    [1.7976931348623157e308, 'g', 5, '1.7977e+308'],
    [999.5, 'f', 0, '1000'],
    [0.00001234, 'g', 2, '1.2e-05'],
    [-0, 'f', 1, '-0.0'],
    [1.5, 'e', -1, '1.5e+00'],
    [0, 'x', 2, '0x0.00p+00'],
    [5e-324, 'x', -1, '0x1p-1074'],
    [1.9999, 'x', 1, '0x1.0p+01'],
  ] as const)('%d %s %d is %s', (value, format, precision, text) => {
    expect(formatFloat(value, format, precision)).toBe(text);
  });
});
