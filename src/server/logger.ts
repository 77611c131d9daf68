import { pino, type DestinationStream, type Logger } from 'pino';
import type { Screen } from './terminal.ts';
import { maxLoggedErrorLength } from './limits.ts';

export type { Logger };

/** The log, which goes to stderr: JSON lines, or coloured lines when a person reads them on a terminal. */
export async function createLogger(screen: Screen): Promise<Logger> {
  const stream = screen.isTTY === true ? await prettyStream(screen) : plainStream(screen);
  return pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}

/** Straight to the file descriptor where it can: a log line a request is worth it. */
function plainStream(screen: Screen): DestinationStream {
  return screen === process.stderr ? pino.destination({ dest: 2, sync: true }) : screen;
}

/** In this thread: a transport in a worker would lose the last lines when the process ends. */
async function prettyStream(screen: Screen): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    destination: screen,
    colorize: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname',
  });
}

/** An error text as it may stand in a log line. */
export function shorten(text: string): string {
  return text.length <= maxLoggedErrorLength ? text : `${text.slice(0, maxLoggedErrorLength)}…`;
}
