import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockEnd } from '../../src/yaml/blocks.ts';
import { decodeFully } from '../../src/yaml/decode.ts';
import { decodeFast } from '../../src/yaml/fast.ts';
import { decodeYamlShared, type KnownBlocks } from '../../src/yaml/index.ts';

const options = { uniqueKeys: false, bigIntegers: false };
const filler =
  'a text that makes every block that it stands in long enough to be remembered, however little else there is in it';

/** Blocks without a bound, with the texts that were asked for. */
function memory(): KnownBlocks & { readonly hits: string[] } {
  const known = new Map<string, object>();
  const hits: string[] = [];
  return {
    hits,
    get(text) {
      const value = known.get(text);
      if (value !== undefined) hits.push(text);
      return value;
    },
    set: (text, value) => void known.set(text, value),
  };
}

const container = (image: string): string =>
  `spec:\n  containers:\n  - name: a\n    image: ${image}\n    args:\n    - ${filler}\n    - b\n\n  # comment\n`;

describe('blocks that documents share', () => {
  it('gives the same object for the same text', () => {
    const blocks = memory();
    const args = (text: string): unknown =>
      (decodeYamlShared(text, blocks) as { spec: { containers: { args: unknown }[] } }).spec.containers[0]?.args;
    expect(args(container('x'))).toBe(args(container('y')));
    expect(args(container('z'))).toEqual([filler, 'b']);
    expect(blocks.hits).toEqual([`    - ${filler}\n    - b\n`, `    - ${filler}\n    - b\n`]);
  });

  it.each([
    [
      'a literal block that ends in what looks like a comment',
      `a:\n  b:\n    c: |\n      ${filler}\n      # d\ne: f\n`,
    ],
    ['a literal block before empty lines', `a:\n  b:\n    c: |-\n      ${filler}\n\n\n`],
    ['a literal block at the end of the text', `a:\n  b:\n    c: |\n      ${filler}`],
    ['a comment further left', `a:\n  b:\n  - ${filler}\n# c\n  - d\n`],
    ['lists at the column of their key', `a:\n  b:\n  - ${filler}\n  - d\n  c: e\n`],
    ['flow maps over several lines', `a:\n  b:\n    c: {d: "${filler}",\n     e: f}\n  g: h\n`],
    ['keys that occur twice', `a:\n  b:\n    c: "${filler}"\n    c: d\n  b:\n    e: "${filler}"\n`],
  ])('reads %s as ever', (_what, text) => {
    const blocks = memory();
    for (let round = 0; round < 2; round++) {
      expect(decodeYamlShared(text, blocks)).toEqual(decodeFully(text, options));
    }
    expect(blocks.hits.length).toBeGreaterThan(0);
  });

  it.each([
    ['a flow map that goes on further left', `a:\n  b:\n    c: {d: "${filler}",\n   e: f}\n  g: h\n`],
    ['lines between the columns', `a:\n    b:\n        c: "${filler}"\n      d: e\n`],
  ])('leaves %s to the full decoder', (_what, text) => {
    expect(decodeFast(text, memory())).toBeUndefined();
  });

  it('remembers neither whole documents nor short or long blocks', () => {
    const blocks = memory();
    const text = `a:\n  b: "${filler}"\n  c:\n    d: e\n  f:\n    g: ${'x'.repeat(4000)}\n`;
    decodeFast(text, blocks);
    expect(decodeFast(text, blocks)).toEqual(decodeFully(text, options));
    expect(blocks.hits).toEqual([]);
  });

  it('finds the end of a block, without what stands behind it', () => {
    const text = `  - ${filler}\n\n  # c\n# d\n  - e\n\n# f\n  g: h\n`;
    expect(text.slice(0, blockEnd(text, 0, 2, true))).toBe(`  - ${filler}\n\n  # c\n# d\n  - e\n`);
  });

  const line = fc.constantFrom(
    'a:', 'b:', '- c:', '- name: x', 'd: e', 'value: |', 'value: |-', '- |', 'text', '- text', '# comment', '', '  ', '{}', 'f: {g: h,', 'i: j}', 'k: [l,', 'm]',
    'n: "o"', `p: ${filler}`, `- ${filler}`, `q: "${filler}"`, `# ${filler}`, filler, 'r: s: t', '-', '---',
  ); // prettier-ignore
  const lines = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), line), { maxLength: 14 });
  const documents = lines.map((all) => all.map(([depth, text]) => '  '.repeat(depth) + text).join('\n'));

  it('change no value', () => {
    const blocks = memory();
    let shared = 0;
    fc.assert(
      fc.property(fc.constantFrom('', 'a:\n  b:\n'), documents, (start, rest) => {
        const text = start + rest;
        const plain = decodeFast(text);
        for (let round = 0; round < 2; round++) {
          const value = decodeFast(text, blocks);
          if (value !== undefined) expect(value).toEqual(decodeFully(text, options));
          if (value !== undefined) expect(plain).toEqual(value);
        }
        shared += blocks.hits.splice(0).length;
      }),
      { seed: 1, numRuns: 20_000 },
    );
    expect(shared).toBeGreaterThan(200);
  });
});
