/** Configuration sets as they are named on a command line: `built-in`, a folder, a file with ConfigMaps, or the running cluster. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import {
  indexClusterObjects,
  pickConfigurationSet,
  readDocuments,
  type ConfigurationDocument,
  type ConfigurationSet,
  type SetText,
  type Variables,
} from '../configuration/index.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../server/built-in-configuration.ts';
import { fileError, StartupError } from '../server/startup-error.ts';
import type { Terminal } from '../server/terminal.ts';
import { collect } from './flags.ts';
import { filesOf, readInput } from './input-files.ts';

/** The flags that say how configuration sets are read. */
export interface SetFlags {
  /** Default: what the set itself says, else `default`. */
  readonly revision?: string;
  /** Where ConfigMaps are. */
  readonly istioNamespace: string;
  readonly kubeconfig?: string;
  /** Files and folders with objects of the cluster, for every set. */
  readonly objects: readonly string[];
  readonly clusterId: string;
}

/** How the argument of a set is written in help texts. */
export const setForms =
  '`built-in`, `cluster` (or `current`), a folder with config.yaml, values.yaml or .json and mesh.yaml, or a file or folder with ConfigMaps such as a rendered chart (- for stdin)';

/** What to do where a set is something else. */
export const whatSetsAre = `A configuration is ${setForms}.`;

/** Adds {@link SetFlags} to a command. */
export function addSetFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--revision <rev>', 'revision that is meant (default: the only one of the set, or `default`)').env(
        'REVISION',
      ),
    )
    .option('--istio-namespace <namespace>', 'where the ConfigMaps of the injector are', 'istio-system')
    .option('--kubeconfig <file>', 'how to reach the cluster (default: KUBECONFIG, or ~/.kube/config)')
    .addOption(
      new Option(
        '--objects <file|dir>',
        'YAML of the Namespaces, Nodes, ProxyConfigs and webhook configurations of the cluster; may be repeated',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(new Option('--cluster-id <id>', 'id of the cluster').default('Kubernetes').env('CLUSTER_ID'));
}

/**
 * Reads the set that a reference names.
 * @throws {ConfigurationError} for texts that cannot be read as what they should be, {StartupError} for files, {ApiError} for clusters
 */
export async function readConfigurationSet(
  reference: string,
  flags: SetFlags,
  terminal: Terminal,
): Promise<ConfigurationSet> {
  const set = await readReference(reference, flags, terminal);
  const objects = [...(set.objects ?? []), ...readObjects(flags.objects)];
  if (set.cluster === undefined || flags.objects.length === 0) return { ...set, objects };
  const { webhooks, ...known } = set.cluster;
  const cluster = { ...known, ...(webhooks && { webhooks }), ...indexClusterObjects(objects) };
  return { ...set, objects, cluster };
}

function readReference(reference: string, flags: SetFlags, terminal: Terminal): Promise<ConfigurationSet> {
  const isFile = existsSync(reference);
  if (reference === 'built-in' && !isFile) return Promise.resolve(builtInSet(reference, flags));
  if ((reference === 'cluster' || reference === 'current') && !isFile) return readCluster(reference, flags, terminal);
  if (isFile && statSync(reference).isDirectory()) return Promise.resolve(readFolder(reference, flags));
  return readFile(reference, flags, terminal);
}

function builtInSet(name: string, { revision = 'default' }: SetFlags): ConfigurationSet {
  return { name, revision, config: builtInConfig(), values: builtInValues(), mesh: [builtInMesh()], objects: [] };
}

/** What it holds and what is read of it differs in nothing from cluster mode. */
async function readCluster(name: string, flags: SetFlags, terminal: Terminal): Promise<ConfigurationSet> {
  const { ApiClient } = await import('../cluster/client.ts');
  const { loadCredentials } = await import('../cluster/credentials.ts');
  const { readControlPlane, readSurroundings, readTexts } = await import('./live-objects.ts');
  const { variables, stderr } = terminal;
  const { revision = 'default', istioNamespace, kubeconfig } = flags;
  const client = new ApiClient(await loadCredentials(kubeconfig, variables));
  try {
    const [environment, surroundings] = await Promise.all([
      readControlPlane(client, { istioNamespace, revision }, stderr),
      readSurroundings(client, stderr),
    ]);
    const sharedMesh = (environment ?? variables)['SHARED_MESH_CONFIG'] ?? '';
    const texts = await readTexts(client, { istioNamespace, revision }, sharedMesh);
    return { name, revision, ...texts, ...surroundings, ...(environment && { environment }) };
  } finally {
    client.close();
  }
}

/**
 * The environment of the control plane that a set is for: what its Deployment says, where that is known, else our own; and what is given.
 *
 * @param given as `NAME=VALUE`
 */
export function environmentOf(set: ConfigurationSet, { variables }: Terminal, given: readonly string[]): Variables {
  const overridden = given.map((text): [string, string] => {
    const [name = '', ...value] = text.split('=');
    return [name, value.join('=')];
  });
  return { ...(set.environment ?? variables), ...Object.fromEntries(overridden) };
}

/** Files of plain texts, by key. */
const textFiles = {
  config: ['config.yaml', 'config.yml'],
  values: ['values.yaml', 'values.yml', 'values.json'],
  mesh: ['mesh.yaml', 'mesh.yml'],
} as const;

/** A folder of plain texts, where what is missing is built in; or any folder of documents, as `helm template --output-dir` makes them. */
function readFolder(folder: string, flags: SetFlags): ConfigurationSet {
  const builtIn = builtInSet(folder, flags);
  const config = textOf(folder, textFiles.config);
  const values = textOf(folder, textFiles.values);
  const mesh = textOf(folder, textFiles.mesh);
  if (config === undefined && (values === undefined || mesh === undefined)) {
    return pick(folder, filesBelow(folder).map(readText).flatMap(readDocuments), flags);
  }
  const objects = ['objects', 'objects.yaml', 'objects.yml'].map((name) => join(folder, name)).filter(existsSync);
  return {
    ...builtIn,
    config: config ?? builtIn.config,
    values: values ?? builtIn.values,
    mesh: mesh === undefined ? builtIn.mesh : [mesh],
    objects: readObjects(objects),
  };
}

async function readFile(file: string, flags: SetFlags, terminal: Terminal): Promise<ConfigurationSet> {
  if (file !== '-' && !existsSync(file)) {
    throw new StartupError(
      'FILE_NOT_READABLE',
      `cannot read the configuration ${file}: no such file or directory. ${whatSetsAre}`,
    );
  }
  return pick(file, readDocuments({ file, text: await readInput(file, terminal) }), flags);
}

function pick(name: string, documents: readonly ConfigurationDocument[], flags: SetFlags): ConfigurationSet {
  const { revision, istioNamespace: namespace } = flags;
  return pickConfigurationSet(documents, { name, namespace, ...(revision !== undefined && { revision }) });
}

function readObjects(paths: readonly string[]): unknown[] {
  return paths
    .flatMap(filesOf)
    .map(readText)
    .flatMap(readDocuments)
    .map(({ object }) => object);
}

function textOf(folder: string, names: readonly string[]): SetText | undefined {
  const file = names.map((name) => join(folder, name)).find((path) => existsSync(path));
  return file === undefined ? undefined : readText(file);
}

function readText(file: string): SetText {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw fileError('configuration', file, error);
  }
}

/** Folders in folders that are opened. */
const deepestFolder = 8;

function filesBelow(folder: string, depth = deepestFolder): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return depth > 0 && !entry.name.startsWith('.') ? filesBelow(path, depth - 1) : [];
    return /\.(?:ya?ml|json)$/i.test(entry.name) ? [path] : [];
  });
}
