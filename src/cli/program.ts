import { readFileSync } from 'node:fs';
import { Command, CommanderError, type HelpConfiguration } from 'commander';
import pc from 'picocolors';
import { injectCommand } from './commands/inject.ts';
import { serveCommand } from './commands/serve.ts';
import { exitCodes, UsageError } from './exit.ts';

/**
 * Runs the command line and gives the exit code: 0 fine, 1 findings or refused input, 2 wrong usage.
 * @param args the arguments after the program's name
 */
export async function runCli(args: readonly string[]): Promise<number> {
  process.stdout.on('error', endQuietlyWhenPipeCloses);
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    // Commander has written its own message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    process.stderr.write(`${stderrColors().red('Error:')} ${messageOf(error)}\n`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.refused;
  }
}

/** A bug shows its stack, what the user got wrong only its sentence. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.constructor === Error || error instanceof TypeError || error instanceof RangeError
    ? (error.stack ?? error.message)
    : error.message;
}

/** `outrigger inject … | head` is no error. */
function endQuietlyWhenPipeCloses(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok);
  throw error;
}

function createProgram(): Command {
  const program = new Command('outrigger')
    .description(
      'Sidecar injection and Istio configuration admission for Kubernetes, drop-in compatible with Istio 1.30.',
    )
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText(
      'after',
      () =>
        `\n${styles.styleTitle?.('Examples:') ?? ''}\n  outrigger serve --standalone\n  outrigger inject -f deployment.yaml | kubectl apply -f -\n`,
    )
    .configureHelp(styles)
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/^error:/, `${stderrColors().red('Error')}:`));
      },
    })
    .showHelpAfterError('(see --help)')
    .exitOverride();
  for (const command of [serveCommand(), injectCommand()]) program.addCommand(command.copyInheritedSettings(program));
  return program;
}

/** Colours only where somebody sees them; commander strips them when the output is no terminal. */
const styles: HelpConfiguration = {
  styleTitle: (title) => pc.bold(title),
  styleCommandText: (text) => pc.cyan(text),
  styleOptionTerm: (term) => pc.cyan(term),
};

function stderrColors(): ReturnType<typeof pc.createColors> {
  return pc.createColors(pc.isColorSupported && process.stderr.isTTY);
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
