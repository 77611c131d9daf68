/** `serve` in a cluster: configuration from the API server, and the way of the server from its start to its end. */
import { ApiClient } from '../cluster/client.ts';
import { loadCredentials } from '../cluster/credentials.ts';
import { startLifeCycle, type LifeCycle, type LifeCycleOptions } from '../cluster/life-cycle.ts';
import { startCluster, type ClusterOptions, type RunningCluster } from '../cluster/start.ts';
import { readFeatures, type Variables } from '../configuration/index.ts';
import { configurationEvents } from './configuration-events.ts';
import { createConfigWebhook, type GuardMode } from './guard/config-webhook.ts';
import type { Health, Phase } from './health.ts';
import { drainTimeout, readLimits } from './limits.ts';
import type { Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { openMonitoring, openWebhooks, type PortOptions } from './ports.ts';
import { releaseMemory } from './release-memory.ts';
import type { RunningServer } from './start.ts';
import { tlsPolicy } from './tls.ts';
import { warmUp } from './warm-up.ts';

/** The flags of `serve` without `--standalone`. */
export interface ClusterServerOptions
  extends PortOptions, ClusterOptions, Pick<LifeCycleOptions, 'certificates' | 'manageFailurePolicy'> {
  /** Default: `KUBECONFIG`, or the service account of the pod. */
  readonly kubeconfig?: string;
  /** What happens to ConfigMaps that would break injection. Default: `deny`. */
  readonly guard?: GuardMode;
}

/**
 * Starts a server and waits until it is ready: the monitoring port answers at once, the webhooks when there is a configuration, which
 * takes as long as the API server is away and no last good state was kept.
 *
 * @param stopping ends the wait
 * @returns undefined when `stopping` was faster
 * @throws {StartupError} one sentence on what is wrong with a file, an address or a variable
 */
export async function startClusterServer(
  options: ClusterServerOptions,
  environment: Variables,
  logger: Logger,
  stopping: AbortSignal,
): Promise<RunningServer | undefined> {
  const limits = readLimits(environment);
  const policy = tlsPolicy(environment['COMPLIANCE_POLICY'] ?? '', logger);
  for (const warning of readFeatures(environment).warnings) logger.warn(warning);
  const client = new ApiClient(await loadCredentials(options.kubeconfig, environment));
  const metrics = createMetrics();

  let phase: Phase = 'starting';
  let cluster: RunningCluster | undefined;
  let lifeCycle: LifeCycle | undefined;
  const health: Health = {
    phase: () => phase,
    configuration: () => cluster?.state(),
    details: () => [...(cluster?.describe() ?? []), ...(lifeCycle?.describe() ?? [])],
  };
  const monitoring = await openMonitoring(options, metrics, health, () =>
    cluster?.state() === undefined ? undefined : cluster.snapshot(),
  );
  const closing: (() => Promise<void>)[] = [() => monitoring.drain(0)];
  const close = async (): Promise<void> => {
    phase = 'draining';
    for (const end of closing.reverse()) await end();
  };

  try {
    closing.push(() => Promise.resolve(client.close()));
    cluster = await startCluster(options, {
      client,
      variables: environment,
      logger,
      registry: metrics.registry,
      events: configurationEvents(metrics, logger),
    });
    closing.push(cluster.stop);
    lifeCycle = startLifeCycle({
      ...options,
      client,
      variables: environment,
      log: logger,
      registry: metrics.registry,
      onCertificate: ({ notAfter }) => {
        metrics.certificateExpiry.set(notAfter.getTime() / 1000);
      },
    });
    closing.push(lifeCycle.stop);
    logger.info({ server: client.server, namespace: options.namespace }, 'waiting for the cluster');
    phase = 'waiting for the cluster';
    const [certificate] = await Promise.race([
      Promise.all([lifeCycle.certificate, cluster.ready]),
      aborted(stopping).then(() => []),
    ]);
    if (certificate === undefined || stopping.aborted) {
      await close();
      return undefined;
    }

    const guard = startGuard(options.guard ?? 'deny', cluster, metrics, logger);
    if (guard !== undefined) closing.push(guard.close);
    const https = await openWebhooks(
      { ...options, auditAnnotations: options.auditAnnotations ?? true },
      {
        certificate,
        tlsPolicy: policy,
        injector: cluster.snapshot,
        metrics,
        logger,
        health,
        limits,
        ...(guard && { config: guard }),
      },
    );
    closing.push(() => https.drain(drainTimeout));
    lifeCycle.keepFresh(https.server, policy);
    phase = 'warming up';
    warmUp(cluster.snapshot(), logger);
    releaseMemory();
    phase = 'serving';
    return { https: https.url, monitoring: monitoring.url, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

/** The guard, with a first look at the pods of the cluster. */
function startGuard(
  mode: GuardMode,
  { guarded }: RunningCluster,
  { registry }: Metrics,
  logger: Logger,
): ReturnType<typeof createConfigWebhook> | undefined {
  if (mode === 'off') return undefined;
  void guarded.samplePods();
  return createConfigWebhook(mode, guarded, registry, logger);
}
