import { Counter, Gauge, type Registry } from 'prom-client';

/** What became of a request that was handed to a worker. */
export type IsolationOutcome =
  /** Answered by the worker. */
  | 'answered'
  /** The worker could not answer, as the event loop could not have. */
  | 'failed'
  /** The worker died. */
  | 'crashed'
  /** The client stopped waiting before the work began. */
  | 'dropped'
  /** The client stopped waiting while a worker was at it. */
  | 'overdue'
  /** The queue was full. */
  | 'refused';

export type IsolationMetrics = ReturnType<typeof createIsolationMetrics>;

/** The metrics of the workers. */
export function createIsolationMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Counter<'outcome'>({
      name: 'outrigger_isolation_requests_total',
      help: 'Long or expensive requests handed to worker threads, by what became of them; dropped: the client stopped waiting before the work began, overdue: while it was done.',
      labelNames: ['outcome'],
      registers,
    }),
    moved: new Counter<'webhook'>({
      name: 'outrigger_isolation_moved_total',
      help: 'Short requests that turned out expensive and were begun anew in a worker thread.',
      labelNames: ['webhook'],
      registers,
    }),
    workers: new Gauge({ name: 'outrigger_isolation_workers', help: 'Worker threads that are running.', registers }),
    queue: new Gauge({
      name: 'outrigger_isolation_queue_length',
      help: 'Requests that wait for a worker thread.',
      registers,
    }),
    deaths: new Counter<'cause'>({
      name: 'outrigger_isolation_worker_deaths_total',
      help: 'Worker threads that ended without being idle; crash: by themselves, overrun: ended since they went on after a deadline.',
      labelNames: ['cause'],
      registers,
    }),
  };
}
