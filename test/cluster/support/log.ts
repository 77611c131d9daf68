import { pino, type Logger } from 'pino';

/** A real logger whose lines a test can read: `LEVEL message`. */
export function recordingLog(): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const stream = {
    write: (line: string) => {
      const { level, msg } = JSON.parse(line) as { level: number; msg: string };
      lines.push(`${pino.levels.labels[level] ?? ''} ${msg}`);
    },
  };
  return { log: pino({ level: 'debug' }, stream), lines };
}
