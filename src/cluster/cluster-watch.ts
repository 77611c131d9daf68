/** The reflectors of a cluster: what is watched, what was last seen of it, and how each watch is doing. */
import type { JsonRecord } from '../yaml/index.ts';
import type { ApiClient } from './client.ts';
import type { ClusterMetrics } from './cluster-metrics.ts';
import type { ConfigMapSource, ConfigMapSources } from './configuration-texts.ts';
import { Reflector, type ReflectorOptions, type ReflectorTimes } from './reflector.ts';
import * as watched from './watched-objects.ts';

/** What a server needs of its cluster. */
export interface WatchSettings {
  /** Where the ConfigMaps are. */
  readonly namespace: string;
  readonly revision: string;
  /** Name of our own ConfigMap, for clusters without Istio's. */
  readonly ownConfigMap: string;
  /** `SHARED_MESH_CONFIG`: name of a ConfigMap; empty for none. */
  readonly sharedMeshConfig: string;
  /** Whether the versions of nodes matter: `ENABLE_NATIVE_SIDECARS` is `auto`. */
  readonly nodes: boolean;
  readonly times?: Partial<ReflectorTimes>;
}

/** How one watch is doing. */
export interface WatchStatus {
  readonly name: string;
  readonly synced: boolean;
  /** The cluster has no such resource. */
  readonly missing: boolean;
  readonly lastHeard?: Date;
  /** Why the API server cannot be heard now. */
  readonly failure?: string;
}

/** What a watch tells. */
export interface WatchListener {
  readonly metrics: ClusterMetrics;
  readonly log: { readonly warn: (message: string) => void; readonly info: (message: string) => void };
  /** Something changed, or is known for the first time. */
  readonly onChange: () => void;
}

export interface ClusterWatch {
  /** Whether everything has been read once. */
  readonly synced: () => boolean;
  readonly configMaps: () => ConfigMapSources;
  /** Namespaces, nodes and ProxyConfigs, in the shape that `indexClusterObjects` reads; the same array until one changes. */
  readonly objects: () => readonly JsonRecord[];
  readonly statuses: () => readonly WatchStatus[];
  readonly stop: () => void;
}

/** Starts to watch. */
export function watchCluster(client: ApiClient, settings: WatchSettings, listener: WatchListener): ClusterWatch {
  const { revision, namespace, ownConfigMap, sharedMeshConfig } = settings;
  const reflectors: Reflector<unknown>[] = [];
  let kept: readonly JsonRecord[] | undefined;
  const health = new Map<string, { lastHeard?: Date; failure?: string }>();

  type Watched<Kept> = Pick<ReflectorOptions<Kept>, 'name' | 'resource' | 'keep'> & Partial<ReflectorOptions<Kept>>;
  function start<Kept>(options: Watched<Kept>): Reflector<Kept> {
    const reflector = new Reflector<Kept>(client, {
      ...options,
      ...reports(options.name),
      times: settings.times,
    });
    reflectors.push(reflector);
    void reflector.run();
    return reflector;
  }

  function reports(name: string): Pick<ReflectorOptions<unknown>, 'onChange' | 'onHeard' | 'onFailure'> {
    const { metrics, log, onChange } = listener;
    health.set(name, {});
    metrics.synced.set({ resource: name }, 0);
    metrics.failures.inc({ resource: name }, 0);
    return {
      onChange: () => {
        metrics.synced.set({ resource: name }, 1);
        kept = undefined;
        onChange();
      },
      onHeard: () => {
        if (health.get(name)?.failure !== undefined) log.info(`${name} can be read from the API server again`);
        const lastHeard = new Date();
        health.set(name, { lastHeard });
        metrics.lastEvent.set({ resource: name }, lastHeard.getTime() / 1000);
      },
      onFailure: (error) => {
        metrics.failures.inc({ resource: name });
        const before = health.get(name);
        const failure = error instanceof Error ? error.message : String(error);
        if (before?.failure !== failure) log.warn(`cannot read ${name} from the API server: ${failure}`);
        health.set(name, { lastHeard: before?.lastHeard, failure });
      },
    };
  }

  function configMap(name: string): () => ConfigMapSource {
    const reflector = start({
      name: `configmap ${namespace}/${name}`,
      resource: watched.configMaps(namespace),
      fieldSelector: `metadata.name=${name}`,
      keep: watched.keepConfigMap,
    });
    const key = `${namespace}/${name}`;
    return () => ({ name: key, texts: reflector.items.get(key) });
  }

  const injector = configMap(watched.revisioned('istio-sidecar-injector', revision));
  const own = configMap(ownConfigMap);
  const mesh = configMap(watched.revisioned('istio', revision));
  const shared = sharedMeshConfig === '' ? undefined : configMap(sharedMeshConfig);
  const objects = [
    start({
      name: 'namespaces',
      resource: watched.namespaces,
      keep: watched.keepNamespace,
      metadataOnly: true,
    }),
    start({
      name: 'proxyconfigs.networking.istio.io',
      resource: watched.proxyConfigs,
      keep: watched.keepProxyConfig,
      optional: true,
    }),
    ...(settings.nodes ? [start({ name: 'nodes', resource: watched.nodes, keep: watched.keepNode })] : []),
  ];
  return {
    synced: () => reflectors.every(({ synced }) => synced),
    configMaps: () => ({ injector: injector(), own: own(), mesh: mesh(), shared: shared?.() }),
    objects: () => (kept ??= objects.flatMap(({ items }) => [...items.values()])),
    statuses: () => reflectors.map(({ name, synced, missing }) => ({ name, synced, missing, ...health.get(name) })),
    stop: () => {
      for (const reflector of reflectors) reflector.stop();
    },
  };
}
