import { describe, expect, it } from 'vitest';
import { allowed, denied, encodeAnswer, patched, undecodable } from '../../src/admission/index.ts';

const to = { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', uid: 'u' };

describe('answers', () => {
  it('allows with nothing else', () => {
    expect(encodeAnswer(allowed(to))).toBe(
      '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"u","allowed":true}}',
    );
  });

  it('repeats no empty text as kind or version', () => {
    expect(encodeAnswer(allowed({ ...to, kind: '' }))).toMatch(/^{"apiVersion":"admission.k8s.io\/v1","response":/);
    expect(encodeAnswer(allowed({ ...to, apiVersion: '' }))).toMatch(/^{"kind":"AdmissionReview","response":/);
  });

  it('allows with warnings', () => {
    expect(allowed(to, ['w']).response).toEqual({ uid: 'u', allowed: true, warnings: ['w'] });
  });

  it('carries a patch as base64', () => {
    expect(patched(to, '[]').response).toEqual({ uid: 'u', allowed: true, patch: 'W10=', patchType: 'JSONPatch' });
    expect(Buffer.from(patched(to, '["é"]').response.patch ?? '', 'base64').toString()).toBe('["é"]');
  });

  it('denies with a message and no code', () => {
    expect(encodeAnswer(denied(to, 'no'))).toBe(
      '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"u","allowed":false,"status":{"metadata":{},"message":"no"}}}',
    );
  });

  it('repeats nothing of a review that could not be read', () => {
    expect(encodeAnswer(undecodable('no'))).toBe(
      '{"response":{"uid":"","allowed":false,"status":{"metadata":{},"message":"no"}}}',
    );
  });
});
