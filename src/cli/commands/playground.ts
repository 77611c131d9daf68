import { Command } from 'commander';
import { addConfigurationFlags, examples, parsePort, type ConfigurationFlags } from '../flags.ts';
import type { Terminal } from '../../server/terminal.ts';

interface PlaygroundFlags extends ConfigurationFlags {
  readonly address: string;
  readonly port: number;
}

/** `outrigger playground`: a page to try pods, values and templates. */
export function playgroundCommand(terminal: Terminal): Command {
  const command = new Command('playground').description(
    'Serve a web page to try pods, values and templates: the injected pod as a diff, the trace, and where each line comes from.',
  );
  return addConfigurationFlags(command)
    .option('--address <address>', 'where it listens; whoever reaches it sees the configuration', '127.0.0.1')
    .option('--port <port>', 'HTTP port; 0 takes a free one', parsePort, 15016)
    .addHelpText(
      'after',
      examples(
        'outrigger playground',
        'outrigger playground --inject-config config.yaml --inject-values values.yaml --mesh-config mesh.yaml',
      ),
    )
    .action(async (flags: PlaygroundFlags) => {
      const { runPlayground } = await import('../../server/run-playground.ts');
      await runPlayground(flags, terminal);
    });
}
