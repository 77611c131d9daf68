/** Answers as they are computed, kept, and given again. */
import { allowed, patched, type AnswerReview, type ReviewIdentity } from '../../admission/index.ts';
import type { Rendering } from '../render.ts';
import type { InjectionReport } from '../report.ts';
import type { OwnTexts } from './review-shape.ts';

/** An answer and what led to it. */
export interface InjectionAnswer {
  readonly review: AnswerReview;
  readonly report: InjectionReport;
}

/** An answer as it was computed. */
export interface ComputedAnswer extends InjectionAnswer {
  /** Undefined when nothing was rendered, or when it is not known what the output depends on. */
  readonly rendering?: Rendering;
}

/** Computes the answer to a body. */
export type ComputeAnswer = (body: string) => ComputedAnswer;

/** What the answers to all requests of a shape have in common. */
export interface KeptAnswer {
  readonly to: Omit<ReviewIdentity, 'uid'>;
  /** The text of the patch, cut where it names the volume of the pod's token; undefined for a pod that is left as it is. */
  readonly patch?: readonly string[];
  readonly report: InjectionReport;
}

/** An answer without the own texts of its request. */
export function withoutOwn({ review, report }: InjectionAnswer, { volume }: Pick<OwnTexts, 'volume'>): KeptAnswer {
  const { kind = '', apiVersion = '', response } = review;
  const kept = { to: { kind, apiVersion }, report };
  if (response.patch === undefined) return kept;
  const patch = Buffer.from(response.patch, 'base64').toString();
  return { ...kept, patch: volume === '' ? [patch] : patch.split(volume) };
}

/** The answer to the request with these own texts. */
export function answerTo(
  { uid, volume }: Pick<OwnTexts, 'uid' | 'volume'>,
  { to, patch, report }: KeptAnswer,
): InjectionAnswer {
  const identity = { ...to, uid };
  return {
    review: patch === undefined ? allowed(identity) : patched(identity, patch.join(volume)),
    report: { ...report, uid },
  };
}
