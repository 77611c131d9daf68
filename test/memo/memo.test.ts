import { describe, expect, it } from 'vitest';
import { BoundedMap, MetBefore, rememberByText, textKey } from '../../src/memo/index.ts';
import { hashOf } from '../../src/memo/text-hash.ts';

describe('a bounded map', () => {
  it('forgets what was not used for longest', () => {
    const map = new BoundedMap<number>(3);
    map.set(textKey('a'), 1, 1);
    map.set(textKey('b'), 2, 1);
    map.set(textKey('c'), 3, 1);
    expect(map.get(textKey('a'))).toBe(1);
    map.set(textKey('d'), 4, 1);
    expect(['a', 'b', 'c', 'd'].map((key) => map.get(textKey(key)))).toEqual([1, undefined, 3, 4]);
  });

  it('gives what was used a second chance, not more', () => {
    const map = new BoundedMap<number>(2);
    map.set(textKey('a'), 1, 1);
    map.set(textKey('b'), 2, 1);
    map.get(textKey('a'));
    map.set(textKey('c'), 3, 1);
    map.set(textKey('d'), 4, 1);
    map.set(textKey('e'), 5, 1);
    expect(['a', 'b', 'c', 'd', 'e'].map((key) => map.get(textKey(key)))).toEqual([
      undefined,
      undefined,
      undefined,
      4,
      5,
    ]);
  });

  it('stays within its limit where all is used all the time', () => {
    const map = new BoundedMap<number>(3);
    const keys = Array.from({ length: 50 }, (_, index) => `key ${index}`);
    for (const key of keys) {
      map.set(textKey(key), 1, 1);
      for (const one of keys) map.get(textKey(one));
    }
    expect(keys.filter((key) => map.get(textKey(key)) !== undefined)).toHaveLength(3);
  });

  it('keeps nothing that is larger than itself', () => {
    const map = new BoundedMap<number>(3);
    map.set(textKey('a'), 1, 4);
    expect(map.get(textKey('a'))).toBeUndefined();
    map.set(textKey('b'), 2, 3);
    expect(map.get(textKey('b'))).toBe(2);
  });
});

describe('hashes of texts', () => {
  it('differ where texts do, wherever that is', () => {
    const text = 'x'.repeat(20_000);
    const changed = [0, 1, 2, 3, 4095, 8191, 8192, 16_383, 19_999].map(
      (at) => `${text.slice(0, at)}y${text.slice(at + 1)}`,
    );
    const texts = ['', 'x', 'xx', 'xxx', 'xxxx', text, `${text}x`, ...changed];
    expect(new Set(texts.map(hashOf)).size).toBe(texts.length);
  });

  it('are of the text alone, not of what was hashed before', () => {
    const texts = ['abc', 'z'.repeat(9000), 'abcdefgh', 'ab', 'abcdef\u{1f600}', '\ud800'];
    const hashes = texts.map(hashOf);
    expect(texts.toReversed().map(hashOf)).toEqual(hashes.toReversed());
  });
});

describe('texts with the same hash', () => {
  // A well-known pair of words with the same CRC-32.
  const [text, twin] = ['plumless', 'buckeroo'];

  it('are not taken for each other by a map, which keeps the last of them', () => {
    expect(hashOf(twin)).toBe(hashOf(text));
    const map = new BoundedMap<number>(3);
    map.set(textKey('other'), 0, 1);
    map.set(textKey(text), 1, 2);
    expect(map.get(textKey(twin))).toBeUndefined();
    map.set(textKey(twin), 2, 2);
    expect([text, twin, 'other'].map((key) => map.get(textKey(key)))).toEqual([undefined, 2, 0]);
  });

  it('count as one where it does not matter', () => {
    const met = new MetBefore();
    expect([met.meet(textKey(text)), met.meet(textKey(twin)), met.meet(textKey('b')), met.meet(textKey('b'))]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});

describe('a remembering function', () => {
  const counting = () => {
    const seen: string[] = [];
    const compute = rememberByText((text) => {
      seen.push(text);
      if (text === 'bad') throw new Error('no');
      return text === '' ? undefined : { text };
    });
    return { seen, compute };
  };

  it('computes once for a text, also where nothing comes out', () => {
    const { seen, compute } = counting();
    expect(compute('a')).toBe(compute('a'));
    expect([compute(''), compute('')]).toEqual([undefined, undefined]);
    expect(seen).toEqual(['a', '']);
  });

  it('does not keep failures', () => {
    const { seen, compute } = counting();
    expect(() => compute('bad')).toThrow('no');
    expect(() => compute('bad')).toThrow('no');
    expect(seen).toEqual(['bad', 'bad']);
  });

  it('does not keep long texts', () => {
    const { seen, compute } = counting();
    const long = 'x'.repeat(10_000);
    expect(compute(long)).toEqual(compute(long));
    expect(seen).toHaveLength(2);
  });
});
