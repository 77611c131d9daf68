/** The configurations that the server is given in turn. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { builtInConfig, builtInMesh, builtInValues } from '../../src/server/built-in-configuration.ts';
import type { Random } from './random.ts';

/** The files of a configuration, by the names that they get in the volume. */
export interface ConfigurationFiles {
  readonly 'config.yaml': string;
  readonly 'values.yaml': string;
  readonly 'mesh.yaml': string;
  readonly 'objects.yaml': string;
}

/** A configuration. */
export interface ConfigurationSet {
  readonly name: string;
  readonly files: ConfigurationFiles;
}

/** What the server runs with, which cannot change while it runs. */
const fixed = { revision: 'default', clusterID: 'Kubernetes' };

interface Settings {
  readonly revision: string;
  readonly clusterID: string;
  readonly features: Readonly<Record<string, string>>;
  readonly namespaces: Readonly<Record<string, object>>;
  readonly nodes: readonly { readonly name: string; readonly kubeletVersion: string }[];
  readonly proxyConfigs: readonly object[];
}

/** Configurations of the corpus' environments, or variants of the built-in one where the corpus is not there. */
export function chooseConfigurations(corpus: string, count: number, random: Random): ConfigurationSet[] {
  const folder = join(corpus, 'environments');
  const found = existsSync(folder) ? readdirSync(folder).flatMap((name) => readEnvironment(folder, name)) : variants();
  return random.sample(found, count).map(marked);
}

function readEnvironment(folder: string, name: string): ConfigurationSet[] {
  const read = (file: string): string => readFileSync(join(folder, name, file), 'utf8');
  const settings = JSON.parse(read('settings.json')) as Settings;
  const { revision, clusterID, features } = settings;
  if (revision !== fixed.revision || clusterID !== fixed.clusterID || Object.keys(features).length > 0) return [];
  const files = {
    'config.yaml': read('config.yaml'),
    'values.yaml': read('values.json'),
    'mesh.yaml': read('mesh.yaml'),
    'objects.yaml': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objectsOf(settings) }),
  };
  return [{ name, files }];
}

function objectsOf({ namespaces, nodes, proxyConfigs }: Settings): object[] {
  return [
    ...Object.entries(namespaces).map(([name, metadata]) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { ...metadata, name },
    })),
    ...nodes.map(({ name, kubeletVersion }) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
      status: { nodeInfo: { kubeletVersion } },
    })),
    ...proxyConfigs,
  ];
}

/** What differs between the configurations made of the built-in one. */
const meshVariants: Readonly<Record<string, object>> = {
  plain: {},
  hold: { defaultConfig: { holdApplicationUntilProxyStarts: true } },
  threads: { defaultConfig: { concurrency: 4 } },
  metadata: { defaultConfig: { proxyMetadata: { SOAK: 'yes' } } },
  drain: { defaultConfig: { drainDuration: '7s', terminationDrainDuration: '9s' } },
  'status port': { defaultConfig: { statusPort: 15999 } },
};

function variants(): ConfigurationSet[] {
  return Object.entries(meshVariants).map(([name, mesh]) => ({
    name,
    files: {
      'config.yaml': builtInConfig().text,
      'values.yaml': builtInValues().text,
      'mesh.yaml': JSON.stringify({ ...(parse(builtInMesh().text) as object | null), ...mesh }),
      'objects.yaml': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [] }),
    },
  }));
}

/** Gives the proxy's image a tag of its own, so that nearly every answer tells which configuration it came from. */
function marked(set: ConfigurationSet, index: number): ConfigurationSet {
  const values = parse(set.files['values.yaml']) as { global?: object };
  const text = JSON.stringify({ ...values, global: { ...values.global, tag: `soak-${index}` } });
  return { ...set, files: { ...set.files, 'values.yaml': text } };
}

/** Ways to break a configuration; each must be refused. */
export const faults: Readonly<Record<string, (files: ConfigurationFiles) => Readonly<Record<string, string>>>> = {
  'config is no YAML': (files) => ({ ...files, 'config.yaml': `${files['config.yaml']}\n\t{` }),
  'template calls what is not there': (files) => {
    const config = parse(files['config.yaml']) as { templates?: object };
    const templates = { ...config.templates, broken: '{{ nosuchfunction . }}' };
    return { ...files, 'config.yaml': stringify({ ...config, templates }) };
  },
  'values end in the middle': (files) => ({ ...files, 'values.yaml': files['values.yaml'].slice(0, -10) }),
  'values are a list': (files) => ({ ...files, 'values.yaml': '[1, 2]' }),
  'mesh has a wrong type': (files) => ({ ...files, 'mesh.yaml': 'defaultConfig: 3\n' }),
  'mesh is missing': ({ 'mesh.yaml': _gone, ...files }) => files,
  'objects are no YAML': (files) => ({ ...files, 'objects.yaml': '{"kind": "List", "items": [' }),
};
