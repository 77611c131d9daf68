import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFully } from '../../src/yaml/decode.ts';
import { decodeFast } from '../../src/yaml/fast.ts';

const options = { uniqueKeys: false, bigIntegers: false };

describe('what the fast path reads', () => {
  it.each([
    'metadata:\n  labels:\n    app: web\n  annotations: {\n    a/b: "x",\n    c: \'d\',\n  }\n',
    'containers:\n- name: a\n  args:\n  - proxy\n  - --domain\n  - $(POD).svc\n  env:\n  - name: X\n    value: |\n      {"a":\n      1}\n',
    'list:\n  - - a\n    - b\n  - c: 1\n    d: yes # comment\n  -\n    e: {}\n  - []\n',
    "a: |-\n  x\n\n   y\nb: \"q\\n\\\"\\\\\"\nc: 'it''s'\n",
    '\n# comment\n\na:\n\n  # another\n  b: 010\nc:\n',
    '"quoted key": 1\n\'other\': [a, "b", {c: d}]\n',
    '- a\n- 5\n',
    '',
    'a: |\n  last line',
    'a: |-\n  b\n  ',
    'a: 12345678901234567890\n',
  ])('reads %j as the full decoder does', (text) => {
    const value = decodeFast(text);
    expect(value).toBeDefined();
    expect(value).toEqual(decodeFully(text, options));
  });
});

describe('what the fast path leaves to the full decoder', () => {
  it.each([
    'a: *b',
    'a: &b c',
    'a: !!str 5',
    'a: >\n  b',
    'a: |+\n  b',
    'a: |\n\n  b',
    'a: |\nb: c',
    'a: |\n  b\n c: d',
    'a: b\n  c',
    'a: "b\n  c"',
    'a: "\\x41"',
    "a: 'b",
    'a: b: c',
    'a:\tb',
    'a: - b',
    'a: @b',
    'a: .inf',
    '---\na: b',
    '? a\n: b',
    'yes: 1',
    '1: 2',
    '__proto__: 1',
    '"__proto__": 1',
    'a: {b: c d}',
    'a: {b}',
    'a: [b c]',
    'a: [b\n',
    'a: {b: c} d',
    'a: [-]',
    'a: {b: c\nd: e}',
    'a: 1\n b: 2',
    '- a\nb: c',
    'a: "b" c',
    `${'a'.repeat(300)}: b`,
    `a: ${'['.repeat(200)}`,
    '- '.repeat(200),
    Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    'a: 😀',
    'a: \u2028',
  ])('leaves %j', (text) => {
    expect(decodeFast(text)).toBeUndefined();
  });
});

describe('the fast path and the full decoder', () => {
  const pieces = fc.constantFrom(
    'a', 'name', 'yes', '1', '010', ': ', ':', '- ', '-', '\n', '\n  ', '\n    ', ' ', '  ', '#', ' # c', '"', "'", '|', '|-\n', '{', '}', '[', ']', ', ',
    '\\n', '\\', '&x ', '*x', '!', '~', '"b"', "'c'", '{}', '[]', 'key: ', '- name: x\n  ', 'value: |\n  text\n  more\n', '.', '/', '$', '<<: ', '? ',
  ); // prettier-ignore
  const documents = fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join(''));

  it('agree wherever the fast path has an answer', () => {
    fc.assert(
      fc.property(documents, (text) => {
        const value = decodeFast(text);
        if (value !== undefined) expect(value).toEqual(decodeFully(text, options));
      }),
      { seed: 1, numRuns: 3000 },
    );
  });
});
