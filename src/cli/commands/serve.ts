import { Command } from 'commander';
import { UsageError } from '../exit.ts';
import { addConfigurationFlags, examples, parsePort, type ConfigurationFlags } from '../flags.ts';
import type { Terminal } from '../../server/terminal.ts';

interface ServeFlags extends ConfigurationFlags {
  readonly standalone: boolean;
  readonly address?: string;
  readonly port: number;
  readonly monitoringPort: number;
  readonly tlsCertFile?: string;
  readonly tlsPrivateKeyFile?: string;
}

/** `outrigger serve`: the webhook server. */
export function serveCommand(terminal: Terminal): Command {
  const command = new Command('serve')
    .description('Serve the admission webhooks over HTTPS.')
    .option('--standalone', 'no API server: the files below stand in for the cluster', false);
  return addConfigurationFlags(command)
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
      'serving certificate, PEM, with its chain (default: made at first start, in certs/)',
    )
    .option('--tls-private-key-file <file>', 'its private key, PEM')
    .addHelpText(
      'after',
      examples(
        'outrigger serve --standalone',
        'outrigger serve --standalone --inject-config config.yaml --inject-values values.yaml --mesh-config mesh.yaml',
        'outrigger serve --standalone --objects namespaces.yaml --objects cluster/ --port 0 --monitoring-port 0',
      ),
    )
    .action((flags: ServeFlags) => serve(flags, terminal));
}

async function serve(flags: ServeFlags, terminal: Terminal): Promise<void> {
  if (!flags.standalone) {
    throw new UsageError(
      'serving from an API server is not available yet: add --standalone and give the configuration as files',
    );
  }
  if ((flags.tlsCertFile === undefined) !== (flags.tlsPrivateKeyFile === undefined)) {
    throw new UsageError('--tls-cert-file and --tls-private-key-file must be given together');
  }
  const { runServer } = await import('../../server/run.ts');
  await runServer({ ...flags, address: flags.address ?? '127.0.0.1' }, terminal);
}
