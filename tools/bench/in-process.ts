import { existsSync, readFileSync } from 'node:fs';
import { local } from './processes.ts';
import { toRow, type Row } from './rows.ts';

const warmUps = 200;
const iterations = 300;

interface Injector {
  answer(body: string, path: string): unknown;
}

/** Injects a pod with many environment variables again and again in this process, through the library entry. */
export async function measureInProcess(name: string, variables: number, flags: readonly string[]): Promise<Row> {
  const entry = local('../../dist/injection/index.js');
  if (!existsSync(entry)) throw new Error('dist/ is missing: run npm run build first');
  const { createInjector } = (await import(entry)) as {
    createInjector: (options: Record<string, unknown>) => Injector;
  };
  const injector = createInjector(await optionsOf(flags));
  const body = reviewWith(variables);
  for (let index = 0; index < warmUps; index += 1) injector.answer(body, '/inject');
  const times: number[] = [];
  const cpuBefore = process.cpuUsage();
  const begin = performance.now();
  for (let index = 0; index < iterations; index += 1) {
    const start = performance.now();
    injector.answer(body, '/inject');
    times.push(performance.now() - start);
  }
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return toRow(name, seconds, times, (user + system) / 1000, process.memoryUsage.rss() / 2 ** 20);
}

/** The options of `createInjector` for flags of `serve`; the built-in configuration for none. */
async function optionsOf(flags: readonly string[]): Promise<Record<string, unknown>> {
  const read = (flag: string): string | undefined => {
    const index = flags.indexOf(flag);
    return index < 0 ? undefined : readFileSync(flags[index + 1] ?? '', 'utf8');
  };
  const builtIn = await import('../../src/server/built-in-configuration.ts');
  const objects = read('--objects');
  return {
    config: read('--inject-config') ?? builtIn.builtInConfig().text,
    values: read('--inject-values') ?? builtIn.builtInValues().text,
    mesh: read('--mesh-config') ?? builtIn.builtInMesh().text,
    objects: objects === undefined ? [] : [objects],
  };
}

function reviewWith(variables: number): string {
  const review = JSON.parse(readFileSync(local('../../examples/review.json'), 'utf8')) as {
    request: { object: { spec: { containers: { env: { name: string; value: string }[] }[] } } };
  };
  const env = Array.from({ length: variables }, (_, index) => ({ name: `VARIABLE_${index}`, value: `value ${index}` }));
  for (const container of review.request.object.spec.containers) container.env = env;
  return JSON.stringify(review);
}
