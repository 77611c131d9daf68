import { describe, expect, it } from 'vitest';
import { BoundedMap, rememberByText } from '../../src/memo/index.ts';

describe('a bounded map', () => {
  it('forgets what was not used for longest', () => {
    const map = new BoundedMap<number>(3);
    map.set('a', 1, 1);
    map.set('b', 2, 1);
    map.set('c', 3, 1);
    expect(map.get('a')).toBe(1);
    map.set('d', 4, 1);
    expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).toEqual([1, undefined, 3, 4]);
  });

  it('keeps nothing that is larger than itself', () => {
    const map = new BoundedMap<number>(3);
    map.set('a', 1, 4);
    expect(map.get('a')).toBeUndefined();
    map.set('b', 2, 3);
    expect(map.get('b')).toBe(2);
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
