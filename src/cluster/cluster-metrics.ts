/** Metrics of what is read from the API server. */
import { Counter, Gauge, type Registry } from 'prom-client';

export interface ClusterMetrics {
  /** When the API server was last heard of a resource. */
  readonly lastEvent: Gauge<'resource'>;
  readonly synced: Gauge<'resource'>;
  readonly failures: Counter<'resource'>;
  readonly lastGoodSaved: Gauge;
}

export function createClusterMetrics(registry: Registry): ClusterMetrics {
  const registers = [registry];
  const labelNames = ['resource'] as const;
  return {
    lastEvent: new Gauge({
      name: 'outrigger_cluster_last_event_timestamp_seconds',
      help: 'When the API server last sent a list, an event or a bookmark of the resource, in seconds since 1970.',
      labelNames,
      registers,
    }),
    synced: new Gauge({
      name: 'outrigger_cluster_synced',
      help: '1 when the resource was read completely at least once, else 0.',
      labelNames,
      registers,
    }),
    failures: new Counter({
      name: 'outrigger_cluster_watch_failures_total',
      help: 'Lists and watches of the resource that failed.',
      labelNames,
      registers,
    }),
    lastGoodSaved: new Gauge({
      name: 'outrigger_cluster_last_good_saved_timestamp_seconds',
      help: 'When the last good state was written to its file, in seconds since 1970; 0 before.',
      registers,
    }),
  };
}
