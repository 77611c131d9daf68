import type { Injector } from '../injection/index.ts';
import type { ConfigurationState } from './live-configuration.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** How changes of the configuration show in metrics and log. */
export function configurationEvents(metrics: Metrics, logger: Logger) {
  return {
    onTaken: (state: ConfigurationState, { configuration }: Injector): void => {
      metrics.configurationLoads.inc();
      metrics.configurationGeneration.set(state.generation);
      metrics.configurationLastSuccess.set(state.loadedAt.getTime() / 1000);
      metrics.configurationLastFailed.set(0);
      logger.info({ generation: state.generation, files: state.files }, 'configuration loaded');
      for (const warning of configuration.warnings) logger.warn({ generation: state.generation }, warning);
    },
    /** `state` is undefined while nothing good was ever loaded. */
    onRefused: (error: unknown, state: ConfigurationState | undefined): void => {
      metrics.configurationErrors.inc();
      metrics.configurationLastFailed.set(1);
      const message = error instanceof Error ? error.message : String(error);
      logger.error({ generation: state?.generation }, `configuration change refused: ${message}`);
    },
    onRecovered: (state: ConfigurationState): void => {
      metrics.configurationLastFailed.set(0);
      logger.info({ generation: state.generation }, 'configuration files are again those in use');
    },
  };
}
