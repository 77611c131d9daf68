import {
  compileTexts,
  readConfigurationTexts,
  watchedPaths,
  type ConfigurationOptions,
} from './configuration-files.ts';
import { isReady, type Health, type Phase } from './health.ts';
import { drainTimeout } from './limits.ts';
import { listen } from './listen.ts';
import { createLiveConfiguration, type ConfigurationState } from './live-configuration.ts';
import type { Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createMonitoringApp } from './monitoring-app.ts';
import {
  certificateFolder,
  keepCertificateFresh,
  obtainCertificate,
  type CertificateSource,
} from './serving-certificate.ts';
import { tlsPolicy } from './tls.ts';
import { warmUp } from './warm-up.ts';
import { watchFiles } from './watch-files.ts';
import { createWebhookApp } from './webhook-app.ts';
import { injectorFor, type Injector } from '../injection/index.ts';
import { readFeatures, type Variables } from '../configuration/index.ts';
import { templateContext } from './template-context.ts';
import { createInjectWebhook } from './inject-webhook.ts';
import { createValidateWebhook } from './validate-webhook.ts';

/** The flags of `serve`. */
export interface ServerOptions extends ConfigurationOptions {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** 0 takes a free one. */
  readonly monitoringPort: number;
  readonly tlsCertFile?: string;
  readonly tlsPrivateKeyFile?: string;
}

/** A server whose ports answer. */
export interface RunningServer {
  readonly https: string;
  readonly monitoring: string;
  /** The CA that signed the serving certificate, when we made both. */
  readonly caFile?: string;
  /** Stops being ready, finishes what is in flight, and closes both ports. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a server and waits until both ports answer and it is ready.
 * @throws {StartupError} one sentence on what is wrong with a file, an address or a variable
 */
export async function startServer(
  options: ServerOptions,
  environment: Variables,
  logger: Logger,
): Promise<RunningServer> {
  const policy = tlsPolicy(environment['COMPLIANCE_POLICY'] ?? '', logger);
  for (const warning of readFeatures(environment).warnings) logger.warn(warning);
  const certificateSource = certificateSourceOf(options);
  const certificate = await obtainCertificate(certificateSource);
  const metrics = createMetrics();
  metrics.certificateExpiry.set(certificate.notAfter.getTime() / 1000);

  const context = templateContext(environment);
  const configuration = createLiveConfiguration({
    read: () => readConfigurationTexts(options),
    compile: (texts) => injectorFor(compileTexts(texts, options, environment), context),
    now: () => new Date(),
    ...configurationEvents(metrics, logger),
  });

  let phase: Phase = 'starting';
  const health: Health = { phase: () => phase, configuration: configuration.state };
  const webhooks = {
    inject: createInjectWebhook(configuration.snapshot, metrics, logger),
    validate: createValidateWebhook(metrics, logger),
  };
  const monitoringApp = createMonitoringApp(metrics.registry, health);
  const webhookApp = createWebhookApp({
    certificate,
    tlsPolicy: policy,
    ...webhooks,
    isReady: () => isReady(health),
  });
  const monitoring = await listen(monitoringApp, options.address, options.monitoringPort, {
    scheme: 'http',
    what: 'monitoring',
    flag: '--monitoring-port',
  });
  const https = await listen(webhookApp, options.address, options.port, {
    scheme: 'https',
    what: 'the webhooks',
    flag: '--port',
  }).catch(async (error: unknown) => {
    await monitoring.drain(0);
    throw error;
  });

  const { caFile, notAfter } = certificate;
  logger.info({ notAfter: notAfter.toISOString(), caFile }, 'serving certificate loaded');

  phase = 'warming up';
  warmUp(configuration.snapshot());
  phase = 'serving';

  const watches = [
    watchFiles(watchedPaths(options), configuration.reload),
    keepCertificateFresh(webhookApp.server, certificateSource, policy, certificate, logger, ({ notAfter }) => {
      metrics.certificateExpiry.set(notAfter.getTime() / 1000);
    }),
  ];
  // What changed since the files were read went unnoticed.
  configuration.reload();
  return {
    https: https.url,
    monitoring: monitoring.url,
    caFile,
    stop: async () => {
      phase = 'draining';
      for (const watch of watches) watch.close();
      await https.drain(drainTimeout);
      await monitoring.drain(0);
    },
  };
}

/** How changes of the configuration show in metrics and log. */
function configurationEvents(metrics: Metrics, logger: Logger) {
  return {
    onTaken: (state: ConfigurationState, { configuration }: Injector): void => {
      metrics.configurationLoads.inc();
      metrics.configurationGeneration.set(state.generation);
      metrics.configurationLastSuccess.set(state.loadedAt.getTime() / 1000);
      metrics.configurationLastFailed.set(0);
      logger.info({ generation: state.generation, files: state.files }, 'configuration loaded');
      for (const warning of configuration.warnings) logger.warn({ generation: state.generation }, warning);
    },
    onRefused: (error: unknown, state: ConfigurationState): void => {
      metrics.configurationErrors.inc();
      metrics.configurationLastFailed.set(1);
      const message = error instanceof Error ? error.message : String(error);
      logger.error({ generation: state.generation }, `configuration change refused: ${message}`);
    },
    onRecovered: (state: ConfigurationState): void => {
      metrics.configurationLastFailed.set(0);
      logger.info({ generation: state.generation }, 'configuration files are again those in use');
    },
  };
}

function certificateSourceOf({ tlsCertFile, tlsPrivateKeyFile }: ServerOptions): CertificateSource {
  if (tlsCertFile === undefined || tlsPrivateKeyFile === undefined) return { folder: certificateFolder };
  return { files: { certFile: tlsCertFile, keyFile: tlsPrivateKeyFile } };
}
