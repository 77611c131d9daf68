/**
 * The admission corpus in process: every case against `validate`, with the equality of the corpus' README. To run one kind:
 * `npx vitest run test/conformance/validation.test.ts -t Gateway.jsonl`.
 */
import { describe, expect, it } from 'vitest';
import { AnswerMemo } from '../../src/validation/answer-memo.ts';
import { answerReview, validate } from '../../src/validation/index.ts';
import { describeShared } from '../support/shared.ts';
import {
  caseFiles,
  expectMessage,
  expectWarnings,
  member,
  readCases,
  requestOf,
  reviewOf,
  validationCorpus,
} from '../support/validation-corpus.ts';

/** Whether the field stands in the object, or would stand in an object or list that does. */
function canHold(object: unknown, field: string): boolean {
  let value = object;
  const steps = field.match(/\[[^\]]*\]|[^.[]+/g) ?? [];
  return steps.every((step, index) => {
    const parent = value;
    value = member(parent, step.replace(/^\[|\]$/g, ''));
    return value !== undefined || (index === steps.length - 1 && typeof parent === 'object' && parent !== null);
  });
}

/** Keys with brackets in them cannot be told from steps of a path; no other case may be missed. */
const leastShareOfCauses = 0.95;

describeShared('admission cases', validationCorpus, () => {
  describe.each(caseFiles)('%s.jsonl', (kind) => {
    const cases = readCases(kind);

    it.each(cases.map((entry) => [entry.id, entry] as const))('%s', (_id, entry) => {
      const verdict = validate(requestOf(entry));
      expect(verdict.allowed).toBe(entry.expect.allowed);
      expectMessage(verdict.message ?? '', entry.expect);
      expectWarnings(verdict.warnings ?? [], entry.expect);
    });

    it('are answered the same when they come again, with another uid', () => {
      const memo = new AnswerMemo();
      for (const uid of [1, 2].map((digit) => `00000000-0000-4000-8000-${String(digit).repeat(12)}`)) {
        for (const entry of cases) {
          const body = reviewOf(entry).replace(requestOf(entry).uid, uid);
          expect(memo.answer(body).text, entry.id).toBe(answerReview(body).text);
        }
      }
    });

    it('names fields that the object has or could have', () => {
      const exact = cases.filter(
        ({ expect: { allowed, messageMatch } }) => !allowed && (messageMatch ?? 'exact') === 'exact',
      );
      const lost = exact.filter((entry) => {
        const causes = validate(requestOf(entry)).status?.details.causes ?? [];
        return causes.length === 0 || !causes.every(({ field }) => canHold(entry.object, field));
      });
      const share = exact.length === 0 ? 1 : 1 - lost.length / exact.length;
      expect(share, `without causes: ${lost.map(({ id }) => id).join(' ')}`).toBeGreaterThanOrEqual(leastShareOfCauses);
    });
  });
});
