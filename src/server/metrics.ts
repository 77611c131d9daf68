import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * The metrics of the process. Names, types and labels are Istio's where Istio has the metric; what is counted differs
 * where Istio's own counting misleads: there, `sidecar_injection_success_total` also counts denials and pods that were
 * skipped. Here each request to `/inject` is counted once in `…_requests_total` and once in one of success (a patch
 * was sent), skip (the policy said no) and failure (denied, or no review at all).
 */
const definitions = {
  injectionRequests: counter('sidecar_injection_requests_total', 'Total number of sidecar injection requests.'),
  injectionSuccess: counter(
    'sidecar_injection_success_total',
    'Total number of successful sidecar injection requests.',
  ),
  injectionFailure: counter('sidecar_injection_failure_total', 'Total number of failed sidecar injection requests.'),
  injectionSkip: counter('sidecar_injection_skip_total', 'Total number of skipped sidecar injection requests.'),
  injectionTime: (registry: Registry) =>
    new Histogram({
      name: 'sidecar_injection_time_seconds',
      help: 'Total time taken for injection in seconds.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 1, 3, 5, 10, 20, 30, 60],
      registers: [registry],
    }),
  injectionDecisions: counter(
    'outrigger_injection_decisions_total',
    'Answered injection requests by what came out, why, with which template, and for which revision.',
    ['outcome', 'reason', 'template', 'revision'],
  ),
  injectionDuration: (registry: Registry) =>
    new Histogram({
      name: 'outrigger_injection_duration_seconds',
      help: 'Time from the body of an injection request to its answer, in seconds.',
      labelNames: ['outcome'],
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [registry],
    }),
  validationPassed: counter('galley_validation_passed', 'Resource is valid', ['group', 'version', 'resource']),
  validationFailed: counter('galley_validation_failed', 'Resource validation failed', [
    'group',
    'version',
    'resource',
    'reason',
  ]),
  validationHttpError: counter('galley_validation_http_error', 'Resource validation http serve errors', ['status']),
  configurationLoads: counter('outrigger_configuration_loads_total', 'Configurations taken into use.'),
  configurationErrors: counter(
    'outrigger_configuration_load_errors_total',
    'Changes of the configuration that were refused; the last good configuration stayed in use.',
  ),
  configurationGeneration: gauge(
    'outrigger_configuration_generation',
    'Number of the configuration in use, counted from 1 at start.',
  ),
  configurationLastSuccess: gauge(
    'outrigger_configuration_last_success_timestamp_seconds',
    'When the configuration in use was loaded, in seconds since 1970.',
  ),
  configurationLastFailed: gauge(
    'outrigger_configuration_last_load_failed',
    '1 while the newest state of the files is refused, else 0.',
  ),
  certificateExpiry: gauge(
    'outrigger_serving_certificate_expiry_timestamp_seconds',
    'When the serving certificate expires, in seconds since 1970.',
  ),
} satisfies Record<string, (registry: Registry) => unknown>;

export type Metrics = { readonly [Name in keyof typeof definitions]: ReturnType<(typeof definitions)[Name]> } & {
  readonly registry: Registry;
};

/** Makes all metrics in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = Object.fromEntries(Object.entries(definitions).map(([name, make]) => [name, make(registry)]));
  return { ...(metrics as Omit<Metrics, 'registry'>), registry };
}

function counter<Label extends string = never>(name: string, help: string, labelNames: Label[] = []) {
  return (registry: Registry): Counter<Label> => new Counter({ name, help, labelNames, registers: [registry] });
}

function gauge(name: string, help: string) {
  return (registry: Registry): Gauge => new Gauge({ name, help, registers: [registry] });
}
