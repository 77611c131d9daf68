import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { YamlError, decodeYaml, encodeYaml } from '../../src/yaml/index.ts';

describe('encodeYaml', () => {
  it.each<[string, unknown, string]>([
    ['puts lists at the column of their key', { a: [1, { b: 2, c: [3] }] }, 'a:\n- 1\n- b: 2\n  c:\n  - 3\n'],
    ['writes lists in lists', [[1, 2], []], '- - 1\n  - 2\n- []\n'],
    ['writes empty maps', { a: {} }, 'a: {}\n'],
    ['writes scalars alone', 'text', 'text\n'],
    ['writes null, also for undefined items', { a: null, b: [undefined], c: undefined }, 'a: null\nb:\n- null\n'],
    [
      'quotes what YAML 1.1 would read as something else',
      { a: 'yes', b: '1', c: '', d: '1:30', e: '~' },
      'a: "yes"\nb: "1"\nc: ""\nd: "1:30"\ne: "~"\n',
    ],
    ['quotes keys too', { y: 1, 5: 2, '': 3, 'a: b': 4 }, '"": 3\n"5": 2\n\'a: b\': 4\n"y": 1\n'],
    [
      'quotes what holds indicators',
      ['*', '#', 'a #b', "'x'", ' a', '- a', '-a', '@', 'a:', '{', '?', 'a\tb'],
      "- '*'\n- '#'\n- 'a #b'\n- '''x'''\n- ' a'\n- '- a'\n- -a\n- '@'\n- 'a:'\n- '{'\n- '?'\n- \"a\\tb\"\n",
    ],
    [
      'writes lines as a block',
      { a: 'x\ny\n', b: 'x\ny', c: 'x\n\n', d: ' x\ny' },
      'a: |\n  x\n  y\nb: |-\n  x\n  y\nc: |+\n  x\n\nd: |2-\n   x\n  y\n',
    ],
    ['writes lines with trailing spaces in quotes', ['a \nb', 'a\nb '], '- "a \\nb"\n- "a\\nb "\n'],
    ['writes keys of several lines with ?', { 'a\nb': [1] }, '? |-\n  a\n  b\n: - 1\n'],
    ['writes long keys with ?', { ['k'.repeat(129)]: 1 }, `? ${'k'.repeat(129)}\n: 1\n`],
    [
      'writes numbers',
      [1e6, 1.5, 1e21, 1e-7, -0.5, 1e20, 12345678901234567890n],
      '- 1000000\n- 1.5\n- 1e+21\n- 1e-07\n- -0.5\n- 1e+20\n- 12345678901234567890\n',
    ],
    [
      'escapes what cannot be printed',
      ['\x01', '😀', '\ufeffab', 'é', '\x7f', 'b\udcff'],
      '- "\\x01"\n- "\\U0001F600"\n- "\\uFEFF\\x61\\x62"\n- é\n- "\\x7F"\n- b\ufffd\n',
    ],
    [
      'sorts numbers in keys as numbers, letters last',
      { a10: 1, a9: 2, B: 3, 'a-b': 4, a: 5, '10': 6, a01: 7 },
      '"10": 6\nB: 3\na: 5\na-b: 4\na01: 7\na9: 2\na10: 1\n',
    ],
    [
      'folds text behind column 80',
      { k: `${'word '.repeat(20)}end` },
      `k: ${'word '.repeat(15)}word\n  ${'word '.repeat(4)}end\n`,
    ],
    [
      'folds quoted text as well',
      { k: `#${'word '.repeat(18)}end` },
      `k: '#${'word '.repeat(15)}word\n  word word end'\n`,
    ],
    ['folds double quotes', { k: `\t${'word '.repeat(17)} end` }, `k: "\\t${'word '.repeat(15)}word\n  word  end"\n`],
  ])('%s', (_name, value, text) => {
    expect(encodeYaml(value)).toBe(text);
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [(): void => undefined]])(
    'refuses what JSON cannot hold',
    (value) => {
      expect(() => encodeYaml({ value })).toThrow(YamlError);
    },
  );

  it('refuses to nest without end', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => encodeYaml(loop)).toThrow(YamlError);
  });

  it('writes what the decoder reads back', () => {
    // The decoder refuses control characters in the text but not in escapes; lone surrogates are no text.
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('a', ' ', '\n', '\t', ':', '#', '- ', "'", '"', '\\', '1', 'yes', 'word '), {
          maxLength: 60,
        })
        .map((parts) => parts.join('')),
    );
    const json = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.boolean(),
        fc.constant(null),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(text, tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(json, (value) => {
        expect(decodeYaml(encodeYaml(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 7, numRuns: 1500 },
    );
  });
});
