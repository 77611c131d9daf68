/** The two ports of a server, which files and cluster have in common. */
import type { Http2SecureServer } from 'node:http2';
import type { Injector } from '../injection/index.ts';
import type { ServingCertificate } from './certificates.ts';
import { addExplainEndpoint } from './explain-endpoint.ts';
import { isReady, type Health } from './health.ts';
import { createInjectWebhook } from './inject-webhook.ts';
import { Isolation } from './isolation/isolation.ts';
import type { ServerLimits } from './limits.ts';
import { listen, type Listener } from './listen.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { createMonitoringApp } from './monitoring-app.ts';
import { addPlayground, type PlaygroundSources } from './playground.ts';
import { summarizeRefusals } from './refusal-summary.ts';
import type { TlsPolicy } from './tls.ts';
import { createValidateWebhook } from './validate-webhook.ts';
import type { Webhook } from './webhook.ts';
import { createWebhookApp } from './webhook-app.ts';
import { createWorkloadsWebhook } from './workloads-webhook.ts';

/** Where a server listens. */
export interface PortOptions {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** 0 takes a free one. */
  readonly monitoringPort: number;
  /** Whether the monitoring port answers `POST /explain`, which shows configuration. Default: with files only. */
  readonly explain?: boolean;
  /** Whether answers of `/inject` carry audit annotations. Default: in a cluster only. */
  readonly auditAnnotations?: boolean;
}

/**
 * Opens the monitoring port. Throws a `StartupError`.
 * @param injector the injector in use; `undefined` while there is none
 * @param playground what the playground starts from; without it there is none. It shows configuration, as `explain` does
 */
export function openMonitoring(
  options: PortOptions,
  metrics: Metrics,
  health: Health,
  injector: () => Injector | undefined,
  playground?: PlaygroundSources,
): Promise<Listener> {
  const app = createMonitoringApp(metrics.registry, health);
  if (options.explain === true) addExplainEndpoint(app, injector);
  if (options.explain === true && playground !== undefined) addPlayground(app, playground);
  return listen(app, options.address, options.monitoringPort, {
    scheme: 'http',
    what: 'monitoring',
    flag: '--monitoring-port',
  });
}

export interface WebhookPortParts {
  readonly certificate: ServingCertificate;
  readonly tlsPolicy: TlsPolicy;
  readonly injector: () => Injector;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly health: Health;
  readonly limits: ServerLimits;
  /** The guard of the configuration; none by default. */
  readonly config?: Webhook;
}

/** Opens the HTTPS port with all webhooks. Throws a `StartupError`. */
export async function openWebhooks(
  options: PortOptions,
  { certificate, tlsPolicy, injector, metrics, logger, health, limits, config }: WebhookPortParts,
): Promise<Listener & { readonly server: Http2SecureServer }> {
  const isolation = new Isolation({
    snapshot: () => ({
      injector: injector(),
      ...(options.auditAnnotations === true && { generation: health.configuration()?.generation ?? 0 }),
    }),
    registry: metrics.registry,
    log: logger,
  });
  const app = createWebhookApp({
    certificate,
    tlsPolicy,
    inject: createInjectWebhook(isolation.process, metrics, logger),
    validate: createValidateWebhook(isolation.process, metrics, logger),
    workloads: createWorkloadsWebhook(isolation.process, metrics.registry, logger),
    ...(config && { config }),
    isReady: () => isReady(health),
    limits,
    registry: metrics.registry,
    onRefused: summarizeRefusals(logger),
  });
  const listener = await listen(app, options.address, options.port, {
    scheme: 'https',
    what: 'the webhooks',
    flag: '--port',
  });
  const drain = async (drainTimeout: number): Promise<void> => {
    await listener.drain(drainTimeout);
    await isolation.close();
  };
  return { ...listener, drain, server: app.server };
}
