import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byteLength,
  compareStrings,
  decodeBytes,
  encodeBytes,
  fromBinary,
  normalizeBytes,
  runes,
  sliceBytes,
  toBinary,
  toValidUtf8,
} from '../../src/go/utf8.ts';

describe('Go strings in JavaScript strings', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 2],
    ['✓', 3],
    ['😀', 4],
    ['\udcff', 1],
  ])('counts the bytes of %j', (text, length) => {
    expect(byteLength(text)).toBe(length);
    expect(encodeBytes(text)).toHaveLength(length);
  });

  it.each([
    ['a byte that starts no rune', [0x61, 0xff], 'a\udcff'],
    ['a rune cut short', [0xc3], '\udcc3'],
    ['an overlong form', [0xc0, 0x80], '\udcc0\udc80'],
    ['an encoded surrogate', [0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
    ['a value above U+10FFFF', [0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    ['a rune cut short before another', [0xe2, 0x9c, 0xc3, 0xa9], '\udce2\udc9cé'],
  ])('keeps %s', (_, bytes, text) => {
    expect(decodeBytes(Uint8Array.from(bytes))).toBe(text);
    expect([...encodeBytes(text)]).toEqual(bytes);
  });

  it('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = decodeBytes(bytes);
        expect(encodeBytes(text)).toEqual(bytes);
        expect(byteLength(text)).toBe(bytes.length);
        expect(encodeBytes(fromBinary(toBinary(text)))).toEqual(bytes);
      }),
      { seed: 1 },
    );
  });

  it('cuts at bytes and joins them again', () => {
    expect(sliceBytes('hello', 1, 3)).toBe('el');
    expect(sliceBytes('é', 0, 1)).toBe('\udcc3');
    expect(sliceBytes('aé', 1)).toBe('é');
    expect(normalizeBytes('\udcc3\udca9')).toBe('é');
    expect(normalizeBytes('é')).toBe('é');
  });

  it('shows an invalid byte as U+FFFD', () => {
    expect(toValidUtf8('a\udcff')).toBe('a\ufffd');
    expect(runes('\udcffé😀')).toEqual(['\ufffd', 'é', '😀']);
    expect([...encodeBytes('\ud800')]).toEqual([0xef, 0xbf, 0xbd]);
  });

  it('orders by bytes, not by UTF-16 units', () => {
    expect(['b', '😀', '\uffee', 'a', 'ab', 'é'].sort(compareStrings)).toEqual(['a', 'ab', 'b', 'é', '\uffee', '😀']);
    expect(compareStrings('😀', '😀')).toBe(0);
    expect(compareStrings('\udcff', '\udcff\udcff')).toBeLessThan(0);
    expect(compareStrings('😀a', '😀')).toBeGreaterThan(0);
  });
});
