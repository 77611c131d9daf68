/** Validation of Istio's resources: verdicts on admission requests, and the rules of the CRDs. */
export { answerReview } from './answer-review.ts';
export type { ReviewAnswer } from './answer-review.ts';
export type { StatusCause } from './causes.ts';
export { checkSpec } from './check-spec.ts';
export { rules } from './codes/index.ts';
export type { CauseType, Rule, RuleCode } from './codes/index.ts';
export { validateCrd } from './crd/index.ts';
export type { CrdStage, CrdVerdict } from './crd/index.ts';
export { decodeEnvelope } from './envelope.ts';
export type { Envelope } from './envelope.ts';
export { parseGroupVersion } from './group-version.ts';
export type { Kind, ObjectMetadata } from './kind.ts';
export { findKind } from './kinds/index.ts';
export { FieldPath } from './path.ts';
export { Result } from './result.ts';
export type { Issue, Problem } from './result.ts';
export { validate } from './validate.ts';
export type { DenialStatus, FailureReason, ValidationRequest, Verdict } from './validate.ts';
