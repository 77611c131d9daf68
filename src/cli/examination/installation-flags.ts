import { Option, type Command } from 'commander';
import { ApiClient } from '../../cluster/client.ts';
import { loadCredentials } from '../../cluster/credentials.ts';
import type { Installation } from '../../doctor/index.ts';
import type { Terminal } from '../../server/terminal.ts';

/** The flags that say which installation of which cluster is meant. */
export interface InstallationFlags {
  readonly kubeconfig?: string;
  readonly namespace: string;
  readonly revision: string;
  readonly serviceName?: string;
  readonly output: 'text' | 'json';
}

/** Adds {@link InstallationFlags} to a command. */
export function addInstallationFlags(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'how to reach the API server (default: KUBECONFIG, or ~/.kube/config)')
    .addOption(
      new Option('-n, --namespace <ns>', 'namespace of the installation').default('istio-system').env('POD_NAMESPACE'),
    )
    .addOption(new Option('--revision <rev>', 'its revision').default('default').env('REVISION'))
    .option('--service-name <name>', 'name of its Service (default: outrigger[-REV])')
    .addOption(new Option('-o, --output <form>', 'form of the report').choices(['text', 'json']).default('text'));
}

export function installationOf({ namespace, revision, serviceName }: InstallationFlags): Installation {
  const suffix = revision === '' || revision === 'default' ? '' : `-${revision}`;
  return { namespace, revision, serviceName: serviceName ?? `outrigger${suffix}` };
}

/** Runs with a client of the cluster that the flags name. */
export async function withClient<Result>(
  flags: InstallationFlags,
  { variables }: Terminal,
  run: (client: ApiClient) => Promise<Result>,
): Promise<Result> {
  const client = new ApiClient(await loadCredentials(flags.kubeconfig, variables));
  try {
    return await run(client);
  } finally {
    client.close();
  }
}
