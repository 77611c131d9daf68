import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adler32, decodeBase32, decodeBase64, encodeBase32, encodeBase64 } from '../../src/go/base-encoding.ts';
import { decodeBytes, encodeBytes } from '../../src/go/utf8.ts';

const text = (bytes: Uint8Array): string => decodeBytes(bytes);

describe('base64', () => {
  it.each(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'])('carries %j', (plain) => {
    expect(text(decodeBase64(encodeBase64(encodeBytes(plain))))).toBe(plain);
  });
  it('skips line breaks', () => expect(text(decodeBase64('Zm\n9v\r\nYg=\n=\n'))).toBe('foob'));
  it.each([
    ['!!', 0],
    ['aGVsbG8', 4],
    ['Zm9=v', 4],
    ['=', 0],
    ['Z===', 1],
    ['Zg=', 3],
    ['Zg=x', 2],
    ['Zg==x', 4],
    ['Zm9vé', 4],
  ])('refuses %j at byte %d', (encoded, at) =>
    expect(() => decodeBase64(encoded)).toThrow(`illegal base64 data at input byte ${String(at)}`),
  );
});

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'MY======'],
    ['fo', 'MZXQ===='],
    ['foo', 'MZXW6==='],
    ['foob', 'MZXW6YQ='],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI======'],
  ])('of %j is %j', (plain, encoded) => {
    expect(encodeBase32(encodeBytes(plain))).toBe(encoded);
    expect(text(decodeBase32(encoded))).toBe(plain);
  });
  it.each([
    ['1', 0],
    ['MZXW', 0],
    ['MZXW6YQ', 0],
    ['MY====', 6],
    ['MY==X===', 3],
    ['MZX=====', 3],
    ['M=======', 1],
    ['MZXWé', 4],
  ])('refuses %j at byte %d', (encoded, at) =>
    expect(() => decodeBase32(encoded)).toThrow(`illegal base32 data at input byte ${String(at)}`),
  );
  it('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
        expect(decodeBase32(encodeBase32(bytes))).toEqual(bytes);
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
      { seed: 4 },
    );
  });
});

it('adler32.Checksum', () => {
  expect(adler32(encodeBytes(''))).toBe(1);
  expect(adler32(encodeBytes('abc'))).toBe(38600999);
});
