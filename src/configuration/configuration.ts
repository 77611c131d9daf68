/** The whole configuration of the injector as one immutable value, taken completely or not at all. */
import { decodeMeshConfig, defaultMeshConfig, MeshConfigError, ProxyConfigs, type MeshConfig } from '../mesh/index.ts';
import { ProtobufJsonError } from '../protobuf/index.ts';
import { YamlError } from '../yaml/index.ts';
import { noClusterObjects, type ClusterObjects } from './cluster-objects.ts';
import type { Features } from './features.ts';
import { decodeInjectionConfig, type InjectionConfig } from './injection-config.ts';
import { ConfigurationError, placeOf, type Place, type SourceText } from './source.ts';
import { decodeValues, type InjectionValues } from './values.ts';

/** What a configuration is made of. */
export interface ConfigurationSources {
  /** Key `config` of the ConfigMap `istio-sidecar-injector`. */
  readonly config: SourceText;
  /** Key `values` of the same ConfigMap. */
  readonly values: SourceText;
  /** Documents of the mesh configuration, applied in order on the built-in defaults. */
  readonly mesh: readonly SourceText[];
  /** Revision served; may be empty. */
  readonly revision: string;
  /** Id of the cluster that `cluster` describes. */
  readonly clusterId: string;
  readonly cluster?: ClusterObjects;
  readonly features: Features;
}

/** A validated, compiled configuration. */
export interface Configuration {
  readonly injection: InjectionConfig;
  readonly values: InjectionValues;
  readonly mesh: MeshConfig;
  /** Proxy configurations of all pods, from the mesh and the ProxyConfig resources. */
  readonly proxyConfigs: ProxyConfigs;
  readonly revision: string;
  readonly clusterId: string;
  readonly cluster: ClusterObjects;
  readonly features: Features;
  /** Settings that are accepted but deserve a look. */
  readonly warnings: readonly string[];
  /** What it was compiled from, so that another thread can compile the same; `cluster` may have been replaced since. */
  readonly sources: ConfigurationSources;
}

/** Compiles a configuration. Throws a {@link ConfigurationError} for the first thing that is wrong in it. */
export function compileConfiguration(sources: ConfigurationSources): Configuration {
  const injection = decodeInjectionConfig(sources.config);
  const values = decodeValues(sources.values);
  const { mesh, warnings } = decodeMesh(sources.mesh);
  const { revision, clusterId, features, cluster = noClusterObjects } = sources;
  if (injection.templates.size === 0) warnings.push('injection templates are empty');
  const proxyConfigs = new ProxyConfigs(mesh, cluster.proxyConfigs, revision);
  return { injection, values, mesh, proxyConfigs, revision, clusterId, cluster, features, warnings, sources };
}

/** The same configuration with other objects in the cluster. */
export function withClusterObjects(configuration: Configuration, cluster: ClusterObjects): Configuration {
  const proxyConfigs = new ProxyConfigs(configuration.mesh, cluster.proxyConfigs, configuration.revision);
  return { ...configuration, cluster, proxyConfigs };
}

function decodeMesh(sources: readonly SourceText[]): { mesh: MeshConfig; warnings: string[] } {
  let mesh = defaultMeshConfig;
  const warnings: string[] = [];
  for (const { file, text } of sources) {
    try {
      const decoded = decodeMeshConfig(text, mesh);
      mesh = decoded.mesh;
      warnings.push(...decoded.warnings.map((warning) => `${file}: ${warning}`));
    } catch (error) {
      if (!(error instanceof MeshConfigError)) throw error;
      throw new ConfigurationError(
        file,
        `invalid mesh config: ${error.message}`,
        placeOfCause(text, error.cause),
        error,
      );
    }
  }
  return { mesh, warnings };
}

function placeOfCause(text: string, cause: unknown): Place | undefined {
  if (cause instanceof YamlError) return cause;
  if (!(cause instanceof ProtobufJsonError)) return undefined;
  const steps = cause.path.split(/[.[\]]+/).filter((step) => step !== '');
  return placeOf(
    text,
    steps.map((step) => (/^[0-9]+$/.test(step) ? Number(step) : step)),
  );
}
