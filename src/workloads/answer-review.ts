/** The webhook `/workloads`: an AdmissionReview in, its answer out. Whatever comes in, the object is allowed. */
import { allowed, decodeReview, encodeAnswer, type AdmissionRequest, type ReviewIdentity } from '../admission/index.ts';
import { Interrupted } from '../gotemplate/index.ts';
import { adviseOn, type Advice, type AdviceOptions } from './advice.ts';
import type { Adviser } from './applied-workload.ts';
import { adviceMayDiffer, isMadeByController } from './change.ts';

/** An answer and what led to it. */
export interface WorkloadAnswer {
  /** JSON. */
  readonly text: string;
  /** Absent where there is nothing to say. */
  readonly advice?: Advice;
  readonly request?: AdmissionRequest;
  /** What went wrong, without any part of the body; the object is allowed all the same. */
  readonly problem?: string;
}

/** Whom an answer goes to when the review does not say. */
const anybody: ReviewIdentity = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', uid: '' };

/**
 * Answers a request body. Throws nothing but `Interrupted`, where the context of the injector interrupts.
 * @param path unescaped request path: `/workloads`, `/workloads/quiet`, each with the parameters of `/inject` behind it
 */
export function answerWorkloadReview(body: string, path: string, adviser: Adviser): WorkloadAnswer {
  let identity = anybody;
  try {
    const result = decodeReview(body);
    if (!result.ok) return { text: encodeAnswer(allowed(anybody)), problem: 'the body is not an AdmissionReview' };
    identity = result.review.identity;
    const { request } = result.review;
    const advice = request === undefined ? undefined : adviceFor(request, path, adviser);
    const warnings = (advice?.warnings ?? []).map(({ text }) => text);
    return { text: encodeAnswer(allowed(identity, warnings)), advice, request };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    // An exhausted stack, or a fault of ours: advice is worth less than the workload.
    const problem = error instanceof Error ? error.name : 'unknown';
    return { text: encodeAnswer(allowed(identity)), problem };
  }
}

function adviceFor(request: AdmissionRequest, path: string, adviser: Adviser): Advice | undefined {
  const { object, oldObject, namespace } = request;
  if (object === undefined || isMadeByController(object)) return undefined;
  if (oldObject !== undefined && !adviceMayDiffer(oldObject, object)) return undefined;
  return adviseOn(object, adviser, { namespace, ...readPath(path) });
}

const ownPath = '/workloads';
const quietPath = `${ownPath}/quiet`;

/** What stands behind our part of the path is for the injection. */
function readPath(path: string): Pick<AdviceOptions, 'path' | 'quiet'> {
  const quiet = path === quietPath || path.startsWith(`${quietPath}/`);
  return { quiet, path: `/inject${path.slice((quiet ? quietPath : ownPath).length)}` };
}
