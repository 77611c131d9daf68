/**
 * Building AdmissionReview answers. The four constructors make every response; `encodeAnswer` writes it, always with the same bytes
 * for the same answer.
 */

/** `admission.k8s.io` AdmissionResponse, in the key order in which it is written. */
export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: { readonly metadata: Readonly<Record<string, never>>; readonly message: string };
  /** Base64 of the RFC 6902 operations. */
  readonly patch?: string;
  readonly patchType?: 'JSONPatch';
  readonly warnings?: readonly string[];
  /** For the audit log. Keys are qualified names; the API server puts the webhook's name before them. */
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

/** The review that goes back. Without `kind` and `apiVersion` when the request's review could not be decoded. */
export interface AnswerReview {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly response: AdmissionResponse;
}

/** The part of a request that its answer repeats. */
export interface ReviewIdentity {
  readonly kind: string;
  readonly apiVersion: string;
  /** `request.uid`; empty when the review has no request. Empty texts are not repeated as `kind` and `apiVersion`. */
  readonly uid: string;
}

/** The object may pass as it is. `warnings` go to the user and are left out when there are none. */
export function allowed(to: ReviewIdentity, warnings: readonly string[] = []): AnswerReview {
  return review(to, warnings.length === 0 ? { uid: to.uid, allowed: true } : { uid: to.uid, allowed: true, warnings });
}

/** The object may pass with a change. `patch` is the JSON text of the RFC 6902 operations. */
export function patched(to: ReviewIdentity, patch: string): AnswerReview {
  const encoded = Buffer.from(patch, 'utf8').toString('base64');
  return review(to, { uid: to.uid, allowed: true, patch: encoded, patchType: 'JSONPatch' });
}

/** The object is refused. No code is set; the API server then answers 400 with the message. */
export function denied(to: ReviewIdentity, message: string): AnswerReview {
  return review(to, { uid: to.uid, allowed: false, status: { metadata: {}, message } });
}

/** The request's review could not be decoded: nothing of it is repeated. */
export function undecodable(message: string): AnswerReview {
  return { response: { uid: '', allowed: false, status: { metadata: {}, message } } };
}

/** The answer with something for the API server's audit log; its effect on the object is the same. */
export function withAuditAnnotations(
  answer: AnswerReview,
  auditAnnotations: Readonly<Record<string, string>>,
): AnswerReview {
  return { ...answer, response: { ...answer.response, auditAnnotations } };
}

/** The answer as JSON text, key order as the Kubernetes types have it. */
export function encodeAnswer(answer: AnswerReview): string {
  return JSON.stringify(answer);
}

function review({ kind, apiVersion }: ReviewIdentity, response: AdmissionResponse): AnswerReview {
  if (kind !== '' && apiVersion !== '') return { kind, apiVersion, response };
  return { ...(kind === '' ? {} : { kind }), ...(apiVersion === '' ? {} : { apiVersion }), response };
}
