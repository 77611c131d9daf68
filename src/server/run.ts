import { relative } from 'node:path';
import { createLogger, type Logger } from './logger.ts';
import type { Terminal } from './terminal.ts';
import type { RunningServer } from './start.ts';
import type { Variables } from '../configuration/index.ts';
import { sampleReviewFile } from './warm-up.ts';

/** Signals that end the server, and their numbers. */
const signals = { SIGTERM: 15, SIGINT: 2 } as const;

/** Starts a server and waits until it is ready; the answer is undefined when `stopping` was faster. */
export type StartServer = (
  variables: Variables,
  logger: Logger,
  stopping: AbortSignal,
) => Promise<RunningServer | undefined>;

/**
 * Runs a server until a signal ends it; resolves when it has drained. A second signal ends the process at once.
 * Writes the listening line to stdout and the log to stderr.
 */
export async function runServer(start: StartServer, terminal: Terminal): Promise<void> {
  const { stdout, stderr, variables } = terminal;
  const logger = await createLogger(stderr);
  surviveBugs(logger);
  const stopping = new AbortController();
  const signalled = firstSignal().then((signal) => {
    stopping.abort();
    return signal;
  });
  const server = await start(variables, logger, stopping.signal);
  if (server === undefined) {
    logger.info({ signal: await signalled }, 'stopped before it was ready');
    return;
  }
  const { https, monitoring } = server;
  stdout.write(`${JSON.stringify({ event: 'listening', https, monitoring })}\n`);
  if (stdout.isTTY) stdout.write(tryItText(server));
  const signal = await signalled;
  logger.info({ signal }, 'draining');
  await server.stop();
  logger.info('stopped');
}

/** The first signal; any later one ends the process with the status a shell expects. */
function firstSignal(): Promise<string> {
  return new Promise((resolve) => {
    let draining = false;
    for (const [signal, number] of Object.entries(signals)) {
      process.on(signal, () => {
        if (draining) process.exit(128 + number);
        draining = true;
        resolve(signal);
      });
    }
  });
}

/**
 * A request that runs into a bug is answered where it is served. This is for what no request can be blamed for: it is
 * logged, and the server goes on, since one that is down blocks every pod of the cluster.
 */
function surviveBugs(logger: Logger): void {
  const log = (error: unknown): void => {
    logger.fatal({ err: error }, 'unexpected error, please report it');
  };
  process.on('uncaughtException', log);
  process.on('unhandledRejection', log);
}

/** A command to copy: sends the sample review that comes with Outrigger. */
function tryItText({ https, caFile }: RunningServer): string {
  const sample = here(sampleReviewFile);
  const trust = caFile === undefined ? '-k' : `--cacert ${here(caFile)}`;
  return `\nTry it:\n  curl -s ${trust} -H 'Content-Type: application/json' --data @${sample} ${https}/inject\n\n`;
}

function here(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') ? file : path;
}
