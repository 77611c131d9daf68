/** The oracle of the fuzzer must see what is wrong. */
import { describe, expect, it } from 'vitest';
import { applyPatch, type Operation } from '../../tools/fuzz/apply-patch.ts';
import { checkAgainstCore, checkAnswer } from '../../tools/fuzz/oracle.ts';

const pod = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'app' }] } };
const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: { uid: 'u', object: pod } };
const input = { target: '/inject', body: Buffer.from(JSON.stringify(review)), kind: 'bytes' } as const;

const base64 = (operations: readonly Operation[]): string => Buffer.from(JSON.stringify(operations)).toString('base64');

function judge(response: object, { status = 200, ...members }: { status?: number; [name: string]: unknown } = {}) {
  const answer = { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response, ...members };
  return checkAnswer(input, { status, body: Buffer.from(JSON.stringify(answer)) });
}
const patched = (...operations: Operation[]): object => ({
  uid: 'u',
  allowed: true,
  patchType: 'JSONPatch',
  patch: base64(operations),
});

describe('the oracle', () => {
  it.each([
    ['a pod that passes', { uid: 'u', allowed: true }],
    ['a pod that is denied', { uid: 'u', allowed: false, status: { message: 'no' } }],
    ['a patch', patched({ op: 'add', path: '/spec/containers/-', value: { name: 'proxy' } })],
    ['a review that is unreadable', { uid: '', allowed: false, status: { message: 'no' } }],
  ])('takes %s', (_what, response) => {
    expect(judge(response)).toBeUndefined();
  });

  it.each([
    ['another uid', { uid: 'v', allowed: true }, 'uid'],
    ['no uid for a pod that passes', { uid: '', allowed: true }, 'uid'],
    ['no verdict', { uid: 'u' }, 'verdict'],
    ['a denial without a message', { uid: 'u', allowed: false }, 'message'],
    ['a patch of no type', { uid: 'u', allowed: true, patch: base64([]) }, 'cannot be used'],
    ['a patch that does not fit', patched({ op: 'remove', path: '/spec/volumes/0' }), 'does not apply'],
    ['a patch that is none', { ...patched(), patch: 'e30=' }, 'does not apply'],
    ['a patch that breaks the pod', patched({ op: 'replace', path: '/spec/containers', value: {} }), 'no containers'],
    ['a patch that removes the pod', patched({ op: 'remove', path: '/spec' }), 'no pod'],
  ])('sees %s', (_what, response, problem) => {
    expect(judge(response)).toContain(problem);
  });

  it('sees a bug behind a status, and what is no answer at all', () => {
    expect(judge({}, { status: 500 })).toContain('status 500');
    expect(judge({}, { status: 503 })).toBeUndefined();
    expect(judge({ uid: 'u', allowed: true }, { kind: 'Pod' })).toContain('no AdmissionReview');
    expect(judge({ uid: 'u', allowed: true }, { request: {} })).toContain('repeats');
    expect(checkAnswer(input, { status: 200, body: Buffer.from('') })).toContain('no AdmissionReview');
  });

  it('expects a kind where the review has one', () => {
    const answer = { status: 200, body: Buffer.from(JSON.stringify({ response: { uid: 'u', allowed: true } })) };
    const asking = (key: string) => ({
      ...input,
      body: Buffer.from(JSON.stringify({ [key]: 'AdmissionReview', request: { uid: 'u' } })),
    });
    expect(checkAnswer(asking('kind'), answer)).toContain('no AdmissionReview');
    expect(checkAnswer(asking('kiNd'), answer)).toBeUndefined();
  });

  it('sees an answer that is not that of the core', () => {
    expect(checkAgainstCore({ status: 200, body: Buffer.from('{}') }, Buffer.from('{}'))).toBeUndefined();
    expect(checkAgainstCore({ status: 200, body: Buffer.from('{ }') }, Buffer.from('{}'))).toContain('not the core');
    expect(checkAgainstCore({ status: 500, body: Buffer.from('') }, Buffer.from('{}'))).toContain('status 500');
  });
});

describe('the patches of the fuzzer', () => {
  it.each<[string, unknown, Operation[], unknown]>([
    ['adds members', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['adds items', [1, 3], [{ op: 'add', path: '/1', value: 2 }], [1, 2, 3]],
    ['adds at the end', [1], [{ op: 'add', path: '/-', value: 2 }], [1, 2]],
    ['replaces', { a: [1] }, [{ op: 'replace', path: '/a/0', value: 2 }], { a: [2] }],
    ['removes', { a: { b: 1 } }, [{ op: 'remove', path: '/a/b' }], { a: {} }],
    ['unescapes', { 'a/b~': 1 }, [{ op: 'remove', path: '/a~1b~0' }], {}],
    ['replaces the whole', 1, [{ op: 'replace', path: '', value: 2 }], 2],
  ])('%s', (_what, document, operations, expected) => {
    expect(applyPatch(document, operations)).toEqual(expected);
  });

  it.each<[string, unknown, Operation]>([
    ['a member that is not there', {}, { op: 'remove', path: '/a' }],
    ['an inherited member', {}, { op: 'replace', path: '/constructor/name', value: 1 }],
    ['an item beyond the end', [1], { op: 'add', path: '/2', value: 1 }],
    ['an item by another name', [1], { op: 'remove', path: '/00' }],
    ['a path without a slash', {}, { op: 'add', path: 'a', value: 1 }],
    ['another operation', {}, { op: 'move', path: '/a' }],
  ])('do not change %s', (_what, document, operation) => {
    expect(() => applyPatch(document, [operation])).toThrow();
  });

  it('set own members of any name', () => {
    const changed = applyPatch({}, [{ op: 'add', path: '/__proto__', value: 1 }]) as object;
    expect(Object.keys(changed)).toEqual(['__proto__']);
  });
});
