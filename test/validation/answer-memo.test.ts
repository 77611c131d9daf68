import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerMemo } from '../../src/validation/answer-memo.ts';
import { answerReview } from '../../src/validation/index.ts';
import { resource } from './support.ts';

const [first, second] = ['6f1c2f0e-3f55-4a8b-9d1c-0a4f6f3b7e21', '0b54cd0d-93b1-4e0f-8b0c-1f6f5a7d9c02'];

const fine = { hosts: ['a.com'], http: [{ route: [{ destination: { host: 'a' } }] }] };

/** A review as API servers write it, uid first. */
function review(uid: string, spec: unknown, fields: object = {}): string {
  const object = resource('VirtualService', spec as object);
  const request = { uid, operation: 'CREATE', kind: { kind: 'VirtualService' }, object, ...fields };
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
}

/** What is said without a memory. */
function fresh(body: string): unknown {
  const { text, request, verdict } = answerReview(body);
  return { text, request: request && { ...request, object: undefined, oldObject: undefined }, verdict };
}

/** Counts how often a verdict was reached: it is another object each time. */
const verdictsOf = (memo: AnswerMemo, bodies: readonly string[]): number =>
  new Set(bodies.map((body) => memo.answer(body).verdict)).size;

describe('remembered answers', () => {
  it.each([
    ['a resource that is fine', fine],
    ['a warning', { ...fine, gateways: ['a.b'] }],
    ['a denial', { hosts: ['a.com'] }],
  ])('are those of reviews with another uid: %s', (_what, spec) => {
    const memo = new AnswerMemo();
    const bodies = [first, second].map((uid) => review(uid, spec));
    expect(bodies.map((body) => memo.answer(body))).toEqual(bodies.map(fresh));
    expect(verdictsOf(memo, [...bodies, ...bodies])).toBe(1);
  });

  it.each<[string, (uid: string) => string]>([
    ['a host that is the uid', (uid) => review(uid, { hosts: [uid], http: [{}] })],
    ['a uid that is none', (uid) => review(`${uid.slice(1)}x`, fine)],
    ['two uids', (uid) => review(uid, fine).replace('"operation"', `"uid":"${second}","operation"`)],
    ['two requests', (uid) => review(uid, fine).replace(/}$/, `,"request":{"uid":"x","operation":"CREATE"}}`)],
    ['no object', (uid) => review(uid, fine, { object: undefined })],
    ['no JSON', (uid) => review(uid, fine).slice(0, -1)],
    ['no review', (uid) => review(uid, fine).replace('"AdmissionReview"', '"Review"')],
    ['a long review', (uid) => review(uid, { ...fine, hosts: Array.from({ length: 3000 }, (_, n) => `h${n}.com`) })],
  ])('are given for nothing else: %s', (_what, bodyOf) => {
    const memo = new AnswerMemo();
    const bodies = [first, second, first].map(bodyOf);
    expect(bodies.map((body) => memo.answer(body))).toEqual(bodies.map(fresh));
  });

  it('count any other difference', () => {
    const body = review(first, { ...fine, gateways: ['a.b'] }, { name: 'shop', namespace: 'a', dryRun: false });
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.constantFrom('', '0', 'a', '"', ',', '{', 'é', '\\u0061'), (at, text) => {
        const memo = new AnswerMemo();
        memo.answer(body);
        const changed = body.slice(0, at) + text + body.slice(at + 1);
        for (const one of [changed, body, changed]) expect(memo.answer(one)).toEqual(fresh(one));
      }),
      { seed: 20261121, numRuns: 2000 },
    );
  });
});
