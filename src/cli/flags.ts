import { InvalidArgumentError, Option, type Command } from 'commander';

/** The flags that say which configuration is used, the same for every command that injects. */
export interface ConfigurationFlags {
  readonly injectConfig?: string;
  readonly injectValues?: string;
  readonly meshConfig?: string;
  readonly objects: readonly string[];
  readonly revision: string;
  readonly clusterId: string;
}

/** Adds {@link ConfigurationFlags} to a command. */
export function addConfigurationFlags(command: Command): Command {
  return command
    .option(
      '--inject-config <file>',
      'text of key `config` of the ConfigMap istio-sidecar-injector (default: built-in)',
    )
    .option('--inject-values <file>', 'text of its key `values` (default: built-in)')
    .option('--mesh-config <file>', 'text of key `mesh` of the ConfigMap istio (default: built-in)')
    .addOption(
      new Option(
        '--objects <file|dir>',
        'YAML of the Namespaces, Nodes, ProxyConfigs and Istio objects that the cluster holds; may be repeated',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(new Option('--revision <rev>', 'revision served; may be empty').default('default').env('REVISION'))
    .addOption(new Option('--cluster-id <id>', 'id of the cluster').default('Kubernetes').env('CLUSTER_ID'));
}

/** Collects the values of a flag that may be repeated. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** Reads a port; 0 takes a free one. */
export function parsePort(value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

/** The end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  ${line}`), ''].join('\n');
}

/** A flag that sets variables of the control plane. */
export function environmentOption(flag: string, what: string): Option {
  return new Option(`${flag} <name=value>`, what)
    .argParser(collectVariable)
    .default([], 'those of its Deployment, else of this process');
}

/** Collects variables. */
function collectVariable(value: string, previous: readonly string[]): string[] {
  if (!/^[^=\s]+=/.test(value)) throw new InvalidArgumentError('It is written NAME=VALUE.');
  return [...previous, value];
}
