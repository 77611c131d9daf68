/** What the author of a workload is told when it is applied. */
import { DecodeError } from '../kubernetes/index.ts';
import type { ExplanationReason, Verdict } from '../explanation/index.ts';
import { evaluateWorkload, type Adviser } from './applied-workload.ts';
import { warningCatalogue, type Warning } from './catalogue.ts';
import { metadataWarnings } from './metadata-warnings.ts';
import { podOfWorkload, type WorkloadPod } from './pod-of-workload.ts';
import { podWarnings } from './pod-warnings.ts';
import { mostWarnings, warning } from './text.ts';
import { verdictWarnings } from './verdict-warnings.ts';

/** The verdict about the pods of a workload. */
export interface Advice {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly verdict: Verdict;
  readonly reason: ExplanationReason;
  /** The verdict first. */
  readonly warnings: readonly Warning[];
}

/** What advice is made for. */
export interface AdviceOptions {
  /** Of objects that name none. */
  readonly namespace?: string;
  /** Unescaped path of the injection webhook's URL. Default: `/inject`. */
  readonly path?: string;
  /** Only problems: nothing about workloads that are as their authors want them. */
  readonly quiet?: boolean;
}

/**
 * Advises on a workload: makes the pod that its controller would make, decides about it and injects it as `/inject` does.
 * @param object decoded JSON of any kind
 * @returns `undefined` for objects without pods, and for pods
 */
export function adviseOn(object: unknown, adviser: Adviser, options: AdviceOptions = {}): Advice | undefined {
  let made: WorkloadPod | undefined;
  try {
    made = podOfWorkload(object, options.namespace);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return unreadable(error, options);
  }
  // A bare pod has passed the injector when validating webhooks are asked.
  if (made === undefined || made.kind === 'Pod') return undefined;
  const workload = evaluateWorkload(object, made, adviser, options.path ?? '/inject');
  const { verdict, reason } = workload.evaluation;
  const warnings = [...verdictWarnings(workload), ...podWarnings(workload), ...metadataWarnings(workload)];
  const { kind, name, namespace } = made;
  return { kind, name, namespace, verdict, reason, warnings: chosen(warnings, options) };
}

/** The API server refuses such a template itself; Go's message names types only. */
function unreadable({ message }: DecodeError, options: AdviceOptions): Advice {
  const warnings = [warning('injection-fails', `injection will FAIL: the pod template cannot be read: ${message}`)];
  const { namespace = '' } = options;
  return { kind: '', name: '', namespace, verdict: 'denied', reason: 'pod-undecodable', warnings };
}

function chosen(warnings: readonly Warning[], { quiet = false }: AdviceOptions): Warning[] {
  return warnings.filter(({ id }) => !quiet || warningCatalogue[id].level === 'problem').slice(0, mostWarnings);
}
