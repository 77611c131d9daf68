import { pino, type DestinationStream, type Logger } from 'pino';
import { maxLoggedErrorLength } from './limits.ts';
import { LogBuffer } from './log-buffer.ts';
import type { Screen } from './terminal.ts';

export type { Logger };

/** The log, which goes to stderr: JSON lines, or coloured lines when a person reads them on a terminal. */
export async function createLogger(screen: Screen): Promise<Logger> {
  const stream = screen.isTTY === true ? await prettyStream(screen) : plainStream(screen);
  return pino(
    {
      base: null,
      timestamp,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}

/** To the file descriptor where it can, some lines at a time; the last ones when the process ends. */
function plainStream(screen: Screen): DestinationStream {
  if (screen !== process.stderr) return screen;
  const buffer = new LogBuffer(process.stderr.fd);
  process.on('exit', () => {
    buffer.flushSync();
  });
  return buffer;
}

let second = 0;
let upToSecond = '';

/** The member `time` of a line. Formatting a date takes as long as the rest of a line, so that up to the second is kept. */
function timestamp(): string {
  const now = Date.now();
  if (Math.floor(now / 1000) !== second) {
    second = Math.floor(now / 1000);
    upToSecond = new Date(second * 1000).toISOString().slice(0, 20);
  }
  return `,"time":"${upToSecond}${String(now % 1000).padStart(3, '0')}Z"`;
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

/** A text as it may stand in a log line: an error quotes what was sent, and names may be as long as a request. */
export function shorten(text: string): string {
  return text.length <= maxLoggedErrorLength ? text : `${text.slice(0, maxLoggedErrorLength)}…`;
}

/** A list as it may stand in a log line: nothing when it is empty, and not more than twenty texts: a pod may ask for thousands of templates. */
export function shortenList(texts: readonly string[]): string[] | undefined {
  return texts.length === 0 ? undefined : texts.slice(0, 20).map(shorten);
}
