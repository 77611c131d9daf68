import { describe, expect, it } from 'vitest';
import { OverlayCache } from '../../src/injection/index.ts';
import { MetBefore, textKey } from '../../src/memo/index.ts';

describe('the cache of decoded overlays', () => {
  const decodings = (limit: number) => {
    const cache = new OverlayCache(limit);
    const decoded: string[] = [];
    const get = (text: string): void => {
      cache.get(text, (source) => {
        decoded.push(source);
        return {};
      });
    };
    return { decoded, get, cache };
  };

  it('decodes a text once', () => {
    const { cache } = decodings(100);
    const decode = (): Record<string, unknown> => ({});
    expect(cache.get('a', decode)).toBe(cache.get('a', decode));
  });

  it('forgets what was not used for longest when it is full', () => {
    const { decoded, get } = decodings(6);
    ['aa', 'bb', 'cc', 'aa', 'dd', 'aa', 'bb'].forEach(get);
    expect(decoded).toEqual(['aa', 'bb', 'cc', 'dd', 'bb']);
  });

  it('does not keep a text that is larger than the cache', () => {
    const { decoded, get } = decodings(3);
    ['aaaa', 'aaaa'].forEach(get);
    expect(decoded).toEqual(['aaaa', 'aaaa']);
  });

  it('does not keep failures', () => {
    const { cache } = decodings(10);
    const fail = (): never => {
      throw new Error('no');
    };
    expect(() => cache.get('a', fail)).toThrow('no');
    expect(cache.get('a', () => ({ b: 1 })).shared.value).toEqual({ b: 1 });
  });
});

describe('a cache that keeps what is met again', () => {
  const cache = (): OverlayCache => new OverlayCache(100, new MetBefore());
  const decode = (): Record<string, unknown> => ({});

  it('has an overlay from the second time on', () => {
    const kept = cache();
    const [first, second, third] = [kept.get('a', decode), kept.get('a', decode), kept.get('a', decode)];
    expect(second).not.toBe(first);
    expect(third).toBe(second);
  });

  it('has a rendering from the second time on', () => {
    const kept = cache();
    const [first, second] = [[], []];
    const a = textKey('a');
    kept.keepRendering(a, first);
    expect(kept.rendering(a)).toBeUndefined();
    kept.keepRendering(a, second);
    expect(kept.rendering(a)).toBe(second);
  });
});
