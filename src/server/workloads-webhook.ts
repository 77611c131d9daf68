import { Counter, Histogram, type Registry } from 'prom-client';
import { OverlayCache, type Injector } from '../injection/index.ts';
import { answerWorkloadReview, type WorkloadAnswer } from '../workloads/index.ts';
import { logRefusal } from './inject-webhook.ts';
import type { Logger } from './logger.ts';
import type { Webhook } from './webhook.ts';

/** Rendered text that is kept, in UTF-16 units: some 80 workloads. They come one by one, and not as often as pods. */
const cacheLimit = 512 * 1024;

/** `/workloads`: what is said about workloads, with its metrics and one log line where something is said. */
export function createWorkloadsWebhook(injector: () => Injector, registry: Registry, logger: Logger): Webhook {
  const metrics = createMetrics(registry);
  const cache = new OverlayCache(cacheLimit);
  return {
    answer({ body, path }) {
      const start = process.hrtime.bigint();
      const answer = answerWorkloadReview(body.toString(), path, { injector: injector(), cache });
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      metrics.time.observe(seconds);
      metrics.requests.inc({ verdict: answer.problem === undefined ? (answer.advice?.verdict ?? 'none') : 'error' });
      logAnswer(logger, answer, path, seconds);
      return answer.text;
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
function logAnswer(logger: Logger, { advice, request, problem }: WorkloadAnswer, path: string, seconds: number): void {
  const ms = Math.round(seconds * 1e5) / 100;
  if (problem !== undefined) {
    logger.warn({ path, problem, ms }, 'Workload not looked at');
    return;
  }
  if (advice === undefined) return;
  const { kind, name, namespace, verdict, reason, warnings } = advice;
  const fields = {
    path,
    workload: `${kind}/${namespace}/${name}`,
    uid: request?.uid,
    operation: request?.operation,
    dryRun: request?.dryRun === true ? true : undefined,
    verdict,
    reason,
    warnings: warnings.map(({ id }) => id),
    ms,
  };
  logger.info(fields, 'Workload looked at');
}
