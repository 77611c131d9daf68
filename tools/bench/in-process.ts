/**
 * The injector alone, through the library entry, in a process of its own: reads a task from stdin and writes what it
 * measured to stdout.
 */
import { existsSync, readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import type { createInjector } from '../../src/injection/index.ts';
import * as builtIn from '../../src/server/built-in-configuration.ts';
import { summarise, type Measurement } from './measurement.ts';
import { local, spawnPinned } from './processes.ts';

/** Bodies that are injected in turn, each for as long. */
export interface InProcessTask {
  readonly bodies: readonly string[];
  /** Flags of `serve` with the configuration; the built-in one for none. */
  readonly flags: readonly string[];
  /** For each body and run. */
  readonly milliseconds: number;
  readonly runs: number;
}

const warmUps = 30;

/** Runs a task in a process of its own; the measurements of each body. */
export async function measureInProcess(task: InProcessTask): Promise<Measurement[][]> {
  const child = spawnPinned('server', local('in-process.ts'), []);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the process could not be started');
  stdin.end(JSON.stringify(task));
  const answer = await readAll(stdout);
  if (answer === '') throw new Error('the injection in a process of its own failed');
  return JSON.parse(answer) as Measurement[][];
}

/** The options of `createInjector` for flags of `serve`. */
export function injectorOptions(flags: readonly string[]): Parameters<typeof createInjector>[0] {
  const read = (flag: string): string | undefined => {
    const index = flags.indexOf(flag);
    return index < 0 ? undefined : readFileSync(flags[index + 1] ?? '', 'utf8');
  };
  const objects = read('--objects');
  return {
    config: read('--inject-config') ?? builtIn.builtInConfig().text,
    values: read('--inject-values') ?? builtIn.builtInValues().text,
    mesh: read('--mesh-config') ?? builtIn.builtInMesh().text,
    objects: objects === undefined ? [] : [objects],
  };
}

/** The built library, as other programs load it. */
export async function loadLibrary<Module>(name: 'injection' | 'validation'): Promise<Module> {
  const entry = local(`../../dist/${name}/index.js`);
  if (!existsSync(entry)) throw new Error('dist/ is missing: run npm run build first');
  return (await import(pathToFileURL(entry).href)) as Module;
}

async function runTask({ bodies, flags, milliseconds, runs }: InProcessTask): Promise<Measurement[][]> {
  const library = await loadLibrary<{ createInjector: typeof createInjector }>('injection');
  const injector = library.createInjector(injectorOptions(flags));
  const inject = (body: string): void => {
    injector.answer(body, '/inject');
  };
  for (const body of bodies) for (let round = 0; round < warmUps; round += 1) inject(body);
  const results: Measurement[][] = bodies.map(() => []);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, body] of bodies.entries())
      results[index]?.push(
        measure(() => {
          inject(body);
        }, milliseconds),
      );
  }
  return results;
}

function measure(inject: () => void, milliseconds: number): Measurement {
  const times: number[] = [];
  const cpuBefore = process.cpuUsage();
  const begin = performance.now();
  for (let now = begin; now < begin + milliseconds;) {
    const start = now;
    inject();
    now = performance.now();
    times.push(now - start);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    ...summarise(times),
    seconds: (performance.now() - begin) / 1000,
    cpuMs: (user + system) / 1000,
    rssMb: process.memoryUsage.rss() / 2 ** 20,
    failures: {},
    clientCpu: 0,
  };
}

if (import.meta.main)
  process.stdout.write(JSON.stringify(await runTask(JSON.parse(await readAll(process.stdin)) as InProcessTask)));
