import { describe, expect, it } from 'vitest';
import { bodyText } from '../../src/admission/index.ts';

describe('the text of a body', () => {
  it.each([
    ['ASCII', [0x7b, 0x7d], '{}'],
    ['UTF-8', [...Buffer.from('ü😀')], 'ü😀'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x7b], '\uFEFF{'],
    ['U+FFFD itself', [0xef, 0xbf, 0xbd], '\uFFFD'],
    // What Go's encoding/json gives.
    ['bytes that begin nothing', [0xff, 0xfe], '\uFFFD\uFFFD'],
    ['the begin of a character', [0xe4, 0xb8, 0x78], '\uFFFD\uFFFDx'],
    ['most of a character', [0xf0, 0x9f, 0x98], '\uFFFD\uFFFD\uFFFD'],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80], '\uFFFD\uFFFD\uFFFD'],
    ['a character that is written too long', [0xc0, 0x80], '\uFFFD\uFFFD'],
    ['valid text around', [...Buffer.from('ü'), 0xc3, ...Buffer.from('ü')], 'ü\uFFFDü'],
  ])('keeps, or replaces byte by byte: %s', (_what, bytes, text) => {
    expect(bodyText(Uint8Array.from(bytes))).toBe(text);
    expect(bodyText(Buffer.from(bytes))).toBe(text);
  });
});
