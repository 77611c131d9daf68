/** The texts of a configuration in the ConfigMaps of a cluster. */
import { ConfigurationError, type SourceText } from '../configuration/index.ts';
import type { ConfigMapTexts } from './watched-objects.ts';

/** The texts that one snapshot is compiled from. */
export interface ConfigurationTexts {
  readonly config: SourceText;
  readonly values: SourceText;
  /** Applied in order on the defaults. */
  readonly mesh: readonly SourceText[];
}

/** A ConfigMap that may exist. */
export interface ConfigMapSource {
  /** `NAMESPACE/NAME` */
  readonly name: string;
  readonly texts: ConfigMapTexts | undefined;
}

export interface ConfigMapSources {
  /** `istio-sidecar-injector[-REV]` */
  readonly injector: ConfigMapSource;
  /** Ours, which counts where there is no Istio ConfigMap. */
  readonly own: ConfigMapSource;
  /** `istio[-REV]` */
  readonly mesh: ConfigMapSource;
  /** That of `SHARED_MESH_CONFIG`. */
  readonly shared: ConfigMapSource | undefined;
}

/**
 * The texts to use: config and values of Istio's ConfigMap, else of our own, else built in. A mesh configuration that is missing is
 * that of the defaults, unless config and values are built in or our own: then it comes from there, too.
 *
 * @param inUse the texts in use; a ConfigMap that they came from must not vanish, which is as bad as one that cannot be read
 * @throws {ConfigurationError} for a ConfigMap without its keys (texts as in Istio's `inject.NewConfigMapWatcher`)
 */
export function textsOf(
  sources: ConfigMapSources,
  builtIn: ConfigurationTexts,
  inUse: ConfigurationTexts | undefined,
): ConfigurationTexts {
  const { injector, own, mesh, shared } = sources;
  const source = [injector, own].find(({ texts }) => texts !== undefined);
  const before = [injector, own].find(({ name }) => inUse?.config.file === placeOf(name, 'config'));
  if (before !== undefined && before.texts === undefined && source !== injector) {
    throw new ConfigurationError(`configmap ${before.name}`, 'no ConfigMap found');
  }
  const meshOf = (from: ConfigMapSource | undefined): SourceText[] => {
    const text = from?.texts?.mesh;
    return from === undefined || text === undefined ? [] : [{ file: placeOf(from.name, 'mesh'), text }];
  };
  const primary = meshOf(mesh);
  const ownMesh = own.texts === undefined ? builtIn.mesh : meshOf(own);
  return {
    ...(source === undefined ? builtIn : { config: required(source, 'config'), values: required(source, 'values') }),
    mesh: [...meshOf(shared), ...(primary.length > 0 || source === injector ? primary : ownMesh)],
  };
}

export function sameTexts(a: ConfigurationTexts, b: ConfigurationTexts): boolean {
  const list = ({ config, values, mesh }: ConfigurationTexts): SourceText[] => [config, values, ...mesh];
  const [ours, theirs] = [list(a), list(b)];
  return (
    ours.length === theirs.length &&
    ours.every(({ file, text }, index) => file === theirs[index]?.file && text === theirs[index].text)
  );
}

function required({ name, texts }: ConfigMapSource, key: 'config' | 'values'): SourceText {
  const text = texts?.[key];
  if (text === undefined) throw new ConfigurationError(`configmap ${name}`, `missing ConfigMap ${key} key "${key}"`);
  return { file: placeOf(name, key), text };
}

function placeOf(name: string, key: string): string {
  return `configmap ${name} key ${key}`;
}
