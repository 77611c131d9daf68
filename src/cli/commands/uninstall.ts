import { Command } from 'commander';
import { UsageError } from '../exit.ts';
import { examples } from '../flags.ts';
import type { Terminal } from '../../server/terminal.ts';
import {
  addInstallationFlags,
  installationOf,
  withClient,
  type InstallationFlags,
} from '../examination/installation-flags.ts';

interface UninstallFlags extends InstallationFlags {
  readonly plan: boolean;
}

/** `outrigger uninstall --plan`: how to remove an installation. It never removes anything itself. */
export function uninstallCommand(terminal: Terminal): Command {
  const command = new Command('uninstall').description(
    'Show how to remove an installation: what, in which order, and what still depends on it. Removes nothing.',
  );
  return addInstallationFlags(command.option('--plan', 'show the plan; the only thing that this command does', false))
    .addHelpText(
      'after',
      examples('outrigger uninstall --plan', 'outrigger uninstall --plan --revision canary -o json'),
    )
    .action((flags: UninstallFlags) => plan(flags, terminal));
}

async function plan(flags: UninstallFlags, terminal: Terminal): Promise<void> {
  if (!flags.plan)
    throw new UsageError('this command removes nothing itself: add --plan, and run the commands it shows');
  const { collectRemovalFacts } = await import('../examination/removal-facts.ts');
  const { planRemoval } = await import('../../doctor/index.ts');
  const { colorsOf, removalText } = await import('../examination/report.ts');
  const facts = await withClient(flags, terminal, (client) => collectRemovalFacts(client, installationOf(flags)));
  const removal = planRemoval(facts);
  const { stdout } = terminal;
  stdout.write(
    flags.output === 'json' ? `${JSON.stringify(removal, null, 2)}\n` : removalText(removal, colorsOf(stdout)),
  );
}
