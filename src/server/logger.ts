import { pino, type DestinationStream, type Logger } from 'pino';
import { maxLoggedErrorLength } from './limits.ts';

export type { Logger };

/** The log on stderr: JSON lines, or coloured lines when a person reads them on a terminal. */
export async function createLogger(level = 'info'): Promise<Logger> {
  const stream = process.stderr.isTTY ? await prettyStream() : pino.destination({ dest: 2, sync: true });
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}

/** In this thread: a transport in a worker would lose the last lines when the process ends. */
async function prettyStream(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    destination: 2,
    sync: true,
    colorize: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname',
  });
}

/** An error text as it may stand in a log line. */
export function shorten(text: string): string {
  return text.length <= maxLoggedErrorLength ? text : `${text.slice(0, maxLoggedErrorLength)}…`;
}
