import type { InjectionReport, Injector } from '../injection/index.ts';
import { shorten, type Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Refusal, Webhook } from './webhook.ts';

/** `/inject`: the injector in use, with its metrics and one log line a decision. */
export function createInjectWebhook(injector: () => Injector, metrics: Metrics, logger: Logger): Webhook {
  return {
    answer(body, path) {
      const start = process.hrtime.bigint();
      const { text, report } = injector().answer(body, path);
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      metrics.injectionRequests.inc();
      metrics.injectionTime.observe(seconds);
      metrics[counterOf[report.outcome]].inc();
      logDecision(logger, report, path, seconds);
      return text;
    },
    refused(refusal) {
      metrics.injectionRequests.inc();
      metrics.injectionFailure.inc();
      logRefusal(logger, refusal);
    },
  };
}

const counterOf = { injected: 'injectionSuccess', skipped: 'injectionSkip', denied: 'injectionFailure' } as const;

/** Names and reasons only: no values of variables, annotations or secrets beyond what Istio's messages quote. */
function logDecision(logger: Logger, report: InjectionReport, path: string, seconds: number): void {
  const { outcome, reason, uid, namespace, pod, warnings, message } = report;
  const fields = {
    path,
    pod: pod === '' ? undefined : `${namespace}/${pod}`,
    uid: uid === '' ? undefined : uid,
    outcome,
    reason,
    detail: report.detail,
    templates: report.templates.length === 0 ? undefined : report.templates,
    warnings: warnings.length === 0 ? undefined : warnings.map(shorten),
    ms: Math.round(seconds * 1e5) / 100,
  };
  switch (outcome) {
    case 'injected':
      logger.info(fields, 'Process sidecar injection request');
      break;
    case 'skipped':
      logger.info(fields, 'Skipping due to policy check');
      break;
    case 'denied':
      logger.error(fields, shorten(`Pod injection failed: ${message ?? ''}`));
  }
}

/** One line for a request that got no review, for any webhook. */
export function logRefusal(logger: Logger, { reason, status, path, message, error }: Refusal): void {
  logger.error({ path, status, reason, err: error }, message);
}
