/** A plan of restarts in waves: never more pods unavailable at once than PodDisruptionBudgets allow. Nothing here restarts anything. */
import { amountOf, type Budget } from './budgets.ts';
import { keyOf, type Owner, type WorkloadName } from './owners.ts';

/** A workload with pods that should be made again. */
export interface RestartWish extends WorkloadName {
  /** What is known of the workload itself. */
  readonly owner?: Owner;
  /** Pods of it that run. */
  readonly pods: number;
  /** How many of its pods are under each budget, by the budget's number. */
  readonly budgets: ReadonlyMap<number, number>;
  /** Today's configuration refuses its pods. */
  readonly isRefused: boolean;
}

/** A restart. */
export interface Restart extends WorkloadName {
  /** Pods that are unavailable at once while it goes on. */
  readonly unavailable: number;
  readonly command: string;
  /** What ends when the restart has ended. */
  readonly wait: string;
}

/** A workload that is not restarted by the plan. */
export interface Blocked extends WorkloadName {
  readonly reason: string;
}

export interface RestartPlan {
  /** One after the other; the restarts of a wave at the same time. */
  readonly waves: readonly (readonly Restart[])[];
  readonly blocked: readonly Blocked[];
}

/** @param mostPerWave restarts that go on at the same time */
export function planRestarts(
  wishes: readonly RestartWish[],
  budgets: readonly Budget[],
  mostPerWave: number,
): RestartPlan {
  const sorted = [...wishes].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const blocked: Blocked[] = [];
  let waiting: (readonly [RestartWish, Restart])[] = [];
  for (const wish of sorted) {
    const restart = restartOf(wish, budgets);
    if (typeof restart === 'string') blocked.push({ ...nameOf(wish), reason: restart });
    else waiting.push([wish, restart]);
  }
  const waves: Restart[][] = [];
  while (waiting.length > 0) {
    const left = budgets.map(({ allowed }) => allowed);
    const wave: Restart[] = [];
    const later: typeof waiting = [];
    for (const [wish, restart] of waiting) {
      const needs = needsOf(wish, restart.unavailable);
      if (wave.length >= mostPerWave || needs.some(([number, need]) => need > (left[number] ?? 0))) {
        later.push([wish, restart]);
        continue;
      }
      for (const [number, need] of needs) left[number] = (left[number] ?? 0) - need;
      wave.push(restart);
    }
    waves.push(wave);
    waiting = later;
  }
  return { waves, blocked };
}

/** The restart of a workload alone, or why there is none. */
function restartOf(wish: RestartWish, budgets: readonly Budget[]): Restart | string {
  const unavailable = unavailableOf(wish);
  if (typeof unavailable === 'string') return unavailable;
  if (wish.isRefused) return "today's configuration refuses its pods: they would not come back";
  for (const [number, need] of needsOf(wish, unavailable)) {
    const { namespace, name, allowed } = budgets[number] ?? { namespace: '', name: '', allowed: 0 };
    if (need > allowed) {
      return `its restart makes ${pods(need)} unavailable, and PodDisruptionBudget ${namespace}/${name} allows ${String(allowed)} now`;
    }
  }
  const { kind, name, namespace } = wish;
  const target = `${kind.toLowerCase()}/${name} -n ${namespace}`;
  return {
    ...nameOf(wish),
    unavailable,
    command: `kubectl rollout restart ${target}`,
    wait: `kubectl rollout status ${target} --timeout=15m`,
  };
}

/** Pods of each budget that are unavailable at once. */
function needsOf({ budgets }: RestartWish, unavailable: number): (readonly [number: number, need: number])[] {
  return [...budgets].map(([number, under]) => [number, Math.min(under, unavailable)] as const);
}

const safeName = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** Pods of a workload that a rollout makes unavailable at once, or why no rollout restarts it. */
function unavailableOf({ kind, namespace, name, owner, pods: running }: RestartWish): number | string {
  if (!safeName.test(name) || !safeName.test(namespace)) return 'its name is none of Kubernetes';
  const manual = manualKinds.get(kind);
  if (manual !== undefined) return manual;
  if (!rollouts.has(kind)) return `nothing is known of how a ${kind} restarts its pods: restart it by its own means`;
  if (owner === undefined)
    return 'the workload itself is not known, and so not how many of its pods are restarted at once';
  if (owner.paused) return 'its rollout is paused';
  const { strategy } = owner;
  if (strategy['type'] === 'OnDelete') return 'its updateStrategy is OnDelete: delete its pods one after the other';
  const total = Math.max(owner.replicas, running);
  if (strategy['type'] === 'Recreate') return total;
  const rolling = isMap(strategy['rollingUpdate']) ? strategy['rollingUpdate'] : {};
  if (kind === 'StatefulSet') {
    const { partition } = rolling;
    if (typeof partition === 'number' && partition > 0) {
      return `its rollout stops at partition ${String(partition)}: set that to 0 first`;
    }
    return Math.min(total, Math.max(1, amountOf(rolling['maxUnavailable'] ?? 1, total, Math.ceil)));
  }
  if (kind === 'DaemonSet') {
    const surge = amountOf(rolling['maxSurge'] ?? 0, total, Math.ceil);
    const most = amountOf(rolling['maxUnavailable'] ?? (surge > 0 ? 0 : 1), total, Math.ceil);
    return Math.min(total, surge > 0 ? most : Math.max(1, most));
  }
  const surge = amountOf(rolling['maxSurge'] ?? '25%', total, Math.ceil);
  const most = amountOf(rolling['maxUnavailable'] ?? '25%', total, Math.floor);
  return Math.min(total, surge === 0 && most === 0 ? 1 : most);
}

const rollouts: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

const manualKinds: ReadonlyMap<string, string> = new Map([
  ['Pod', 'nobody makes this pod again: delete it and create it anew'],
  ['Job', 'a Job runs to its end: its next run is made with the new configuration'],
  ['CronJob', 'its next Job is made with the new configuration'],
  ['ReplicaSet', 'a ReplicaSet without Deployment restarts nothing: delete its pods one after the other'],
  ['ReplicationController', 'a ReplicationController restarts nothing: delete its pods one after the other'],
  ['DeploymentConfig', 'restart it with: oc rollout latest'],
  ['Rollout', 'restart it with: kubectl argo rollouts restart'],
]);

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const pods = (count: number): string => `${String(count)} pod${count === 1 ? '' : 's'}`;
const nameOf = ({ kind, namespace, name }: WorkloadName): WorkloadName => ({ kind, namespace, name });
const orderOf = (name: WorkloadName): string => `${name.namespace}/${keyOf(name)}`;
