import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { auditCommand } from './commands/audit.ts';
import { certsCommand } from './commands/certs.ts';
import { diffCommand } from './commands/diff.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { injectCommand } from './commands/inject.ts';
import { lintCommand } from './commands/lint.ts';
import { playgroundCommand } from './commands/playground.ts';
import { serveCommand } from './commands/serve.ts';
import { testCommand } from './commands/test.ts';
import { uninstallCommand } from './commands/uninstall.ts';
import { validateCommand } from './commands/validate.ts';
import { exitCodes, UsageError } from './exit.ts';
import { examples } from './flags.ts';
import type { Screen, Terminal } from '../server/terminal.ts';

/**
 * Runs the command line and gives the exit code: 0 fine, 1 findings or refused input, 2 wrong usage.
 * @param args the arguments after the program's name
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    // Commander has written its own message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    terminal.stderr.write(`${colorsOf(terminal.stderr).red('Error:')} ${messageOf(error)}\n`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.refused;
  }
}

/** A bug shows its stack, what the user got wrong only its sentence. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isBug = error.name === 'Error' || error instanceof TypeError || error instanceof RangeError;
  return isBug ? (error.stack ?? error.message) : error.message;
}

function createProgram(terminal: Terminal): Command {
  const { stdout, stderr } = terminal;
  const paint = colorsOf(stdout);
  const program = new Command('outrigger')
    .description(
      'Sidecar injection and Istio configuration admission for Kubernetes, drop-in compatible with Istio 1.30.',
    )
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText(
      'after',
      examples('outrigger serve --standalone', 'outrigger inject -f deployment.yaml | kubectl apply -f -'),
    )
    .configureHelp({
      styleTitle: (title) => paint.bold(title),
      styleCommandText: (text) => paint.cyan(text),
      styleOptionTerm: (term) => paint.cyan(term),
    })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHasColors: () => isColored(stdout),
      getErrHasColors: () => isColored(stderr),
      outputError: (text, write) => {
        write(text.replace(/^error:/, colorsOf(stderr).red('Error:')));
      },
    })
    .showHelpAfterError('(see --help)')
    .exitOverride();
  for (const command of commandsOf(terminal)) {
    program.addCommand(command.copyInheritedSettings(program));
    for (const part of command.commands) part.copyInheritedSettings(command);
  }
  return program;
}

function commandsOf(terminal: Terminal): Command[] {
  const commands = [
    serveCommand,
    injectCommand,
    explainCommand,
    validateCommand,
    lintCommand,
    testCommand,
    playgroundCommand,
    certsCommand,
    diffCommand,
    auditCommand,
    doctorCommand,
    uninstallCommand,
  ];
  return commands.map((create) => create(terminal));
}

/** Colours only where somebody sees them, and not where `NO_COLOR` forbids them. */
function isColored(screen: Screen): boolean {
  return screen.isTTY === true && pc.isColorSupported;
}

function colorsOf(screen: Screen): ReturnType<typeof pc.createColors> {
  return pc.createColors(isColored(screen));
}

function packageVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
