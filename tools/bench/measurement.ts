/** How often what went wrong: `status 503`, or the message of an error. */
export type Failures = Readonly<Record<string, number>>;

/** Counts another failure. */
export function countFailure(failures: Record<string, number>, reason: string): void {
  failures[reason] = (failures[reason] ?? 0) + 1;
}

/** All of them. */
export function totalFailures(failures: Failures): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

/** What was seen while a load ran. */
export interface Measurement {
  /** Requests that were answered with status 200, in the measured time. */
  readonly requests: number;
  readonly seconds: number;
  /** How long they took, in ms. */
  readonly p50ms: number;
  readonly p99ms: number;
  readonly maxMs: number;
  /** CPU time of the server process, user and system, all threads, in ms. */
  readonly cpuMs: number;
  readonly rssMb: number;
  /** Requests with another answer or none, by what they got. */
  readonly failures: Failures;
  /** The part of a core that the client took. Above 0.8 it is the client that was measured. */
  readonly clientCpu: number;
  /** What only this kind of load has. */
  readonly details?: Readonly<Record<string, number>>;
}

/** The value that a part of all values does not exceed (nearest rank); 0 for no values. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}

/** The part of a measurement that latencies say. */
export function summarise(latenciesMs: readonly number[]): Pick<Measurement, 'requests' | 'p50ms' | 'p99ms' | 'maxMs'> {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return {
    requests: sorted.length,
    p50ms: quantile(sorted, 0.5),
    p99ms: quantile(sorted, 0.99),
    maxMs: sorted.at(-1) ?? 0,
  };
}
