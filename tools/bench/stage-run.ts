import { ClientProcess } from './client-process.ts';
import type { Loads } from './loads.ts';
import { median, type Measurement } from './measurement.ts';
import { startFloor, startServer, type ServerProcess } from './processes.ts';
import { round, toRow, type Row } from './rows.ts';
import { floorName, mixed, type Scenario } from './scenarios.ts';
import type { Task } from './task.ts';

/** Until the code of a new server is compiled, in ms. */
const coldWarmUp = 2000;
/** Before each run, until its connections are open and what only it uses is compiled, in ms. */
const warmUp = 500;

/** Numbers that a run has for its pods: pods of different runs have none in common. */
const numbersPerRun = 1_000_000;

/** How long runs take, in seconds. */
export interface Lengths {
  readonly seconds: number;
  readonly overloadSeconds: number;
}

/** The processes of a stage, and what was measured. */
export class StageRun {
  readonly #loads: Loads;
  readonly #client = new ClientProcess();
  readonly #server: ServerProcess;
  readonly #floor: ServerProcess | undefined;
  readonly #results = new Map<string, Measurement[]>();
  #runs = 0;

  private constructor(loads: Loads, server: ServerProcess, floor: ServerProcess | undefined) {
    this.#loads = loads;
    this.#server = server;
    this.#floor = floor;
  }

  /** Starts the servers that the scenarios need, and warms them. */
  static async start(loads: Loads, scenarios: readonly Scenario[]): Promise<StageRun> {
    const floor = scenarios.some(({ server }) => server === 'floor') ? await startFloor() : undefined;
    const stage = new StageRun(loads, await startServer(loads.flags), floor);
    for (const server of [stage.#server, stage.#floor]) {
      if (server === undefined) continue;
      const pattern = { kind: 'closed', connections: 8 } as const;
      await stage.#client.run({ ...stage.#task(server, 0, coldWarmUp), requests: mixed(loads), pattern });
    }
    return stage;
  }

  /** Runs each scenario once. */
  async runAll(scenarios: readonly Scenario[], lengths: Lengths): Promise<void> {
    for (const scenario of scenarios) {
      const results = this.#results.get(scenario.name) ?? [];
      results.push(await this.#runOne(scenario, lengths));
      this.#results.set(scenario.name, results);
    }
  }

  /** What was measured of a scenario. */
  row({ name, quiet }: Scenario): Row {
    const row = toRow(name, this.#results.get(name) ?? [], this.#results.get(floorName));
    if (quiet === undefined) return row;
    const quietRuns = this.#results.get(quiet) ?? [];
    const ratios = quietRuns.map(({ p99ms }, run) => (this.#results.get(name)?.[run]?.p99ms ?? NaN) / p99ms);
    return { ...row, details: { ...row.details, p99ToQuiet: round(median(ratios)) } };
  }

  async stop(): Promise<void> {
    this.#client.stop();
    await Promise.all([this.#server.stop(), this.#floor?.stop()]);
  }

  #runOne({ pattern, requests, beside, server, length = 1 }: Scenario, lengths: Lengths): Promise<Measurement> {
    const target = server === 'floor' && this.#floor !== undefined ? this.#floor : this.#server;
    const seconds = pattern.kind === 'overload' ? lengths.overloadSeconds : lengths.seconds * length;
    return this.#client.run({
      ...this.#task(target, seconds, warmUp),
      pattern,
      requests: requests(this.#loads),
      beside: beside?.(this.#loads),
    });
  }

  #task({ https, pid }: ServerProcess, seconds: number, warmUpMs: number): Omit<Task, 'pattern' | 'requests'> {
    this.#runs += 1;
    return { url: https, pid, seconds, warmUpMs, start: this.#runs * numbersPerRun };
  }
}
