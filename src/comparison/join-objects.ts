/** The cluster that a side of a comparison is taken to run in. */
import { indexClusterObjects, type ClusterObjects } from '../configuration/index.ts';
import { isRecord } from '../yaml/index.ts';

/** Kinds that belong to the cluster, whichever set names them. */
const ofTheCluster: ReadonlySet<unknown> = new Set(['Namespace', 'Node']);

/**
 * Joins objects: those that both sides share, those of the side itself, and of the other side what belongs to the cluster and not to a
 * configuration.
 */
export function clusterOfSide(
  shared: readonly unknown[],
  own: readonly unknown[],
  other: readonly unknown[],
): ClusterObjects {
  const others = other.filter((object) => isRecord(object) && ofTheCluster.has(object['kind']));
  return indexClusterObjects([...others, ...shared, ...own]);
}
