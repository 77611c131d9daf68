/** PodDisruptionBudgets: how many pods of each may be unavailable now. Behaviour of k8s.io/kubernetes/pkg/controller/disruption. */
import {
  LabelSelectorError,
  decodeTyped,
  matchesLabelSelector,
  type LabelSelector,
  type Pod,
} from '../kubernetes/index.ts';
import { isRecord, type JsonRecord } from '../yaml/index.ts';

/** A budget, and the pods that it counts. */
export interface Budget {
  readonly namespace: string;
  readonly name: string;
  /** Pods that may be unavailable beyond those that are. */
  readonly allowed: number;
}

interface CountedBudget {
  readonly namespace: string;
  readonly name: string;
  readonly selector: LabelSelector;
  readonly minAvailable: unknown;
  readonly maxUnavailable: unknown;
  /** As the controller says. */
  readonly disruptionsAllowed: number | undefined;
  pods: number;
  healthy: number;
}

/** Collects budgets first, then counts pods. */
export class Budgets {
  readonly #budgets: CountedBudget[] = [];

  /** Takes a PodDisruptionBudget; what is none is ignored. */
  add(object: JsonRecord): void {
    if (object['kind'] !== 'PodDisruptionBudget') return;
    const [metadata, spec, status] = ['metadata', 'spec', 'status'].map((key) => recordAt(object, key)) as [
      JsonRecord,
      JsonRecord,
      JsonRecord,
    ];
    const allowed = status['disruptionsAllowed'];
    this.#budgets.push({
      namespace: String(metadata['namespace'] ?? ''),
      name: String(metadata['name'] ?? ''),
      selector: decodeTyped('v1.LabelSelector', spec['selector'] ?? {}) as LabelSelector,
      minAvailable: spec['minAvailable'],
      maxUnavailable: spec['maxUnavailable'],
      disruptionsAllowed: typeof allowed === 'number' ? allowed : undefined,
      pods: 0,
      healthy: 0,
    });
  }

  /** Counts a pod, and tells the budgets that it is under, by number. */
  count(pod: Pod): readonly number[] {
    const numbers: number[] = [];
    for (const [number, budget] of this.#budgets.entries()) {
      if (budget.namespace !== (pod.metadata.namespace ?? '') || !selects(budget.selector, pod)) continue;
      numbers.push(number);
      budget.pods++;
      if (isReady(pod)) budget.healthy++;
    }
    return numbers;
  }

  /** The budgets by number, once all pods are counted. */
  get all(): readonly Budget[] {
    return this.#budgets.map((budget) => ({
      namespace: budget.namespace,
      name: budget.name,
      allowed: budget.disruptionsAllowed ?? allowedOf(budget),
    }));
  }
}

function selects(selector: LabelSelector, { metadata }: Pod): boolean {
  try {
    return matchesLabelSelector(selector, metadata.labels ?? {});
  } catch (error) {
    // One that nobody can read protects nothing.
    if (error instanceof LabelSelectorError) return false;
    throw error;
  }
}

function allowedOf({ minAvailable, maxUnavailable, pods, healthy }: CountedBudget): number {
  const desired =
    maxUnavailable === undefined
      ? amountOf(minAvailable ?? 1, pods, Math.ceil)
      : pods - amountOf(maxUnavailable, pods, Math.ceil);
  return Math.max(0, healthy - Math.max(0, desired));
}

/** A number, or a part of the whole. */
export function amountOf(value: unknown, whole: number, round: (amount: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(typeof value === 'string' ? value : '')?.[1];
  return percent === undefined ? 0 : round((Number(percent) * whole) / 100);
}

function isReady({ status }: Pod): boolean {
  const conditions: unknown = status['conditions'];
  return (
    Array.isArray(conditions) &&
    conditions.some((one) => isRecord(one) && one['type'] === 'Ready' && one['status'] === 'True')
  );
}

function recordAt(record: JsonRecord, key: string): JsonRecord {
  const value = Object.hasOwn(record, key) ? record[key] : undefined;
  return isRecord(value) ? value : {};
}
