/** The validating webhook: text of an AdmissionReview in, text of its answer out. */
import {
  allowed,
  decodeReview,
  denied,
  encodeAnswer,
  missingRequestMessage,
  undecodable,
  type AdmissionRequest,
  type AnswerReview,
} from '../admission/index.ts';
import { mayHoldUnusualNumbers, parseJson } from '../protobuf/index.ts';
import { validate } from './validate.ts';
import type { Verdict } from './validate.ts';

/** An answer, and what metrics and log say about it. */
export interface ReviewAnswer {
  /** The AdmissionReview to send, as JSON text. */
  readonly text: string;
  /** Absent when the body is no review, or one without a request. */
  readonly request?: AdmissionRequest;
  readonly verdict: Verdict;
}

/** Answers a review. Never throws, whatever the body is. */
export function answerReview(body: string): ReviewAnswer {
  const decoded = decodeReview(body, 'validation');
  if (!decoded.ok) {
    const { stage, message } = decoded.failure;
    const text = `could not decode ${stage}: ${message}`;
    return { text: encodeAnswer(undecodable(text)), verdict: { allowed: false, message: text } };
  }
  const { identity, request } = decoded.review;
  if (request === undefined) {
    const message = missingRequestMessage;
    return { text: encodeAnswer(denied(identity, message)), verdict: { allowed: false, message } };
  }
  const verdict = validate({ ...request, object: readObject(body, request) });
  const answer = verdict.allowed
    ? allowed(identity, verdict.warnings)
    : withStatus(denied(identity, verdict.message ?? ''), verdict);
  return { text: encodeAnswer(answer), request, verdict };
}

/** The object with its numbers as they were written, where that can make a difference (see `JsonNumber`). */
function readObject(body: string, request: AdmissionRequest): unknown {
  if (!mayHoldUnusualNumbers(body)) return request.object;
  try {
    const review = parseJson(body) as { readonly request: { readonly object?: unknown } };
    return review.request.object;
  } catch (error) {
    // A body in YAML has no JSON numbers: its decoder has written them anew.
    if (error instanceof SyntaxError) return request.object;
    throw error;
  }
}

/** Istio's denial has a message alone; the status is what makes it readable for programs. */
function withStatus(answer: AnswerReview, { status }: Verdict): AnswerReview {
  const { response } = answer;
  if (response.status === undefined) return answer;
  return { ...answer, response: { ...response, status: { ...response.status, ...status } } };
}
