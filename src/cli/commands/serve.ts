import { Command } from 'commander';
import { addClusterFlags, clusterOptionsOf, type ClusterFlags } from '../cluster-flags.ts';
import { UsageError } from '../exit.ts';
import { addConfigurationFlags, examples, parsePort, type ConfigurationFlags } from '../flags.ts';
import type { Terminal } from '../../server/terminal.ts';

interface ServeFlags extends ConfigurationFlags, ClusterFlags {
  readonly standalone: boolean;
  readonly address?: string;
  readonly port: number;
  readonly monitoringPort: number;
  readonly explain?: boolean;
  readonly auditAnnotations?: boolean;
}

/** `outrigger serve`: the webhook server. */
export function serveCommand(terminal: Terminal): Command {
  const command = new Command('serve')
    .description('Serve the admission webhooks over HTTPS.')
    .option('--standalone', 'no API server: the files given stand in for the cluster', false);
  addConfigurationFlags(command)
    .option('--address <address>', 'where both ports listen (default: 0.0.0.0, with --standalone 127.0.0.1)')
    .option('--port <port>', 'HTTPS port; 0 takes a free one', parsePort, 15017)
    .option(
      '--monitoring-port <port>',
      'HTTP port of /metrics, /healthz and /readyz; 0 takes a free one',
      parsePort,
      15014,
    )
    .option(
      '--tls-cert-file <file>',
      'serving certificate, PEM, with its chain (default: made at first start; with --standalone in certs/)',
    )
    .option('--tls-private-key-file <file>', 'its private key, PEM')
    .option(
      '--explain',
      'answer POST /explain on the monitoring port; it shows configuration (default: with --standalone)',
    )
    .option('--no-explain', 'do not')
    .option('--audit-annotations', 'tell the audit log reason, templates and configuration (default: in a cluster)')
    .option('--no-audit-annotations', 'do not');
  return addClusterFlags(command)
    .addHelpText(
      'after',
      examples(
        'outrigger serve',
        'outrigger serve --kubeconfig ~/.kube/config --namespace istio-system --revision canary',
        'outrigger serve --standalone',
        'outrigger serve --standalone --inject-config config.yaml --inject-values values.yaml --mesh-config mesh.yaml',
        'outrigger serve --standalone --objects namespaces.yaml --objects cluster/ --port 0 --monitoring-port 0',
      ),
    )
    .action((flags: ServeFlags) => serve(flags, terminal));
}

async function serve(flags: ServeFlags, terminal: Terminal): Promise<void> {
  if ((flags.tlsCertFile === undefined) !== (flags.tlsPrivateKeyFile === undefined)) {
    throw new UsageError('--tls-cert-file and --tls-private-key-file must be given together');
  }
  const { runServer } = await import('../../server/run.ts');
  if (flags.standalone) {
    const { startServer } = await import('../../server/start.ts');
    const options = { ...flags, address: flags.address ?? '127.0.0.1' };
    await runServer((variables, logger) => startServer(options, variables, logger), terminal);
    return;
  }
  refuseFiles(flags);
  const { startClusterServer } = await import('../../server/start-cluster.ts');
  const { explain, auditAnnotations } = flags;
  const options = { ...clusterOptionsOf(flags), address: flags.address ?? '0.0.0.0', explain, auditAnnotations };
  await runServer((...given) => startClusterServer(options, ...given), terminal);
}

/** In a cluster, the configuration comes from the API server. */
function refuseFiles({ injectConfig, injectValues, meshConfig, objects }: ServeFlags): void {
  const given = Object.entries({
    '--inject-config': injectConfig,
    '--inject-values': injectValues,
    '--mesh-config': meshConfig,
    '--objects': objects[0],
  }).find(([, value]) => value !== undefined);
  if (given !== undefined) {
    throw new UsageError(`${given[0]} needs --standalone: in a cluster the configuration comes from ConfigMaps`);
  }
}
