import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseKeySet } from '../../src/validation/rules/jwks.ts';

const rsa = { kty: 'RSA', e: 'AQAB', n: 'AQAB' };
const set = (...keys: unknown[]): string => JSON.stringify({ keys });

describe('key sets', () => {
  it.each([
    ['no keys', '{"keys":[]}'],
    ['null for the keys', '{"keys":null}'],
    ['a single key without a set', JSON.stringify(rsa)],
    ['text after the set', '{"keys":[]} and more }'],
    ['unknown members', set({ ...rsa, foo: [1], x5u: 5 })],
    ['members that are null', set({ ...rsa, kid: null, alg: null, n: null })],
    ['any curve and any size', set({ kty: 'EC', crv: 'P-999', x: '', y: 'AA' })],
    ['an Ed25519 key', set({ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' })],
    ['padded numbers and line breaks', set({ ...rsa, n: 'A+/\nA', e: 'AQ==' })],
    ['a key type spelt in another case', set({ KTY: 'RSA', e: '', n: '' })],
    ['private members of an RSA key that is public', set({ ...rsa, p: 5 })],
    ['lists of operations', set({ ...rsa, key_ops: ['verify', null], x5c: [] })],
  ])('reads %s', (_name, text) => {
    expect(parseKeySet(text)).toEqual({ privateKeys: [] });
  });

  it('finds private and symmetric keys', () => {
    const real = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    expect(parseKeySet(set(real, rsa, { kty: 'oct', k: 'AA' }, { ...rsa, d: null }))).toEqual({
      privateKeys: [0, 2, 3],
    });
    expect(parseKeySet(JSON.stringify(real))).toEqual({ privateKeys: [0] });
  });

  it.each([
    ['', 'EOF'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ['[]', "expected '{', but got '['"],
    ['null', 'EOF'],
    ['{"keys":[]', 'unexpected EOF'],
    ['{"keys":{}}', 'failed to decode "keys"'],
    ['{}', 'invalid key type from JSON ()'],
    [set(null), 'failed to decode key #0 in "keys"'],
    [set(rsa, { kty: 'X' }), 'failed to decode key #1 in "keys": invalid key type from JSON (X)'],
    [set({ kty: 5 }), 'key hint'],
    [set({ kty: 'RSA', e: 'AQAB' }), 'required field n is missing'],
    [set({ kty: 'oct' }), 'required field k is missing'],
    [set({ ...rsa, D: 'AA' }), 'required field d is missing'],
    [set({ ...rsa, KTY: 'EC', crv: '', x: '', y: '' }), 'invalid kty value'],
    [set({ ...rsa, n: 'A' }), 'value for key n'],
    [set({ ...rsa, n: 'A-+A' }), 'value for key n'],
    [set({ ...rsa, n: 5 }), 'value for key n'],
    [set({ ...rsa, e: 'AQ=' }), 'value for key e'],
    [set({ ...rsa, kid: 5 }), 'value for key kid'],
    [set({ ...rsa, key_ops: 'verify' }), 'value for key key_ops'],
    [set({ ...rsa, x5c: ['AAAA'] }), 'value for key x5c'],
    [set({ ...rsa, x5c: [null] }), 'value for key x5c'],
  ])('refuses %s', (text, reason) => {
    const parsed = parseKeySet(text);
    expect('error' in parsed ? parsed.error : parsed).toContain(reason);
  });
});
