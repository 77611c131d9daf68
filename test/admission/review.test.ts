import { describe, expect, it } from 'vitest';
import { decodeReview, readReview } from '../../src/admission/index.ts';

const review = (request: unknown, apiVersion = 'admission.k8s.io/v1'): string =>
  JSON.stringify({ apiVersion, kind: 'AdmissionReview', request });

const failureOf = (body: string) => {
  const result = decodeReview(body);
  return result.ok ? undefined : result.failure;
};

describe('decoding an AdmissionReview', () => {
  it.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])('takes %s and keeps its version', (apiVersion) => {
    const result = decodeReview(
      review({ uid: 'u', namespace: 'n', name: 'p', operation: 'CREATE', object: { a: 1 } }, apiVersion),
    );
    expect(result).toEqual({
      ok: true,
      review: {
        identity: { kind: 'AdmissionReview', apiVersion, uid: 'u' },
        request: {
          uid: 'u',
          namespace: 'n',
          name: 'p',
          operation: 'CREATE',
          kind: { group: '', version: '', kind: '' },
          resource: { group: '', version: '', resource: '' },
          dryRun: false,
          object: { a: 1 },
        },
      },
    });
  });

  it('takes YAML', () => {
    const result = decodeReview(
      'apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\nrequest:\n  uid: u\n  object: {spec: {on: true}}\n',
    );
    expect(result.ok && result.review.request?.object).toEqual({ spec: { true: true } });
  });

  it('hands the kind and the resource of the request on', () => {
    const kind = { group: 'networking.istio.io', version: 'v1', kind: 'Gateway' };
    const resource = { group: 'networking.istio.io', version: 'v1', resource: 'gateways' };
    const result = decodeReview(review({ uid: 'u', kind, resource, dryRun: true }));
    expect(result.ok && result.review.request).toMatchObject({ kind, resource, dryRun: true, object: undefined });
  });

  it.each([undefined, null])('has no request when it is %s', (request) => {
    const result = decodeReview(review(request));
    expect(result.ok && result.review.request).toBeUndefined();
  });

  it('matches keys with their case', () => {
    const result = decodeReview('{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","Request":{"uid":"u"}}');
    expect(result.ok && result.review.request).toBeUndefined();
  });

  it('ignores keys it does not know, and a response', () => {
    const body =
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","x":1,"request":{"uid":"u","y":[]},"response":{"uid":"a","allowed":true}}';
    expect(decodeReview(body).ok).toBe(true);
  });

  it('replaces half a surrogate pair, as Go does', () => {
    const result = decodeReview(
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"object":"\\ud800"}}',
    );
    expect(result.ok && result.review.request?.object).toBe('\ufffd');
  });

  it('treats null as an absent value everywhere', () => {
    const result = decodeReview(review({ uid: null, kind: null, userInfo: null, object: null, dryRun: null }));
    expect(result.ok && result.review.request).toMatchObject({ uid: '', object: undefined, dryRun: false });
  });
});

describe('bodies that are no review', () => {
  it.each([
    ['{}', "Object 'Kind' is missing in '{}'"],
    ['   ', "Object 'Kind' is missing in '   '"],
    ['{"kind":"AdmissionReview"}', `Object 'apiVersion' is missing in '{"kind":"AdmissionReview"}'`],
    ['{"kind":"AdmissionReview","apiVersion":"a/b/c"}', 'unexpected GroupVersion string: a/b/c'],
    ['{', "couldn't get version/kind; json parse error: unexpected end of JSON input"],
    [
      '42',
      "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go value of type " +
        'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
    ],
    [
      '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v2"}',
      'no kind "AdmissionReview" is registered for version "admission.k8s.io/v2" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      '{"kind":"Deployment","apiVersion":"apps/v1"}',
      'no kind "Deployment" is registered for version "apps/v1" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      review('x'),
      'json: cannot unmarshal string into Go struct field AdmissionReview.request of type v1.AdmissionRequest',
    ],
    [
      review({ name: 5 }),
      'json: cannot unmarshal number into Go struct field AdmissionRequest.request.name of type string',
    ],
    [
      review({ dryRun: 'yes' }),
      'json: cannot unmarshal string into Go struct field AdmissionRequest.request.dryRun of type bool',
    ],
    [
      review({ userInfo: { groups: 'a' } }),
      'json: cannot unmarshal string into Go struct field UserInfo.request.userInfo.groups of type []string',
    ],
    [
      review({ userInfo: { extra: { a: [true] } } }),
      'json: cannot unmarshal bool into Go struct field UserInfo.request.userInfo.extra of type string',
    ],
  ])('%j', (body, message) => {
    expect(failureOf(body)).toEqual({ stage: 'body', message });
  });

  // Observed in k8s.io/apimachinery 0.35.3, which finds the kind with encoding/json.
  it('finds the kind by keys in any letter case, and repeats what stands under the right ones', () => {
    const result = decodeReview('{"KIND":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u"}}');
    expect(result.ok && result.review.identity).toEqual({ kind: '', apiVersion: 'admission.k8s.io/v1', uid: 'u' });
    expect(failureOf('{"kind":"AdmissionReview","Kind":"Pod","apiVersion":"v1"}')?.stage).toBe('object');
    expect(failureOf('{"ApiVersion":5,"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}')?.message).toBe(
      "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .apiVersion of type string",
    );
  });

  it.each([
    [
      '{"kind":"a\\"b","apiVersion":"g/__internal"}',
      'no kind "a\\"b" is registered for the internal version of group "g" in scheme "pkg/runtime/scheme.go:111"',
    ],
    ['{"kind":"a","apiVersion":"g/"}', `Object 'apiVersion' is missing in '{"kind":"a","apiVersion":"g/"}'`],
    ['a: b\n c: d', 'yaml: line 2: mapping values are not allowed in this context'],
    ['{"a":"\\ud800"', "couldn't get version/kind; json parse error: unexpected end of JSON input"],
  ])('%j: %s', (body, message) => {
    expect(failureOf(body)).toEqual({ stage: 'body', message });
  });

  it.each([
    ['{"kind":"Status","apiVersion":"any/v3"}', 'unsupported type :&TypeMeta{Kind:Status,APIVersion:any/v3,}'],
    ['{"kind":"WatchEvent","apiVersion":"v1"}', 'unsupported type :{}'],
    ['{"kind":"Pod","apiVersion":"v1"}', 'unsupported type :&TypeMeta{Kind:Pod,APIVersion:v1,}'],
    [
      '{"kind":"CreateOptions","apiVersion":"admission.k8s.io/v1"}',
      'unsupported type :&TypeMeta{Kind:CreateOptions,APIVersion:admission.k8s.io/v1,}',
    ],
  ])('%j is another object', (body, message) => {
    expect(failureOf(body)).toEqual({ stage: 'object', message });
  });

  it('gives the words of the YAML reader', () => {
    expect(failureOf('\u0000')?.message).toContain('control characters are not allowed');
  });

  it('reads a value that was decoded by someone else', () => {
    expect(readReview([], () => '[]')).toMatchObject({ ok: false, failure: { stage: 'body' } });
  });
});
