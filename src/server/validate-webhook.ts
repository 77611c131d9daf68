import { BoundedLabels } from './bounded-labels.ts';
import { logRefusal } from './inject-webhook.ts';
import { whenDone, type Process } from './isolation/process.ts';
import type { Outcomes } from './isolation/tasks.ts';
import { shorten, shortenList, type Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Webhook } from './webhook.ts';

/** `/validate`: the validating webhook with its metrics and one log line a decision. */
export function createValidateWebhook(process: Process, metrics: Metrics, logger: Logger): Webhook {
  const resources = new BoundedLabels<'group' | 'version' | 'resource'>();
  return {
    answer(request) {
      return whenDone(process('validate', request), ({ text, outcome }) => {
        count(metrics, resources, outcome);
        logVerdict(logger, outcome, request.path);
        return text;
      });
    },
    refused(refusal) {
      // Istio does not count bodies that are too long.
      if (refusal.reason !== 'too-large') metrics.validationHttpError.inc({ status: String(refusal.status) });
      logRefusal(logger, refusal);
    },
  };
}

/** Dry runs that fail are not counted, as in Istio. */
function count(
  metrics: Metrics,
  resources: BoundedLabels<'group' | 'version' | 'resource'>,
  { request, verdict }: Outcomes['validate'],
): void {
  if (request === undefined) return;
  const { group, version, resource } = request.resource;
  const labels = resources.bound({ group, version, resource });
  if (verdict.failure === undefined) metrics.validationPassed.inc(labels);
  else if (!request.dryRun) metrics.validationFailed.inc({ ...labels, reason: verdict.failure });
}

function logVerdict(logger: Logger, { request, verdict }: Outcomes['validate'], path: string): void {
  if (verdict.isProbe === true) return;
  const { allowed, failure, warnings, message } = verdict;
  const fields = {
    path,
    object: request && shorten(`${request.kind.kind}/${request.namespace}/${request.name}`),
    uid: request && shorten(request.uid),
    operation: request && shorten(request.operation),
    dryRun: request?.dryRun === true ? true : undefined,
    outcome: allowed ? 'allowed' : 'denied',
    reason: failure,
    warnings: warnings && shortenList(warnings),
  };
  if (failure === 'unsupported_operation') logger.warn(fields, 'Unsupported webhook operation');
  else logger.info(fields, shorten(message ?? 'Validated'));
}
