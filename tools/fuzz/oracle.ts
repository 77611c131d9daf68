/** What answers must be. Each function gives the problem in words, or nothing. */
import { isRecord } from '../../src/yaml/index.ts';
import type { Answer } from '../bench/connection.ts';
import { applyPatch, type Operation } from './apply-patch.ts';
import type { Input } from './inputs.ts';

/** Statuses without a review that the documentation names; 500 is a bug whoever caused it. */
const refusals: ReadonlySet<number> = new Set([400, 413, 415, 429, 503, 504]);

/** Whether an answer is a refusal because of load, which says nothing about the input. */
export const isRefusal = ({ status }: Answer): boolean => status === 503 || status === 504 || status === 429;

/** Holds an answer against what the core says in this process. */
export function checkAgainstCore({ status, body }: Answer, expected: Buffer): string | undefined {
  if (status !== 200) return `status ${status} where the core has an answer: ${body.toString().slice(0, 200)}`;
  if (body.equals(expected)) return undefined;
  return `not the core's answer: ${body.toString().slice(0, 300)} instead of ${expected.toString().slice(0, 300)}`;
}

/** Judges an answer by itself. */
export function checkAnswer(input: Input, { status, body }: Answer): string | undefined {
  if (status !== 200) return refusals.has(status) ? undefined : `status ${status}: ${body.toString().slice(0, 200)}`;
  const answer = parse(body.toString());
  if (!isRecord(answer)) return 'the answer is no AdmissionReview';
  const { kind, response } = answer;
  if (!isRecord(response) || typeof response['allowed'] !== 'boolean' || typeof response['uid'] !== 'string') {
    return 'the answer has no response with uid and verdict';
  }
  // As Istio's, the answer to what is no review has no kind, and others have it only from a key that is spelled as usual.
  const review = parse(input.body.toString());
  const isSpelled = !isRecord(review) || Object.hasOwn(review, 'kind');
  const isUnread = response['uid'] === '' && response['allowed'] === false;
  if (kind !== 'AdmissionReview' && !(kind === undefined && (isUnread || !isSpelled))) {
    return 'the answer is no AdmissionReview';
  }
  if ('request' in answer) return 'the answer repeats the request';
  return checkUid(input, response) ?? checkPatch(input, response);
}

function checkUid({ body, target }: Input, { uid, allowed, status }: Record<string, unknown>): string | undefined {
  const asked = requestOf(body)?.['uid'];
  if (allowed === false && (!isRecord(status) || typeof status['message'] !== 'string'))
    return 'denied without a message';
  // A review that cannot be read is answered without a uid; workloads are allowed all the same.
  if (uid === '' && (allowed === false || target.startsWith('/workloads'))) return undefined;
  if (typeof asked !== 'string' || asked === uid || !asked.isWellFormed()) return undefined;
  return `uid ${JSON.stringify(uid)} for ${JSON.stringify(asked)}`;
}

function checkPatch({ body }: Input, { allowed, patch, patchType }: Record<string, unknown>): string | undefined {
  if (patch === undefined) return patchType === undefined ? undefined : 'a type of patch without a patch';
  if (allowed !== true || patchType !== 'JSONPatch' || typeof patch !== 'string') return 'a patch that cannot be used';
  const object = requestOf(body)?.['object'];
  // The review was YAML, or has unusual keys twice.
  if (object === undefined) return undefined;
  try {
    const operations = JSON.parse(Buffer.from(patch, 'base64').toString()) as Operation[];
    const pod = applyPatch(structuredClone(object), operations);
    const spec = field(pod, 'spec');
    if (!isRecord(field(pod, 'metadata')) || !isRecord(spec)) return 'the patched object is no pod';
    const containers = field(spec, 'containers');
    // To Go, null is a container without fields.
    const areContainers = Array.isArray(containers) && containers.every((item) => item === null || isRecord(item));
    if (!areContainers) return 'the patched pod has no containers';
    return undefined;
  } catch (error) {
    return `the patch does not apply: ${String(error)}`;
  }
}

/** A field of an object. Go does not mind the case of its name, and patches keep names as they were sent. */
function field(object: unknown, name: string): unknown {
  if (!isRecord(object)) return undefined;
  const key = Object.hasOwn(object, name) ? name : Object.keys(object).find((one) => one.toLowerCase() === name);
  return key === undefined ? undefined : object[key];
}

function requestOf(body: Buffer): Record<string, unknown> | undefined {
  const review = parse(body.toString());
  return isRecord(review) && isRecord(review['request']) ? review['request'] : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
