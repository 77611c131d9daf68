import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import type { Findings } from './findings.ts';

/** What the server's log said, as far as the soak counts it. */
export interface LogCounts {
  lines: number;
  configurationsTaken: number;
  configurationsRefused: number;
  certificatesTaken: number;
  certificatesRefused: number;
}

/** Messages that are counted. */
const counted: readonly (readonly [text: string, count: keyof LogCounts])[] = [
  ['configuration loaded', 'configurationsTaken'],
  ['configuration change refused', 'configurationsRefused'],
  ['serving certificate replaced', 'certificatesTaken'],
  ['serving certificate not replaced', 'certificatesRefused'],
];

/** Signs of a bug, whatever a client sends. */
const bugs = ['"level":"fatal"', '"reason":"crash"', '"reason":"internal-error"', 'unhandledRejection'];

/** Reads the log of a server until it ends. */
export function watchLog(stderr: Readable, findings: Findings): LogCounts {
  const counts: LogCounts = {
    lines: 0,
    configurationsTaken: 0,
    configurationsRefused: 0,
    certificatesTaken: 0,
    certificatesRefused: 0,
  };
  createInterface({ input: stderr }).on('line', (line) => {
    counts.lines += 1;
    for (const [text, count] of counted) if (line.includes(text)) counts[count] += 1;
    // What is no log line comes from Node itself: a warning, or the end of the process.
    if (!line.startsWith('{') || bugs.some((bug) => line.includes(bug))) findings.add('server-error', line);
  });
  return counts;
}
