import type { InjectionReport } from '../injection/index.ts';
import { whenDone, type Process } from './isolation/process.ts';
import { shorten, shortenList, type Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Refusal, Webhook } from './webhook.ts';

/** `/inject`: the injector in use, with its metrics and one log line a decision. */
export function createInjectWebhook(process: Process, metrics: Metrics, logger: Logger): Webhook {
  return {
    answer(request) {
      const start = performance.now();
      return whenDone(process('inject', request), ({ text, outcome: { report, revision } }) => {
        const seconds = (performance.now() - start) / 1000;
        measure(metrics, report, revision, seconds);
        logDecision(logger, report, request.path, seconds);
        return text;
      });
    },
    refused(refusal) {
      metrics.injectionRequests.inc();
      metrics.injectionFailure.inc();
      logRefusal(logger, refusal);
    },
  };
}

/** Istio's metrics, and ours with labels. */
function measure(
  metrics: Metrics,
  { outcome, reason, templates }: InjectionReport,
  revision: string,
  seconds: number,
): void {
  metrics.injectionRequests.inc();
  metrics.injectionTime.observe(seconds);
  metrics[counterOf[outcome]].inc();
  // Pods choose templates in any number and order: a label for each choice would have no bound.
  const template = templates.length > 1 ? 'several' : (templates[0] ?? 'none');
  metrics.injectionDecisions.inc({ outcome, reason, template, revision });
  metrics.injectionDuration.observe({ outcome }, seconds);
}

const counterOf = { injected: 'injectionSuccess', skipped: 'injectionSkip', denied: 'injectionFailure' } as const;

/** Names and reasons only: no values of variables, annotations or secrets beyond what Istio's messages quote. */
function logDecision(logger: Logger, report: InjectionReport, path: string, seconds: number): void {
  const { outcome, reason, uid, namespace, pod, warnings, message } = report;
  const fields = {
    path,
    pod: pod === '' ? undefined : shorten(`${namespace}/${pod}`),
    uid: uid === '' ? undefined : shorten(uid),
    outcome,
    reason,
    detail: report.detail && shorten(report.detail),
    templates: shortenList(report.templates),
    warnings: shortenList(warnings),
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

/** One line for a request that got no review, for any webhook; those that are too many are summed up elsewhere. */
export function logRefusal(logger: Logger, { reason, status, path, message, error }: Refusal): void {
  if (reason === 'overload' || reason === 'deadline') return;
  logger.error({ path, status, reason, err: error }, message);
}
