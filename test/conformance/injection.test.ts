import { describe, expect, it } from 'vitest';
import {
  caseGroups,
  expectAnswer,
  injectionCorpus,
  injectorOf,
  readCases,
  type Answer,
  type HttpCase,
} from '../support/injection-corpus.ts';
import { deepFreeze } from '../injection/support.ts';
import { describeShared } from '../support/shared.ts';

describeShared('injection as Istio does it, in process', injectionCorpus, () => {
  for (const group of caseGroups().filter((name) => name !== 'http')) {
    describe(group, () => {
      it.each(readCases(group).map((item) => [item.id, item] as const))(
        '%s',
        (_id, { environment, path, review, expect: expected }) => {
          const injector = injectorOf(environment);
          const answer = injector.inject(deepFreeze(review), path);
          expectAnswer(answer.review, review.request.object, expected);
          // The second time from what was remembered of the first.
          expect(injector.inject(review, path)).toEqual(answer);
          // A review that could not be decoded is answered without its uid.
          expect(answer.review.response.uid).toBe(answer.review.kind === undefined ? '' : review.request.uid);
        },
      );
    });
  }

  describe('bodies of the http group', () => {
    const withReview = readCases<HttpCase>('http').filter(
      ({ expect: { status, review, connectionClosed } }) =>
        review !== undefined || connectionClosed === true || status === undefined,
    );
    it.each(withReview.map((item) => [item.id, item] as const))(
      '%s',
      (_id, { environment, http, expect: expected }) => {
        const path = (http.path.split('?', 1)[0] ?? '').replaceAll('%3A', ':');
        const { text, report } = injectorOf(environment).answer(http.body ?? '', path);
        const answer = JSON.parse(text) as Answer & { apiVersion?: string; kind?: string };
        if (expected.review === undefined) {
          expect(answer.response.allowed).toBe(false);
          expect(report.outcome).toBe('denied');
          return;
        }
        const { review } = expected;
        expectAnswer(answer, objectOf(http.body ?? ''), review);
        expect([answer.apiVersion ?? '', answer.kind ?? '', answer.response.uid]).toEqual([
          review.apiVersion,
          review.kind,
          review.uid,
        ]);
      },
    );
  });
});

function objectOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { request?: { object?: unknown } }).request?.object;
  } catch {
    return undefined;
  }
}
