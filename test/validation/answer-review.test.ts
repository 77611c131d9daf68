import { describe, expect, it } from 'vitest';
import { answerReview } from '../../src/validation/index.ts';
import { resource } from './support.ts';

const fine = { hosts: ['a.com'], http: [{ route: [{ destination: { host: 'a' } }] }] };

function review(object: unknown, fields: object = {}): string {
  const request = { uid: 'u', operation: 'CREATE', kind: { kind: 'VirtualService' }, object, ...fields };
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
}

const answer = (body: string): unknown => JSON.parse(answerReview(body).text);

describe('answerReview', () => {
  it('allows', () => {
    expect(answer(review(resource('VirtualService', fine)))).toEqual({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      response: { uid: 'u', allowed: true },
    });
  });

  it('allows with warnings', () => {
    const spec = { ...fine, gateways: ['a.b'] };
    expect(answer(review(resource('VirtualService', spec)))).toMatchObject({
      response: { warnings: [expect.any(String)] },
    });
  });

  it('denies with a status that programs can read', () => {
    expect(answer(review(resource('VirtualService', { hosts: ['a.com'] })))).toEqual({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      response: {
        uid: 'u',
        allowed: false,
        status: {
          metadata: {},
          message: 'configuration is invalid: http, tcp or tls must be provided in virtual service',
          reason: 'Invalid',
          code: 422,
          details: {
            name: 'test',
            group: 'networking.istio.io',
            kind: 'VirtualService',
            causes: [
              {
                reason: 'FieldValueRequired',
                message: 'http, tcp or tls must be provided in virtual service',
                field: 'spec',
              },
            ],
          },
        },
      },
    });
  });

  it('tells 80.0 from 80', () => {
    const body = review(resource('VirtualService', { ...fine, http: [{ ...fine.http[0], match: [{ port: 80 }] }] }));
    expect(answerReview(body).verdict.allowed).toBe(true);
    expect(answerReview(body.replace(':80}', ':80.0}')).verdict.failure).toBe('crd_conversion_error');
  });

  it('takes YAML', () => {
    const body =
      'apiVersion: admission.k8s.io/v1beta1\nkind: AdmissionReview\nrequest:\n  uid: x\n  operation: DELETE\n  n: 1.5\n';
    expect(answer(body)).toMatchObject({
      apiVersion: 'admission.k8s.io/v1beta1',
      response: { uid: 'x', allowed: true },
    });
    expect(answerReview(body.replace('DELETE', 'CREATE')).verdict.message).toBe(
      'cannot decode configuration: unexpected end of JSON input',
    );
  });

  it('refuses what is no review', () => {
    expect(answer('{}')).toEqual({
      response: {
        uid: '',
        allowed: false,
        status: { metadata: {}, message: "could not decode body: Object 'Kind' is missing in '{}'" },
      },
    });
  });

  it('refuses a review without a request', () => {
    const body = '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":null}';
    expect(answer(body)).toMatchObject({ response: { allowed: false } });
  });
});
