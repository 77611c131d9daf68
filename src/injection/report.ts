import type { ReviewIdentity } from '../admission/index.ts';
import type { Outcome, Reason } from './reasons.ts';

/** What happened to one request, for logs, metrics and traces. Holds no values of environment variables or secrets. */
export interface InjectionReport {
  readonly outcome: Outcome;
  readonly reason: Reason;
  /** What the deciding rule saw: a namespace, a selector, a policy. */
  readonly detail?: string;
  /** Why the pod was denied, as the user is told. */
  readonly message?: string;
  /** `request.uid`; empty when the review could not be read. */
  readonly uid: string;
  readonly namespace: string;
  /** Name of the pod; while it has none, the prefix of its name and `***** (actual name not yet known)`. */
  readonly pod: string;
  /** Names of the templates that were rendered. */
  readonly templates: readonly string[];
  /** Names of the containers that the templates brought or changed. */
  readonly containers: readonly string[];
  readonly initContainers: readonly string[];
  /** Lines for the log. */
  readonly warnings: readonly string[];
}

/** A report to start from. */
export function newReport(identity: Pick<ReviewIdentity, 'uid'>): Omit<InjectionReport, 'outcome' | 'reason'> {
  return { uid: identity.uid, namespace: '', pod: '', templates: [], containers: [], initContainers: [], warnings: [] };
}
