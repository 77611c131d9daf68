import { Counter, Histogram, type Registry } from 'prom-client';
import { logRefusal } from './inject-webhook.ts';
import { whenDone, type Process } from './isolation/process.ts';
import type { Outcomes } from './isolation/tasks.ts';
import { shorten, shortenList, type Logger } from './logger.ts';
import type { Webhook } from './webhook.ts';

/** `/workloads`: what is said about workloads, with its metrics and one log line where something is said. */
export function createWorkloadsWebhook(process: Process, registry: Registry, logger: Logger): Webhook {
  const metrics = createMetrics(registry);
  return {
    answer(request) {
      const start = performance.now();
      return whenDone(process('workloads', request), ({ text, outcome }) => {
        const seconds = (performance.now() - start) / 1000;
        metrics.time.observe(seconds);
        metrics.requests.inc({
          verdict: outcome.problem === undefined ? (outcome.advice?.verdict ?? 'none') : 'error',
        });
        logAnswer(logger, outcome, request.path, seconds);
        return text;
      });
    },
    refused(refusal) {
      metrics.requests.inc({ verdict: 'error' });
      logRefusal(logger, refusal);
    },
  };
}

function createMetrics(registry: Registry) {
  return {
    requests: new Counter({
      name: 'outrigger_workload_reviews_total',
      help: 'Workloads that were advised on, by verdict; none: there was nothing to say.',
      labelNames: ['verdict'],
      registers: [registry],
    }),
    time: new Histogram({
      name: 'outrigger_workload_review_seconds',
      help: 'Time taken to advise on a workload in seconds.',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 1],
      registers: [registry],
    }),
  };
}

/** Ids of warnings only: their texts quote values of labels and annotations. */
function logAnswer(
  logger: Logger,
  { advice, request, problem }: Outcomes['workloads'],
  path: string,
  seconds: number,
): void {
  const ms = Math.round(seconds * 1e5) / 100;
  if (problem !== undefined) {
    logger.warn({ path, problem, ms }, 'Workload not looked at');
    return;
  }
  if (advice === undefined) return;
  const { kind, name, namespace, verdict, reason, warnings } = advice;
  const fields = {
    path,
    workload: shorten(`${kind}/${namespace}/${name}`),
    uid: request && shorten(request.uid),
    operation: request && shorten(request.operation),
    dryRun: request?.dryRun === true ? true : undefined,
    verdict,
    reason,
    warnings: shortenList(warnings.map(({ id }) => id)) ?? [],
    ms,
  };
  logger.info(fields, 'Workload looked at');
}
