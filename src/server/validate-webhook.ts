import { answerReview, type ReviewAnswer } from '../validation/index.ts';
import { logRefusal } from './inject-webhook.ts';
import { shorten, type Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Webhook } from './webhook.ts';

/** `/validate`: the validating webhook with its metrics and one log line a decision. */
export function createValidateWebhook(metrics: Metrics, logger: Logger): Webhook {
  return {
    answer({ body, path }) {
      const answer = answerReview(body.toString());
      count(metrics, answer);
      logVerdict(logger, answer, path);
      return answer.text;
    },
    refused(refusal) {
      // Istio does not count bodies that are too long.
      if (refusal.reason !== 'too-large') metrics.validationHttpError.inc({ status: String(refusal.status) });
      logRefusal(logger, refusal);
    },
  };
}

/** Dry runs that fail are not counted, as in Istio. */
function count(metrics: Metrics, { request, verdict }: ReviewAnswer): void {
  if (request === undefined) return;
  const { group, version, resource } = request.resource;
  if (verdict.failure === undefined) metrics.validationPassed.inc({ group, version, resource });
  else if (!request.dryRun) metrics.validationFailed.inc({ group, version, resource, reason: verdict.failure });
}

function logVerdict(logger: Logger, { request, verdict }: ReviewAnswer, path: string): void {
  if (verdict.isProbe === true) return;
  const { allowed, failure, warnings, message } = verdict;
  const fields = {
    path,
    object: request === undefined ? undefined : `${request.kind.kind}/${request.namespace}/${request.name}`,
    uid: request?.uid,
    operation: request?.operation,
    dryRun: request?.dryRun === true ? true : undefined,
    outcome: allowed ? 'allowed' : 'denied',
    reason: failure,
    warnings: warnings?.map(shorten),
  };
  if (failure === 'unsupported_operation') logger.warn(fields, 'Unsupported webhook operation');
  else logger.info(fields, shorten(message ?? 'Validated'));
}
