/**
 * Reading an AdmissionReview from a request body, as the Kubernetes universal decoder does: JSON or YAML; review keys are
 * case-sensitive (but not where it looks for the kind), unknown ones ignored; `request.object` is handed on as it is.
 */
import { decodeJson } from '../go/json-decode.ts';
import { findJsonSyntaxError } from '../go/json-scan.ts';
import { quote } from '../go/quote.ts';
import { decodeYaml, isRecord, YamlError } from '../yaml/index.ts';
import { findTypeError } from './check-shape.ts';
import { commonKinds, coreKinds, reviewShapes, unversionedKinds } from './review-types.ts';
import type { ReviewIdentity } from './answer.ts';

/** The parts of an AdmissionRequest that decide anything; absent text is `''`. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly operation: string;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly dryRun: boolean;
  /** The object as sent, of any JSON type; `undefined` when absent or null. */
  readonly object: unknown;
  /** The object as it was before an update; `undefined` when absent or null. */
  readonly oldObject: unknown;
}

/** What metrics and log are told of a request: all but its objects, which may hold secrets and much memory. */
export function withoutObjects<Request extends AdmissionRequest>(request: Request): Request {
  return { ...request, object: undefined, oldObject: undefined };
}

/** A review that could be decoded. */
export interface DecodedReview {
  readonly identity: ReviewIdentity;
  /** Absent when the review has no `request`: Istio crashes there, we deny with {@link missingRequestMessage}. */
  readonly request: AdmissionRequest | undefined;
}

/** A body that is no review. */
export interface ReviewFailure {
  /** `body`: nothing could be decoded; `object`: something else than a review was. */
  readonly stage: 'body' | 'object';
  /** In the words of the Kubernetes decoder. */
  readonly message: string;
}

export type ReviewResult =
  { readonly ok: true; readonly review: DecodedReview } | { readonly ok: false; readonly failure: ReviewFailure };

/** Why a review without a request is denied. */
export const missingRequestMessage = 'the AdmissionReview has no request';

/** Go's error for a request without an object (`encoding/json` on empty input). */
export const missingObjectMessage = 'unexpected end of JSON input';

/** Which of Istio's webhooks decodes: they know different kinds beside the review, and say so. */
export type Decoder = 'injection' | 'validation';

/** Decodes the text of a request body. */
export function decodeReview(body: string, decoder: Decoder = 'injection'): ReviewResult {
  let value: unknown;
  try {
    value = parseBody(body);
  } catch (error) {
    if (error instanceof SyntaxError)
      return fail('body', `couldn't get version/kind; json parse error: ${findJsonSyntaxError(body)}`);
    if (error instanceof YamlError) return fail('body', error.message.replace(/^error converting YAML to JSON: /, ''));
    throw error;
  }
  return readReview(value, () => body, decoder);
}

/** Reads a review that is already a value; `text` gives what messages quote as the body. */
export function readReview(value: unknown, text: () => string, decoder: Decoder = 'injection'): ReviewResult {
  const type = readTypeMeta(value);
  if (typeof type === 'string') return fail('body', `couldn't get version/kind; json parse error: ${type}`);
  if (type.apiVersion.split('/').length > 2) return fail('body', `unexpected GroupVersion string: ${type.apiVersion}`);
  if (type.kind === '') return fail('body', `Object 'Kind' is missing in '${text()}'`);
  // A group alone names no version; `/v1` is the version `v1` of the group without a name.
  if (/(?:^|\/)$/.test(type.apiVersion)) return fail('body', `Object 'apiVersion' is missing in '${text()}'`);
  const shape = reviewShapes.get(type.apiVersion);
  if (shape === undefined || type.kind !== 'AdmissionReview') return notAReview(type, decoder);
  const typeError = findTypeError(value, shape);
  return typeError === undefined ? { ok: true, review: toReview(value as ReviewData) } : fail('body', typeError);
}

function parseBody(body: string): unknown {
  if (!/^[ \t\r\n]*\{/.test(body)) return decodeYaml(body);
  // Only escapes can bring in half a surrogate pair, which Go replaces.
  if (!body.includes('\\u') || !/\\u[dD][89a-fA-F]/.test(body)) return JSON.parse(body);
  const { value, error } = decodeJson(body);
  if (error !== undefined) throw new SyntaxError(error);
  return value;
}

interface TypeMeta {
  readonly kind: string;
  readonly apiVersion: string;
}

const typeMetaShape = {
  kind: 'struct',
  goType: 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
  name: '',
  fields: { apiVersion: { kind: 'string', goType: 'string' }, kind: { kind: 'string', goType: 'string' } },
} as const;

/** `apiVersion` and `kind` of a value, by keys in any letter case (the last one counts), or Go's words for why there are none. */
function readTypeMeta(value: unknown): TypeMeta | string {
  if (!isRecord(value)) return findTypeError(value, typeMetaShape) ?? { kind: '', apiVersion: '' };
  const named: { kind?: unknown; apiVersion?: unknown } = {};
  for (const [key, item] of Object.entries(value)) {
    const name = typeKeys.get(key) ?? typeKeys.get(key.toLowerCase());
    if (name === undefined || item === null) continue;
    named[name] = item;
    if (typeof item !== 'string') break;
  }
  const { kind = '', apiVersion = '' } = named as Partial<TypeMeta>;
  return findTypeError(named, typeMetaShape) ?? { kind, apiVersion };
}

const typeKeys: ReadonlyMap<string, 'kind' | 'apiVersion'> = new Map([
  ['kind', 'kind'],
  ['apiVersion', 'apiVersion'],
  ['apiversion', 'apiVersion'],
]);

/** The two refusals of something that is not a review: a kind the decoder knows, and one it does not. */
function notAReview({ kind, apiVersion }: TypeMeta, decoder: Decoder): ReviewResult {
  const version = apiVersion.replace(/^\//, '');
  const internal = /^(.*)\/__internal$/.exec(version)?.[1];
  if (unversionedKinds.has(kind) || (version === 'v1' && decoder === 'injection' && coreKinds.has(kind)))
    return fail('object', `unsupported type :&TypeMeta{Kind:${kind},APIVersion:${apiVersion},}`);
  const inGroup = reviewShapes.has(version) || (version === 'v1' && decoder === 'injection');
  if (inGroup && commonKinds.has(kind)) {
    const shown = kind === 'WatchEvent' ? '{}' : `&TypeMeta{Kind:${kind},APIVersion:${apiVersion},}`;
    return fail('object', `unsupported type :${shown}`);
  }
  const where =
    internal === undefined ? `version ${quote(version)}` : `the internal version of group ${quote(internal)}`;
  return fail('body', `no kind ${quote(kind)} is registered for ${where} in scheme "pkg/runtime/scheme.go:111"`);
}

/** A review after its types were checked: every part may still be null or absent. */
interface ReviewData extends Partial<TypeMeta> {
  readonly request?:
    | {
        readonly [Key in keyof AdmissionRequest]?: Partial<AdmissionRequest[Key]> | null;
      }
    | null;
}

/** The answer repeats `kind` and `apiVersion` only when they stand under exactly these keys. */
function toReview({ kind: ownKind = '', apiVersion = '', request }: ReviewData): DecodedReview {
  const type = { kind: ownKind, apiVersion };
  if (request == null) return { identity: { ...type, uid: '' }, request: undefined };
  const { kind, resource } = request;
  const uid = (request.uid ?? '') as string;
  return {
    identity: { ...type, uid },
    request: {
      uid,
      name: (request.name ?? '') as string,
      namespace: (request.namespace ?? '') as string,
      operation: (request.operation ?? '') as string,
      kind: { group: kind?.group ?? '', version: kind?.version ?? '', kind: kind?.kind ?? '' },
      resource: { group: resource?.group ?? '', version: resource?.version ?? '', resource: resource?.resource ?? '' },
      dryRun: request.dryRun === true,
      object: request.object ?? undefined,
      oldObject: request.oldObject ?? undefined,
    },
  };
}

function fail(stage: ReviewFailure['stage'], message: string): ReviewResult {
  return { ok: false, failure: { stage, message } };
}
