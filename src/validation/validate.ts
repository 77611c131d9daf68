/** The verdict on an admission request, step by step as Istio's `/validate` comes to it. */
import { quote } from '../go/quote.ts';
import { toCauses } from './causes.ts';
import type { Finding, StatusCause } from './causes.ts';
import { checkSpec } from './check-spec.ts';
import { decodeSpec } from './decode-spec.ts';
import { decodeEnvelope } from './envelope.ts';
import type { Envelope } from './envelope.ts';
import { parseGroupVersion } from './group-version.ts';
import { findKind } from './kinds/index.ts';
import { alwaysReject } from './metadata.ts';
import { FieldPath } from './path.ts';

/** The parts of an AdmissionRequest that play a part. */
export interface ValidationRequest {
  readonly operation?: string;
  /** What `request.kind.kind` says; only shown. */
  readonly kind?: { readonly group?: string; readonly version?: string; readonly kind?: string };
  /** Only shown; the checks go by the object's own metadata. */
  readonly namespace?: string;
  /** The object, as parsed from JSON. Numbers may be `JsonNumber`s, so that `80.0` can be told from `80`. */
  readonly object?: unknown;
}

/** Why a request counts as failed, as the metric `galley_validation_failed` names it. */
export type FailureReason =
  'unsupported_operation' | 'yaml_decode_error' | 'unknown_type' | 'crd_conversion_error' | 'invalid_resource';

/** Beyond Istio's message: what the API conventions put into the status of a refused request. */
export interface DenialStatus {
  readonly reason: 'BadRequest' | 'Invalid';
  readonly code: 400 | 422;
  readonly details: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly causes: readonly StatusCause[];
  };
}

/** The verdict. */
export interface Verdict {
  readonly allowed: boolean;
  /** Istio's text; present when denied. */
  readonly message?: string;
  /** Present when allowed with warnings. */
  readonly warnings?: readonly string[];
  /** Present when denied. */
  readonly status?: DenialStatus;
  /** Absent when the object was found valid. An operation that is not validated is allowed, and still counts as failed. */
  readonly failure?: FailureReason;
  /** The object comes from a readiness probe that wants it rejected: nothing to log. */
  readonly isProbe?: boolean;
}

/** Judges a request. Never throws, whatever the object is. */
export function validate(request: ValidationRequest): Verdict {
  if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') {
    return { allowed: true, failure: 'unsupported_operation' };
  }
  const envelope = decodeEnvelope(request.object);
  if ('fault' in envelope) {
    const message = `cannot decode configuration: ${envelope.fault}`;
    const finding: Finding = { code: 'envelope-decode', message: envelope.fault, path: envelope.path };
    return deny(request, 'yaml_decode_error', message, [finding]);
  }
  return validateObject(request, envelope);
}

function validateObject(request: ValidationRequest, envelope: Envelope): Verdict {
  const { group, version } = parseGroupVersion(envelope.apiVersion);
  const kind = findKind(group, envelope.kind);
  if (kind === undefined) {
    const message = `unrecognized type ${group}/${version}, Kind=${envelope.kind}`;
    return deny(
      request,
      'unknown_type',
      message,
      [{ code: 'unknown-kind', message, path: FieldPath.root('kind') }],
      envelope,
    );
  }
  const decoded = decodeSpec(kind, envelope.spec, false);
  if ('fault' in decoded) {
    const finding: Finding = { code: 'spec-decode', message: decoded.fault, path: decoded.path };
    const message = `error decoding configuration: ${decoded.fault}`;
    return deny(request, 'crd_conversion_error', message, [finding], envelope);
  }
  const result = checkSpec(kind, decoded.spec, envelope.metadata);
  if (result.failed) {
    const message = `configuration is invalid: ${result.render()}`;
    return deny(request, 'invalid_resource', message, result.errors, envelope);
  }
  const [unknownKey] = envelope.unknownKeys;
  if (unknownKey !== undefined) {
    const subject = `${request.kind?.kind ?? ''} resource ${request.namespace ?? ''}/${envelope.metadata.name}`;
    const message = `unknown field ${quote(unknownKey)} on ${subject}`;
    const finding: Finding = { code: 'unknown-field', message, path: FieldPath.root(unknownKey) };
    return deny(request, 'invalid_resource', message, [finding], envelope);
  }
  if (result.warnings.length === 0) return { allowed: true };
  return { allowed: true, warnings: result.warnings.map((warning) => warning.message) };
}

function deny(
  request: ValidationRequest,
  failure: FailureReason,
  message: string,
  findings: readonly Finding[],
  envelope?: Envelope,
): Verdict {
  const isInvalid = failure === 'invalid_resource';
  const { group } = parseGroupVersion(envelope?.apiVersion ?? '');
  const details = {
    ...(envelope === undefined ? {} : { name: envelope.metadata.name, group, kind: envelope.kind }),
    causes: toCauses(findings, request.object),
  };
  return {
    allowed: false,
    message,
    status: { reason: isInvalid ? 'Invalid' : 'BadRequest', code: isInvalid ? 422 : 400, details },
    failure,
    ...(envelope !== undefined && Object.hasOwn(envelope.metadata.annotations, alwaysReject) ? { isProbe: true } : {}),
  };
}
