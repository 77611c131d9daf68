/** The server that is fuzzed: a process of its own, whose log and memory are watched. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { rssMb } from '../bench/processes.ts';
import { environment } from './core.ts';

/** Signs of a bug in the log, whatever was sent. */
const bugs = ['"level":"fatal"', '"reason":"crash"', 'unhandledRejection', 'internal error'];

/** A server, and what became of it. */
export interface FuzzedServer {
  readonly https: string;
  readonly monitoring: string;
  readonly pid: number;
  /** Most resident memory seen, in MB. */
  readonly peakMb: () => number;
  /** Lines of the log that are signs of a bug. */
  readonly complaints: readonly string[];
  /** Set when it ended before it was asked to. */
  readonly hasEnded: () => boolean;
  /** Called for each log line. */
  readonly listeners: Set<(line: string) => void>;
  /** Asks it to end; how it ended. */
  readonly stop: () => Promise<string>;
}

const built = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const source = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/**
 * Starts a server in standalone mode.
 * @param fromSource runs the TypeScript sources, not the build
 */
export async function startFuzzed(flags: readonly string[], fromSource = false): Promise<FuzzedServer> {
  if (!fromSource && !existsSync(built)) throw new Error('dist/ is missing: run npm run build first');
  const args = ['serve', '--standalone', '--port', '0', '--monitoring-port', '0', ...flags];
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...environment };
  const child = spawn(process.execPath, [fromSource ? source : built, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  const complaints: string[] = [];
  const listeners = new Set<(line: string) => void>();
  readLines(child.stderr, (line) => {
    // What is no log line comes from Node itself.
    const isComplaint = !line.startsWith('{') || bugs.some((bug) => line.includes(bug));
    if (isComplaint && complaints.length < 20) complaints.push(line.slice(0, 2000));
    for (const listener of listeners) listener(line);
  });
  let hasEnded = false;
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      hasEnded = true;
      resolve(signal === null ? `code ${String(code)}` : `signal ${signal}`);
    });
  });
  const first = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then((how) => {
      reject(new Error(`the server ended before it listened: ${how} ${complaints.join(' ')}`));
    });
  });
  const pid = child.pid ?? 0;
  let peak = 0;
  const sampling = setInterval(() => {
    if (!hasEnded) peak = Math.max(peak, rssMb(pid));
  }, 500);
  return {
    ...(JSON.parse(first) as { https: string; monitoring: string }),
    pid,
    peakMb: () => peak,
    complaints,
    hasEnded: () => hasEnded,
    listeners,
    stop: () => {
      clearInterval(sampling);
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Calls back for each line; node:readline would also end lines at U+2028, which log lines quote. */
function readLines(stream: Readable, listener: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(listener);
  });
}
