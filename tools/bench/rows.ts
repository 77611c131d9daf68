import { median, totalFailures, type Failures, type Measurement } from './measurement.ts';

/** One line of the result, as `--json` writes it. */
export interface Row {
  readonly name: string;
  /** Of all runs together. */
  readonly requests: number;
  readonly seconds: number;
  /** This and what follows: the median of the runs. */
  readonly requestsPerSecond: number;
  readonly p50ms: number;
  readonly p99ms: number;
  /** CPU time of the server process, user and system, all threads, in ms. */
  readonly cpuMsPerRequest: number;
  /** Resident memory of the server process at the end, in MB. */
  readonly rssMb: number;
  readonly runs: number;
  /** CPU per request in units of the floor's of the same run. */
  readonly floorRatio?: number;
  /** Requests that were not answered with status 200. */
  readonly failures: number;
  /** What they got. */
  readonly reasons?: Failures;
  /** The part of a core that the client took. */
  readonly clientCpu: number;
  readonly details?: Readonly<Record<string, number>>;
}

const cpuPerRequest = ({ cpuMs, requests }: Measurement): number => cpuMs / Math.max(1, requests);

/**
 * Makes a row of the runs of a load.
 * @param floors the runs of the floor beside them, in the same order
 */
export function toRow(name: string, runs: readonly Measurement[], floors: readonly Measurement[] = []): Row {
  const middle = (read: (run: Measurement) => number): number => round(median(runs.map(read)));
  const sum = (read: (run: Measurement) => number): number => runs.reduce((total, run) => total + read(run), 0);
  const ratios = runs.flatMap((run, index) => {
    const floor = floors[index];
    return floor === undefined ? [] : [cpuPerRequest(run) / cpuPerRequest(floor)];
  });
  return {
    name,
    requests: sum((run) => run.requests),
    seconds: round(sum((run) => run.seconds)),
    requestsPerSecond: middle((run) => run.requests / run.seconds),
    p50ms: middle((run) => run.p50ms),
    p99ms: middle((run) => run.p99ms),
    cpuMsPerRequest: middle(cpuPerRequest),
    rssMb: middle((run) => run.rssMb),
    runs: runs.length,
    ...(ratios.length > 0 && { floorRatio: round(median(ratios)) }),
    failures: sum((run) => totalFailures(run.failures)),
    clientCpu: middle((run) => run.clientCpu),
    ...reasonsOf(runs),
    ...detailsOf(runs),
  };
}

function reasonsOf(runs: readonly Measurement[]): Pick<Row, 'reasons'> {
  const reasons: Record<string, number> = {};
  for (const { failures } of runs) {
    for (const [reason, count] of Object.entries(failures)) reasons[reason] = (reasons[reason] ?? 0) + count;
  }
  return Object.keys(reasons).length === 0 ? {} : { reasons };
}

/** The medians of what only this kind of load has. */
function detailsOf(runs: readonly Measurement[]): Pick<Row, 'details'> {
  const first = runs[0]?.details;
  if (first === undefined) return {};
  const middle = (key: string): number => round(median(runs.map(({ details }) => details?.[key] ?? 0)));
  return { details: Object.fromEntries(Object.keys(first).map((key) => [key, middle(key)])) };
}

/** Three digits after the point. */
export const round = (value: number): number => Math.round(value * 1000) / 1000;
