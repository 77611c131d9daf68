import { summarise, type Failures, type Measurement } from './measurement.ts';
import { cpuMs, rssMb } from './processes.ts';

/** What a load gives of itself. */
export interface Result {
  readonly latenciesMs: readonly number[];
  readonly failures: Failures;
  readonly details?: Readonly<Record<string, number>>;
}

/** Runs a load and looks at the server process and at this one meanwhile. */
export async function measured(pid: number, run: () => Promise<Result>): Promise<Measurement> {
  const cpuBefore = cpuMs(pid);
  const ownBefore = process.cpuUsage();
  const begin = performance.now();
  const { latenciesMs, failures, details } = await run();
  const seconds = (performance.now() - begin) / 1000;
  const own = process.cpuUsage(ownBefore);
  return {
    ...summarise(latenciesMs),
    seconds,
    cpuMs: cpuMs(pid) - cpuBefore,
    rssMb: rssMb(pid),
    failures,
    clientCpu: (own.user + own.system) / 1e6 / seconds,
    details,
  };
}
