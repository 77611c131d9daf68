/**
 * Answers to reviews that came before. Whoever keeps objects in a repository has them checked again and again, by dry runs of what did not change: reviews
 * that are the same text but for the request's uid, which is only handed on. What a verdict depends on is in the text.
 */
import { findRequestUid, withoutObjects } from '../admission/index.ts';
import { BoundedMap, textKey } from '../memo/index.ts';
import { answerReview, type ReviewAnswer } from './answer-review.ts';

/** UTF-16 units of reviews and answers that are kept: those of some 250 objects. */
const textLimit = 1024 * 1024;
/** UTF-16 units of the longest review that is kept. */
const longestReview = 16 * 1024;

/** What the answers to all reviews of the same text have in common. */
interface KeptAnswer extends ReviewAnswer {
  /** The text before and after the uid. */
  readonly parts: readonly string[];
}

/** Remembers answers. */
export class AnswerMemo {
  readonly #known = new BoundedMap<KeptAnswer>(textLimit);

  /** {@link answerReview}, but the request of the result is without its objects. */
  answer(body: string): ReviewAnswer {
    const at = body.length > longestReview ? undefined : findRequestUid(body);
    if (at === undefined) return fresh(body);
    const uid = body.slice(at.start, at.end);
    const key = textKey(`${String(at.start)} ${body.slice(0, at.start)}${body.slice(at.end)}`);
    const known = this.#known.get(key);
    if (known !== undefined) return withUid(known, uid);
    const answer = fresh(body);
    const parts = answer.text.split(uid);
    // It is the request's own uid, as decoded, and stands nowhere else, so that nothing said of the object can hold it.
    const isShared = answer.request?.uid === uid && body.split(uid).length === 2 && parts.length === 2;
    if (isShared) this.#known.set(key, { ...answer, parts }, key.text.length + answer.text.length);
    return answer;
  }
}

function withUid({ parts, request, verdict }: KeptAnswer, uid: string): ReviewAnswer {
  return { text: parts.join(uid), request: request && { ...request, uid }, verdict };
}

function fresh(body: string): ReviewAnswer {
  const answer = answerReview(body);
  return { ...answer, request: answer.request && withoutObjects(answer.request) };
}
