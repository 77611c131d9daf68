import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** Whether server and client can have a core each. */
export const canPin = availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;

const serverCore = 0;
const clientCore = 1;

/** A server process. */
export interface ServerProcess {
  readonly https: string;
  /** Undefined for the floor, which has none. */
  readonly monitoring?: string;
  readonly pid: number;
  /** From its start to the listening line, in ms. */
  readonly startedAfter: number;
  /** Its log, where it was asked for. */
  readonly stderr: Readable | null;
  /** How it ended: `code 0`, or another code or signal. */
  readonly ended: Promise<string>;
  /** Asks it to end; resolves when it has. */
  readonly stop: () => Promise<string>;
}

/** What becomes of the stderr of a process. */
type Stderr = 'ignore' | 'inherit' | 'pipe';

/** Runs a script of ours with this Node on a core of its own. */
export function spawnPinned(
  core: 'server' | 'client',
  script: string,
  args: readonly string[],
  stderr: Stderr = 'inherit',
): ChildProcess {
  const command = [process.execPath, script, ...args];
  const pinned = canPin ? ['taskset', '-c', String(core === 'server' ? serverCore : clientCore), ...command] : command;
  return spawn(pinned[0] ?? '', pinned.slice(1), { stdio: ['pipe', 'pipe', stderr] });
}

/** Starts the built server. */
export function startServer(flags: readonly string[], stderr: Stderr = 'ignore'): Promise<ServerProcess> {
  const entry = local('../../dist/cli/main.js');
  if (!existsSync(entry)) throw new Error('dist/ is missing: run npm run build first');
  return started(
    spawnPinned('server', entry, ['serve', '--standalone', '--port', '0', '--monitoring-port', '0', ...flags], stderr),
  );
}

/** Starts the server that shows what Node itself takes: it parses the body and answers a fixed text. */
export function startFloor(): Promise<ServerProcess> {
  return started(spawnPinned('server', local('floor-server.ts'), []));
}

async function started(child: ChildProcess): Promise<ServerProcess> {
  const begin = performance.now();
  const { stdout, stderr, pid } = child;
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code: number | null, signal: string | null) => {
      resolve(signal === null ? `code ${code}` : `signal ${signal}`);
    });
  });
  if (stdout === null || pid === undefined) throw new Error('the server could not be started');
  for await (const line of createInterface({ input: stdout })) {
    if (!line.startsWith('{')) continue;
    const { https, monitoring } = JSON.parse(line) as { https: string; monitoring?: string };
    const stop = (): Promise<string> => {
      child.kill('SIGTERM');
      return ended;
    };
    return { https, monitoring, pid, startedAfter: performance.now() - begin, stderr, ended, stop };
  }
  throw new Error('the server ended before it listened');
}

/** Path of a file beside this one. */
export function local(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

const ticksPerSecond = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100;

/** CPU time that a process has used, user and system, in ms. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** Resident memory of a process in MB. */
export function rssMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
