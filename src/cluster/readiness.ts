/** What `/readyz?verbose` says of the cluster. */
import type { WatchStatus } from './cluster-watch.ts';

export interface ClusterHealth {
  readonly watches: readonly WatchStatus[];
  /** When the state in use was saved, while it is that of the file. */
  readonly restoredFrom?: Date;
  /** Why there is nothing to serve. */
  readonly refusal?: string;
}

/** Lines in the form that Kubernetes' own components use. */
export function describeCluster({ watches, restoredFrom, refusal }: ClusterHealth): readonly string[] {
  return [
    ...watches.map(describeWatch),
    ...(restoredFrom === undefined ? [] : [`[+]last good state of ${restoredFrom.toISOString()} is in use`]),
    ...(refusal === undefined ? [] : [`[-]configuration refused: ${refusal}`]),
  ];
}

function describeWatch({ name, synced, missing, lastHeard, failure }: WatchStatus): string {
  const state = missing ? 'not in this cluster' : synced ? 'synced' : 'not yet synced';
  const heard = lastHeard === undefined ? '' : `, last heard ${lastHeard.toISOString()}`;
  const problem = failure === undefined ? '' : `, failing: ${failure}`;
  return `${synced ? '[+]' : '[-]'}watch ${name} ${state}${heard}${problem}`;
}
