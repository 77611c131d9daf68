import { Command, InvalidArgumentError } from 'commander';
import type { Address } from '../examination/services.ts';
import { examples } from '../flags.ts';
import type { Terminal } from '../../server/terminal.ts';
import {
  addInstallationFlags,
  installationOf,
  withClient,
  type InstallationFlags,
} from '../examination/installation-flags.ts';

interface DoctorFlags extends InstallationFlags {
  readonly connect?: Address;
}

/** There is something to do. */
class ProblemsError extends Error {
  override readonly name = 'ProblemsError';
}

/** `outrigger doctor`: what is wrong with an installation. */
export function doctorCommand(terminal: Terminal): Command {
  const command = new Command('doctor').description(
    'Examine an installation: services, certificates, webhook configurations, selectors and permissions.',
  );
  return addInstallationFlags(command)
    .option(
      '--connect <host:port>',
      'where its service can be reached from here, a forwarded port for example',
      parseAddress,
    )
    .addHelpText(
      'after',
      examples(
        'outrigger doctor',
        'outrigger doctor --revision canary --output json',
        'kubectl port-forward -n istio-system service/outrigger 8443:443 & outrigger doctor --connect 127.0.0.1:8443',
      ),
    )
    .action((flags: DoctorFlags) => examine(flags, terminal));
}

async function examine(flags: DoctorFlags, terminal: Terminal): Promise<void> {
  const { collectFacts } = await import('../examination/collect.ts');
  const { diagnose, finding, hasProblems } = await import('../../doctor/index.ts');
  const { colorsOf, findingsTable, summaryOf } = await import('../examination/report.ts');
  const { facts, permissionsUnknown } = await withClient(flags, terminal, (client) =>
    collectFacts(client, installationOf(flags), flags.connect),
  );
  const unknown =
    permissionsUnknown === undefined
      ? []
      : [finding('PERMISSIONS_UNKNOWN', 'ServiceAccount', { reason: permissionsUnknown })];
  const findings = [...diagnose(facts), ...unknown];
  const { stdout } = terminal;
  if (flags.output === 'json') stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else stdout.write(findingsTable(findings, colorsOf(stdout)));
  if (hasProblems(findings)) throw new ProblemsError(summaryOf(findings));
  if (flags.output === 'text') stdout.write(`No problems: ${summaryOf(findings)}.\n`);
}

function parseAddress(text: string): Address {
  const [, host = '', port = ''] = /^\[?([^\]]+)\]?:(\d{1,5})$/.exec(text) ?? [];
  if (host === '' || Number(port) > 65_535) throw new InvalidArgumentError('An address is HOST:PORT.');
  return { host, port: Number(port) };
}
