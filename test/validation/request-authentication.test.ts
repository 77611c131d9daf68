import { describe, expect, it } from 'vitest';
import { check, checkResult } from './support/check.ts';

const rule = { issuer: 'https://issuer' };

describe('RequestAuthentication', () => {
  it('takes a full rule', () => {
    const jwt = {
      ...rule,
      audiences: ['a'],
      jwksUri: 'https://issuer/jwks',
      fromHeaders: [{ name: 'x', prefix: 'p' }],
      fromParams: ['q'],
      fromCookies: ['c'],
      outputClaimToHeaders: [{ header: 'x-sub', claim: 'sub' }],
      timeout: '1s',
    };
    expect(check('RequestAuthentication', { jwtRules: [jwt] })).toEqual({ errors: [], warnings: [] });
  });

  it.each([
    [{ issuer: '', jwks: '{"keys":[]}' }, 'issuer: issuer or jwksUri must be non-empty string'],
    [{ audiences: ['a', ''] }, 'audiences[1]: audience must be non-empty string'],
    [{ jwksUri: 'ftp://a' }, 'jwksUri: URI scheme "ftp" is not supported'],
    [{ jwks: '[]' }, "jwks: jwks parse error: failed to unmarshal JWK set: expected '{', but got '['"],
    [{ fromHeaders: [{}] }, 'fromHeaders[0].name: location header name must be non-empty string'],
    [{ fromParams: [''] }, 'fromParams[0]: location query must be non-empty string'],
    [{ fromCookies: [''] }, 'fromCookies[0]: cookie name must be non-empty string'],
    [
      { outputClaimToHeaders: [{ header: 'x' }] },
      'outputClaimToHeaders[0]: outputClaimToHeaders header and claim value must be non-empty string',
    ],
    [
      { outputClaimToHeaders: [{ header: 'x y', claim: 'c' }] },
      'outputClaimToHeaders[0].header: header name x y is not a valid header name',
    ],
    [{ timeout: '0s' }, 'timeout: duration must be greater than 1ms'],
  ])('refuses %j', (part, error) => {
    const spec = { jwtRules: [{ ...rule, ...part }] };
    expect(check('RequestAuthentication', spec).errors).toEqual([`spec.jwtRules[0].${error}`]);
    expect(checkResult('RequestAuthentication', spec).render()).toMatch(/^1 error occurred:\n\t\* /);
  });

  it('warns of private keys', () => {
    const jwks = JSON.stringify({
      keys: [
        { kty: 'RSA', e: 'AQAB', n: 'AQAB' },
        { kty: 'oct', k: 'AA' },
      ],
    });
    expect(check('RequestAuthentication', { jwtRules: [{ ...rule, jwks }] }).warnings).toEqual([
      'spec.jwtRules[0].jwks: jwks key at index 1 contains private key material; only public keys are used for verification',
    ]);
  });
});
