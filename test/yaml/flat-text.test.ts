import { describe, expect, it } from 'vitest';
import { ownText, pieceOf } from '../../src/yaml/flat-text.ts';

const texts = [
  '',
  'a',
  'short',
  'exactly 13 ch',
  'a text that is longer',
  'ein längerer Text, nicht ASCII',
  'pictures 🙂🙂 and \ud83d halves',
];

describe('a piece of a text', () => {
  it.each(texts)('is what stands there: %j', (text) => {
    const whole = `– before ${text} behind`;
    expect(pieceOf(whole, 9, 9 + text.length)).toBe(text);
  });
});

describe('a text of its own', () => {
  it.each(texts)('is the same text: %j', (text) => {
    expect(ownText(text)).toBe(text);
    expect(ownText(`–${text}`.slice(1))).toBe(text);
  });
});
