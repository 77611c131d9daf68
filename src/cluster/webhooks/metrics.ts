import { Counter, type Registry } from 'prom-client';

/** Metrics of the webhook configurations, with Istio's names. */
export interface WebhookMetrics {
  readonly attempts: Counter<'name'>;
  readonly retries: Counter<'name'>;
  readonly failures: Counter<'name' | 'reason'>;
  readonly updates: Counter;
  readonly updateErrors: Counter<'reason'>;
  readonly loadErrors: Counter<'reason'>;
  /** Not Istio's. */
  readonly overwritten: Counter<'kind' | 'name' | 'manager'>;
}

/** The `name` of attempts is that of the entries, whatever they are prefixed with. */
export const attemptsName = 'sidecar-injector.istio.io';

export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const counter = <Label extends string = never>(
    name: string,
    help: string,
    labelNames: Label[] = [],
  ): Counter<Label> => new Counter({ name, help, labelNames, registers: [registry] });
  return {
    attempts: counter('webhook_patch_attempts_total', 'Webhook patching attempts', ['name']),
    retries: counter('webhook_patch_retries_total', 'Webhook patching retries', ['name']),
    failures: counter('webhook_patch_failures_total', 'Webhook patching total failures', ['name', 'reason']),
    updates: counter('galley_validation_config_updates', 'k8s webhook configuration updates'),
    updateErrors: counter('galley_validation_config_update_error', 'k8s webhook configuration update error', [
      'reason',
    ]),
    loadErrors: counter('galley_validation_config_load_error', 'k8s webhook configuration (re)load error', ['reason']),
    overwritten: counter(
      'outrigger_webhook_ca_bundle_overwritten_total',
      'How often somebody else overwrote the caBundle of a webhook configuration.',
      ['kind', 'name', 'manager'],
    ),
  };
}
