import {
  compileTexts,
  readConfigurationTexts,
  watchedPaths,
  type ConfigurationOptions,
} from './configuration-files.ts';
import { configurationEvents } from './configuration-events.ts';
import type { Health, Phase } from './health.ts';
import { drainTimeout, readLimits } from './limits.ts';
import { createLiveConfiguration } from './live-configuration.ts';
import type { Logger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { openMonitoring, openWebhooks, type PortOptions } from './ports.ts';
import { releaseMemory } from './release-memory.ts';
import {
  certificateFolder,
  keepCertificateFresh,
  obtainCertificate,
  type CertificateSource,
} from './serving-certificate.ts';
import { tlsPolicy } from './tls.ts';
import { warmUp } from './warm-up.ts';
import { watchFiles } from './watch-files.ts';
import { injectorFor } from '../injection/index.ts';
import { readFeatures, type Variables } from '../configuration/index.ts';
import { templateContext } from './template-context.ts';

/** The flags of `serve --standalone`. */
export interface ServerOptions extends ConfigurationOptions, PortOptions {
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
  const limits = readLimits(environment);
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
  const monitoring = await openMonitoring(
    { ...options, explain: options.explain ?? true },
    metrics,
    health,
    configuration.snapshot,
    { injector: configuration.snapshot, texts: () => readConfigurationTexts(options) },
  );
  const https = await openWebhooks(options, {
    certificate,
    tlsPolicy: policy,
    injector: configuration.snapshot,
    metrics,
    logger,
    health,
    limits,
  }).catch(async (error: unknown) => {
    await monitoring.drain(0);
    throw error;
  });

  const { caFile, notAfter } = certificate;
  logger.info({ notAfter: notAfter.toISOString(), caFile }, 'serving certificate loaded');

  phase = 'warming up';
  warmUp(configuration.snapshot(), logger);
  releaseMemory();
  phase = 'serving';

  const watches = [
    watchFiles(watchedPaths(options), configuration.reload),
    keepCertificateFresh(https.server, certificateSource, policy, certificate, logger, ({ notAfter }) => {
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

function certificateSourceOf({ tlsCertFile, tlsPrivateKeyFile }: ServerOptions): CertificateSource {
  if (tlsCertFile === undefined || tlsPrivateKeyFile === undefined) return { folder: certificateFolder };
  return { files: { certFile: tlsCertFile, keyFile: tlsPrivateKeyFile } };
}
