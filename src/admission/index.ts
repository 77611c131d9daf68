export {
  allowed,
  denied,
  encodeAnswer,
  patched,
  undecodable,
  withAuditAnnotations,
  type AdmissionResponse,
  type AnswerReview,
  type ReviewIdentity,
} from './answer.ts';
export { bodyText } from './body-text.ts';
export { findRequestUid, type TextSpan } from './request-uid.ts';
export {
  decodeReview,
  missingObjectMessage,
  missingRequestMessage,
  readReview,
  withoutObjects,
  type AdmissionRequest,
  type DecodedReview,
  type ReviewFailure,
  type ReviewResult,
} from './review.ts';
