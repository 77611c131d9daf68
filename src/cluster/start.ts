/** Starts cluster mode: the configuration of the server comes from the API server, or from the last good state of it. */
import type { Registry } from 'prom-client';
import { compileConfiguration, readFeatures, type ClusterObjects, type Variables } from '../configuration/index.ts';
import { injectorFor, type Injector } from '../injection/index.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../server/built-in-configuration.ts';
import type { ConfigurationState } from '../server/live-configuration.ts';
import type { GuardedCluster } from '../server/guard/config-webhook.ts';
import type { Logger } from '../server/logger.ts';
import { templateContext } from '../server/template-context.ts';
import type { ApiClient } from './client.ts';
import { ClusterConfiguration, type ClusterConfigurationOptions } from './cluster-configuration.ts';
import { createClusterMetrics } from './cluster-metrics.ts';
import { watchCluster } from './cluster-watch.ts';
import { readLastGood } from './last-good.ts';
import { guardCluster } from './guard.ts';
import { LastGoodFile } from './last-good-file.ts';
import { describeCluster } from './readiness.ts';
import type { ReflectorTimes } from './reflector.ts';
import type { ConfigurationTexts } from './configuration-texts.ts';

/** How long changes are collected before they are compiled, in milliseconds, as Istio does with files. */
const debounce = 100;

/** How long a server with a last good state waits for the API server before it serves that, in milliseconds. */
const patience = 10_000;

export interface ClusterOptions {
  readonly namespace: string;
  readonly revision: string;
  readonly clusterId: string;
  /** Name of our Service, and of our own ConfigMap. */
  readonly serviceName: string;
  readonly lastGoodFile?: string;
  /** For tests. */
  readonly times?: Partial<ReflectorTimes> & { readonly patience?: number };
}

/** What the rest of the server gives. */
export interface ClusterSurroundings {
  readonly client: ApiClient;
  readonly variables: Variables;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly events: Pick<ClusterConfigurationOptions, 'onTaken' | 'onRefused' | 'onRecovered'>;
}

/** A configuration that follows the cluster. */
export interface RunningCluster {
  /** Resolves when there is something to serve: the cluster's state, or the last good one. */
  readonly ready: Promise<void>;
  /** Only after {@link ready}. */
  readonly snapshot: () => Injector;
  /** Undefined until there is something to serve. */
  readonly state: () => ConfigurationState | undefined;
  /** What the guard of the configuration needs. */
  readonly guarded: GuardedCluster;
  /** Lines for `/readyz?verbose`. */
  readonly describe: () => readonly string[];
  readonly stop: () => Promise<void>;
}

export async function startCluster(
  options: ClusterOptions,
  surroundings: ClusterSurroundings,
): Promise<RunningCluster> {
  const { logger, client } = surroundings;
  const metrics = createClusterMetrics(surroundings.registry);
  const builtIn = { config: builtInConfig(), values: builtInValues(), mesh: [builtInMesh()] };
  const configuration = new ClusterConfiguration({
    builtIn,
    compile: compilerOf(options, surroundings.variables),
    now: () => new Date(),
    ...surroundings.events,
  });
  const restoredFrom = await restore(configuration, options, logger);
  const file = lastGoodFileOf(options, configuration, metrics.lastGoodSaved, logger);

  let timer: NodeJS.Timeout | undefined;
  let isCurrent = false;
  let settle = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    settle = resolve;
  });

  function look(): void {
    timer = undefined;
    if (!watch.synced()) return;
    const { newObjects, newTexts } = configuration.update({ configMaps: watch.configMaps(), objects: watch.objects() });
    if (newObjects || newTexts) file?.changed(newTexts);
    isCurrent = true;
    if (configuration.injector !== undefined) settle();
  }

  const watch = watchCluster(client, settingsOf(options, surroundings.variables), {
    metrics,
    log: { warn: (message) => logger.warn(message), info: (message) => logger.info(message) },
    onChange: () => {
      timer ??= setTimeout(look, isCurrent ? debounce : 0);
    },
  });
  const impatience = setTimeout(() => {
    if (isCurrent || restoredFrom === undefined) return;
    logger.warn(
      `the API server has not been heard completely: serving the last good state, of ${restoredFrom.toISOString()}`,
    );
    settle();
  }, options.times?.patience ?? patience);

  return {
    ready,
    snapshot: () => {
      if (configuration.injector === undefined) throw new Error('there is no configuration yet');
      return configuration.injector;
    },
    state: () => configuration.state,
    guarded: guardCluster({
      ...options,
      client,
      builtIn,
      variables: surroundings.variables,
      log: { warn: (message) => logger.warn(message) },
      now: () =>
        watch.synced()
          ? { configMaps: watch.configMaps(), inUse: configuration.goodState?.texts, objects: watch.objects() }
          : undefined,
    }),
    describe: () =>
      describeCluster({
        watches: watch.statuses(),
        restoredFrom: isCurrent ? undefined : restoredFrom,
        refusal: configuration.state === undefined ? configuration.refusal : undefined,
      }),
    stop: async () => {
      watch.stop();
      clearTimeout(timer);
      clearTimeout(impatience);
      await file?.flush();
    },
  };
}

function compilerOf({ revision, clusterId }: ClusterOptions, variables: Variables) {
  const { features } = readFeatures(variables);
  const context = templateContext(variables);
  return (texts: ConfigurationTexts, cluster: ClusterObjects): Injector =>
    injectorFor(compileConfiguration({ ...texts, revision, clusterId, cluster, features }), context);
}

function settingsOf({ namespace, revision, serviceName, times }: ClusterOptions, variables: Variables) {
  return {
    namespace,
    revision,
    ownConfigMap: serviceName,
    sharedMeshConfig: variables['SHARED_MESH_CONFIG'] ?? '',
    nodes: readFeatures(variables).features.nativeSidecars === 'auto',
    times,
  };
}

/** Begins with the last good state, when there is one that can be used; the answer is when it was saved. */
async function restore(
  configuration: ClusterConfiguration,
  { lastGoodFile, revision, clusterId }: ClusterOptions,
  logger: Logger,
): Promise<Date | undefined> {
  if (lastGoodFile === undefined) return undefined;
  try {
    const state = await readLastGood(lastGoodFile, { revision, clusterId });
    if (state !== undefined) configuration.restore(state);
    return state?.savedAt;
  } catch (error) {
    logger.warn(`the last good state is not used: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function lastGoodFileOf(
  { lastGoodFile, revision, clusterId }: ClusterOptions,
  configuration: ClusterConfiguration,
  saved: ConstructorParameters<typeof LastGoodFile>[0]['saved'],
  logger: Logger,
): LastGoodFile | undefined {
  if (lastGoodFile === undefined) return undefined;
  return new LastGoodFile({
    path: lastGoodFile,
    owner: { revision, clusterId },
    state: () => configuration.goodState,
    saved,
    onFailure: (error) => {
      logger.error(`cannot save the last good state: ${error instanceof Error ? error.message : String(error)}`);
    },
  });
}
