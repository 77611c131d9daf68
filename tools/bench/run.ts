import { measureInProcess } from './in-process.ts';
import { judge, type Limits, type Verdict } from './limits.ts';
import type { Loads } from './loads.ts';
import type { Measurement } from './measurement.ts';
import { podWithVariables } from './pods.ts';
import { round, toRow, type Row } from './rows.ts';
import {
  beside,
  burst,
  capacityName,
  inProcessLimits,
  inProcessName,
  inProcessSizes,
  largePods,
  overload,
  smallPods,
  startUpName,
  type Stage,
} from './scenarios.ts';
import { StageRun } from './stage-run.ts';
import { measureStartUp } from './start-up.ts';

/** What is run, and how long. */
export interface BenchmarkOptions {
  /** Length of a run. */
  readonly seconds: number;
  /** How often alternating scenarios are run. */
  readonly runs: number;
  readonly overloadSeconds: number;
  /** Whether a row is asked for. */
  readonly wanted: (name: string) => boolean;
  /** Progress. */
  readonly note: (text: string) => void;
}

/** The rows, and whether they are as they must be. */
export interface Benchmark {
  readonly rows: readonly Row[];
  readonly verdicts: readonly Verdict[];
}

/** Runs what is asked for. */
export async function runBenchmark(loads: Loads, options: BenchmarkOptions): Promise<Benchmark> {
  const { wanted, note } = options;
  const rows: Row[] = [];
  const verdicts: Verdict[] = [];
  const add = (row: Row, must: Limits = {}): void => {
    rows.push(row);
    verdicts.push(...judge(row, must));
    const figures = `${row.cpuMsPerRequest.toFixed(3)} ms CPU/request, p99 ${row.p99ms.toFixed(1)} ms`;
    note(`  ${row.name}: ${figures}, ${row.rssMb.toFixed(0)} MB`);
  };

  if (wanted(startUpName)) add(toRow(startUpName, [await measureStartUp(loads.flags)]), { rssMb: 130 });
  for (const stage of [smallPods, burst, beside, largePods]) {
    for (const { row, must } of await runStage(stage, loads, options)) add(row, must);
  }
  if (overload(1).scenarios.some(({ name }) => wanted(name))) {
    const known = rows.find(({ name }) => name === capacityName)?.requestsPerSecond;
    const capacity = known ?? (await measureCapacity(loads, options));
    for (const { row, must } of await runStage(overload(capacity), loads, options)) add(row, must);
  }
  for (const { row, must } of await runInProcess(loads, options)) add(row, must);
  return { rows, verdicts };
}

interface Judged {
  readonly row: Row;
  readonly must?: Limits;
}

/** Runs the wanted scenarios of a stage, and those that they are compared to, against a server of their own. */
async function runStage({ scenarios, alternating }: Stage, loads: Loads, options: BenchmarkOptions): Promise<Judged[]> {
  const wanted = scenarios.filter(({ name }) => options.wanted(name));
  if (wanted.length === 0) return [];
  const chosen = scenarios.filter(
    (scenario) => wanted.includes(scenario) || wanted.some(({ quiet }) => quiet === scenario.name),
  );
  const stage = await StageRun.start(loads, chosen);
  const runs = alternating ? options.runs : 1;
  for (let run = 1; run <= runs; run += 1) {
    if (runs > 1) options.note(`  run ${run} of ${runs} of ${chosen.length} loads`);
    await stage.runAll(chosen, options);
  }
  await stage.stop();
  return chosen.map((scenario) => ({ row: stage.row(scenario), must: scenario.must }));
}

/** Requests a second that the server can answer. */
async function measureCapacity(loads: Loads, options: BenchmarkOptions): Promise<number> {
  const scenarios = smallPods.scenarios.filter(({ name }) => name === capacityName);
  const [judged] = await runStage({ scenarios, alternating: false }, loads, { ...options, wanted: () => true });
  return judged?.row.requestsPerSecond ?? 0;
}

/** The injector without a server, and how its time grows with the pod. */
async function runInProcess({ inject, flags }: Loads, { wanted, seconds, runs }: BenchmarkOptions): Promise<Judged[]> {
  const sizes = inProcessSizes.filter((size) => wanted(inProcessName(size)));
  if (sizes.length === 0) return [];
  const bodies = sizes.map((size) => podWithVariables(inject[0] ?? '', size));
  const results = await measureInProcess({ bodies, flags, milliseconds: seconds * 250, runs });
  const smallest = perVariable(results[0] ?? [], sizes[0] ?? 1);
  return sizes.map((size, index) => {
    const row = toRow(inProcessName(size), results[index] ?? []);
    const growth = round(perVariable(results[index] ?? [], size) / smallest);
    return { row: { ...row, details: { timePerVariableToSmallest: growth } }, must: inProcessLimits[size] };
  });
}

const perVariable = (runs: readonly Measurement[], variables: number): number =>
  toRow('', runs).cpuMsPerRequest / variables;
