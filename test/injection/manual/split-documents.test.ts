import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitDocuments } from '../../../src/injection/manual/index.ts';

// Expectations were seen from YAMLReader of k8s.io/apimachinery v0.35.3.
describe('splitting a text into documents', () => {
  it.each([
    ['a: 1\n---\nb: 2\n', ['a: 1\n', 'b: 2\n']],
    ['---\na\n---\n---\nb', ['---\na\n', '---\nb\n']],
    ['--- # c\na\n', ['--- # c\na\n']],
    ['a\r\n---\r\nb\r\n', ['a\n', 'b\n']],
    ['a\n---   \nb', ['a\n', 'b\n']],
    ['a\n---\t# x\nb\n', ['a\n', 'b\n']],
    ['a\n---\n\n---\nb\n', ['a\n', '\n', 'b\n']],
    [' ---\na\n', [' ---\na\n']],
    ['---\n---\n', ['---\n']],
    ['a\n---', ['a\n']],
    ['\n', ['\n']],
    ['', []],
  ])('%j gives %j', (text, documents) => {
    expect([...splitDocuments(text)]).toEqual(documents);
  });

  it.each([
    ['a\n--- foo\nb\n', 'invalid Yaml document separator: foo'],
    ['a\n---foo\nb\n', 'invalid Yaml document separator: foo'],
    ['a\n----\nb\n', 'invalid Yaml document separator: -'],
  ])('%j fails after the documents before', (text, message) => {
    expect(() => [...splitDocuments(text)]).toThrow(message);
    expect(splitDocuments(`first\n---\n${text}`).next().value).toBe('first\n');
  });

  it('loses no line but separators, whatever the text is', () => {
    const lines = fc.array(fc.constantFrom('a: 1', '---', '', '# c', ' - x'));
    fc.assert(
      fc.property(lines, (all) => {
        const kept = [...splitDocuments(all.join('\n'))].join('').split('\n');
        const count = (texts: string[], wanted: string): number => texts.filter((text) => text === wanted).length;
        for (const line of ['a: 1', '# c', ' - x']) expect(count(kept, line)).toBe(count(all, line));
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
