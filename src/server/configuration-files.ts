import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  compileConfiguration,
  decodeClusterObjects,
  readFeatures,
  type Configuration,
  type SourceText,
  type Variables,
} from '../configuration/index.ts';
import { builtInConfig, builtInMesh, builtInValues } from './built-in-configuration.ts';
import { fileError } from './startup-error.ts';

/** Where the configuration comes from; what is not given is built in. */
export interface ConfigurationOptions {
  /** File with key `config` of the ConfigMap `istio-sidecar-injector`. */
  readonly injectConfig?: string;
  /** File with its key `values`. */
  readonly injectValues?: string;
  /** File with key `mesh` of the ConfigMap `istio`. */
  readonly meshConfig?: string;
  /** Files, or folders of files, with the objects of the cluster. */
  readonly objects: readonly string[];
  readonly revision: string;
  readonly clusterId: string;
}

/** The texts of one configuration: config, values, mesh, and any number with objects of the cluster. */
export type ConfigurationTexts = readonly [
  config: SourceText,
  values: SourceText,
  mesh: SourceText,
  ...objects: SourceText[],
];

/**
 * Reads the files of a configuration.
 * @throws {StartupError} when one cannot be read
 */
export function readConfigurationTexts(options: ConfigurationOptions): ConfigurationTexts {
  const { injectConfig, injectValues, meshConfig } = options;
  return [
    injectConfig === undefined ? builtInConfig() : readText('injector configuration', injectConfig),
    injectValues === undefined ? builtInValues() : readText('injector values', injectValues),
    meshConfig === undefined ? builtInMesh() : readText('mesh configuration', meshConfig),
    ...options.objects.flatMap(objectFiles).map((file) => readText('objects file', file)),
  ];
}

/** Compiles what {@link readConfigurationTexts} read. */
export function compileTexts(
  texts: ConfigurationTexts,
  options: ConfigurationOptions,
  variables: Variables,
): Configuration {
  const [config, values, mesh, ...objects] = texts;
  const { revision, clusterId } = options;
  const { features } = readFeatures(variables);
  return compileConfiguration({
    config,
    values,
    mesh: [mesh],
    revision,
    clusterId,
    cluster: decodeClusterObjects(objects),
    features,
  });
}

/** The files and folders given by flag. */
export function watchedPaths({
  injectConfig,
  injectValues,
  meshConfig,
  objects,
}: ConfigurationOptions): readonly string[] {
  return [injectConfig, injectValues, meshConfig, ...objects].filter((path) => path !== undefined);
}

function objectFiles(path: string): string[] {
  try {
    return statSync(path).isDirectory() ? yamlFilesIn(path) : [path];
  } catch (error) {
    throw fileError('objects', path, error);
  }
}

/** The YAML and JSON files of a folder by name; not those of folders below it. */
export function yamlFilesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && /\.(?:ya?ml|json)$/i.test(entry.name))
    .map(({ name }) => join(folder, name))
    .sort();
}

function readText(what: string, file: string): SourceText {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw fileError(what, file, error);
  }
}
