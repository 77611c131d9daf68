/** The audit of the pods of a cluster, one after the other: what is found, grouped by what is to be said and by workload. */
import {
  ChangeSources,
  knowsNamespace,
  messageShowerOf,
  showerOf,
  type ShownChange,
  type Side,
} from '../comparison/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { auditPod, isFinding, verdicts, type AuditedPod, type PodVerdict } from './audit-pod.ts';
import { Budgets } from './budgets.ts';
import { findingChanges, type ReportedChange } from './reported-change.ts';
import { keyOf, Owners, type WorkloadName } from './owners.ts';
import { planRestarts, type RestartPlan, type RestartWish } from './plan.ts';

/** Pods of a workload. */
export interface FoundWorkload extends WorkloadName {
  readonly pods: readonly string[];
}

/** What is to be said of some pods. */
export interface AuditFinding {
  readonly verdict: PodVerdict;
  /** Why the pod is or is not injected today; the message of a refusal. */
  readonly reason: string;
  readonly message?: string;
  /** Of stale pods: from what they have to what they would have. */
  readonly changes: readonly ReportedChange[];
  /** Pods. */
  readonly count: number;
  readonly workloads: readonly FoundWorkload[];
}

/** A difference that something else than the injector made, and in how many pods. */
export interface ExplainedDifference {
  readonly path: string;
  readonly explanation: string;
  readonly count: number;
}

export interface AuditOptions {
  readonly side: Side;
  /** Whether a word stands in the configuration, so that it may be shown. */
  readonly isPublic: (word: string) => boolean;
  /** Paths of fields that are not looked at. */
  readonly ignored: readonly string[];
}

interface GrowingFinding extends Omit<AuditFinding, 'workloads' | 'changes'> {
  readonly shown: readonly ShownChange[];
  readonly example: Pod;
  readonly workloads: Map<string, WorkloadName & { readonly pods: string[] }>;
  count: number;
}

/** Collects owners and budgets first, then pods. Keeps names, and one pod of each finding. */
export class Audit {
  readonly owners = new Owners();
  readonly budgets = new Budgets();
  readonly #options: AuditOptions;
  readonly #findings = new Map<string, GrowingFinding>();
  readonly #counts = new Map<PodVerdict, number>();
  readonly #others = new Map<string, { path: string; explanation: string; count: number }>();
  readonly #workloads = new Map<
    string,
    { name: WorkloadName; pods: number; budgets: Map<number, number>; isFound: boolean; isRefused: boolean }
  >();
  readonly #unknownNamespaces = new Set<string>();

  constructor(options: AuditOptions) {
    this.#options = options;
  }

  /** Looks at a running pod. */
  add(pod: Pod): void {
    if (!isRunning(pod)) return;
    const namespace = pod.metadata.namespace ?? '';
    const { side } = this.#options;
    const name = this.owners.workloadOf(pod);
    const audited = this.#withoutIgnored(auditPod(pod, side, this.owners.templateOf(pod)));
    let { verdict } = audited;
    if (verdict === 'missing' && !knowsNamespace(side, namespace)) {
      this.#unknownNamespaces.add(namespace);
      verdict = 'outside';
    }
    this.#counts.set(verdict, this.count(verdict) + 1);
    for (const { path, explanation } of audited.others) this.#addOther(path, explanation);
    this.#addWorkload(name, pod, verdict);
    if (isFinding(verdict)) this.#addFinding(name, pod, { ...audited, verdict });
  }

  /** Pods by verdict. */
  count(verdict: PodVerdict): number {
    return this.#counts.get(verdict) ?? 0;
  }

  /** Namespaces of which it is not known whether their pods are sent to the injector. */
  get unknownNamespaces(): ReadonlySet<string> {
    return this.#unknownNamespaces;
  }

  get others(): readonly ExplainedDifference[] {
    return [...this.#others.values()];
  }

  /** The worst first, then the largest. @param traced findings whose fields are traced to the lines of templates */
  findings(traced: number): readonly AuditFinding[] {
    const order = Object.keys(verdicts);
    const sorted = [...this.#findings.values()].sort(
      (a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || b.count - a.count,
    );
    return sorted.map(({ shown, example, workloads, ...finding }, index) => ({
      ...finding,
      changes: findingChanges(shown, index < traced ? new ChangeSources(example, this.#options.side) : undefined),
      workloads: [...workloads.values()],
    }));
  }

  /** The restarts that make all findings go away. */
  plan(mostPerWave: number): RestartPlan {
    const wishes = [...this.#workloads.values()].filter(({ isFound }) => isFound);
    return planRestarts(
      wishes.map(({ name, pods, budgets, isRefused }): RestartWish => {
        const owner = this.owners.get(name);
        return { ...name, pods, budgets, isRefused, ...(owner && { owner }) };
      }),
      this.budgets.all,
      mostPerWave,
    );
  }

  #withoutIgnored(audited: AuditedPod): AuditedPod {
    const { ignored } = this.#options;
    if (ignored.length === 0 || audited.verdict !== 'stale') return audited;
    const isIgnored = (path: string): boolean =>
      ignored.some((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`));
    const changes = audited.changes.filter(({ path }) => !isIgnored(path));
    return { ...audited, changes, verdict: changes.length === 0 ? 'current' : 'stale' };
  }

  #addOther(path: string, explanation: string): void {
    const key = `${path} ${explanation}`;
    const known = this.#others.get(key);
    if (known === undefined) this.#others.set(key, { path, explanation, count: 1 });
    else known.count++;
  }

  #addWorkload(name: WorkloadName, pod: Pod, verdict: PodVerdict): void {
    const key = keyOf(name);
    let known = this.#workloads.get(key);
    if (known === undefined) {
      known = { name, pods: 0, budgets: new Map(), isFound: false, isRefused: false };
      this.#workloads.set(key, known);
    }
    known.pods++;
    for (const number of this.budgets.count(pod)) known.budgets.set(number, (known.budgets.get(number) ?? 0) + 1);
    known.isFound ||= isFinding(verdict);
    known.isRefused ||= verdict === 'refused';
  }

  #addFinding(name: WorkloadName, pod: Pod, { verdict, changes, original, outcome }: AuditedPod): void {
    const about = { pod: original, outcomes: [outcome], isPublic: this.#options.isPublic };
    const shown = changes.map(showerOf(about));
    const message = outcome.kind === 'refused' ? messageShowerOf(about)(outcome.message) : undefined;
    const said = { verdict, reason: outcome.reason, ...(message !== undefined && { message }) };
    const key = JSON.stringify([said, shown]);
    let finding = this.#findings.get(key);
    if (finding === undefined) {
      finding = { ...said, shown, example: original, workloads: new Map(), count: 0 };
      this.#findings.set(key, finding);
    }
    finding.count++;
    const workload = finding.workloads.get(keyOf(name));
    const podName = pod.metadata.name ?? '';
    if (workload === undefined) finding.workloads.set(keyOf(name), { ...name, pods: [podName] });
    else workload.pods.push(podName);
  }
}

/** Pods that have ended, or are ending, are nobody's concern; mirrors of static pods meet no webhook that counts. */
function isRunning({ metadata, status }: Pod): boolean {
  if (metadata['deletionTimestamp'] !== undefined) return false;
  if (metadata.annotations !== undefined && Object.hasOwn(metadata.annotations, 'kubernetes.io/config.mirror'))
    return false;
  return status['phase'] !== 'Succeeded' && status['phase'] !== 'Failed';
}
