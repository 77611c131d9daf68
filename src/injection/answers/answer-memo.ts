/**
 * Answers to earlier requests, for pods that differ from earlier ones only in what every pod has of its own, such as the replicas of a Deployment. The
 * key is all of the request but that (review-shape.ts), and what is kept was tried before (trial.ts).
 */
import { BoundedMap, MetBefore, textKey, type TextKey } from '../../memo/index.ts';
import { answerTo, withoutOwn, type ComputeAnswer, type InjectionAnswer, type KeptAnswer } from './kept-answer.ts';
import { shapeOf, type ReviewShape } from './review-shape.ts';
import { isShared } from './trial.ts';

/** UTF-16 units of requests and patches that are kept, those of some 250 workloads. */
const answersLimit = 2 * 1024 * 1024;
/** UTF-16 units of the longest body that has a part in this, with a dozen containers or so. */
const longestBody = 16 * 1024;

/** Remembers the answers of one configuration. */
export class AnswerMemo {
  /** `own`: others of the shape may get other answers. */
  readonly #answers = new BoundedMap<KeptAnswer | 'own'>(answersLimit);
  readonly #met = new MetBefore();

  /** The answer to a body: always what `compute` gives, which is called where that is not known. */
  answer(body: string, path: string, compute: ComputeAnswer): InjectionAnswer {
    const shape = body.length > longestBody ? undefined : shapeOf(body, path);
    if (shape === undefined) return compute(body);
    const key = textKey(shape.key);
    const known = this.#answers.get(key);
    if (known === undefined) return this.#learn(body, shape, key, compute);
    return known === 'own' ? compute(body) : answerTo(shape, known);
  }

  #learn(body: string, shape: ReviewShape, key: TextKey, compute: ComputeAnswer): InjectionAnswer {
    const answer = compute(body);
    if (!this.#met.meet(key)) return answer;
    const kept = isShared(answer, body, shape, compute) ? withoutOwn(answer, shape) : 'own';
    this.#answers.set(key, kept, key.text.length + (answer.review.response.patch?.length ?? 0));
    return answer;
  }
}
