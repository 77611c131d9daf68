import { quantile } from '../bench/measurement.ts';
import { alignCells } from '../bench/table.ts';
import type { MemorySample } from './memory.ts';
import type { ChangeCounts } from './changes.ts';

/** What happened in a minute. */
export interface Minute {
  readonly minute: number;
  readonly requests: number;
  readonly p50ms: number;
  readonly p99ms: number;
  readonly maxMs: number;
  readonly rssLeastMb: number;
  readonly rssMostMb: number;
  /** Changes since the start, good and bad. */
  readonly configurations: number;
  readonly certificates: number;
  /** Findings since the start. */
  readonly findings: number;
}

/** Puts minutes together. */
export class Minutes {
  readonly all: Minute[] = [];
  #latencies: number[] = [];
  #rss: number[] = [];

  /** Whether there is something that no minute has. */
  get isUnderWay(): boolean {
    return this.#rss.length > 0 && this.#latencies.length > 0;
  }

  request(latencyMs: number): void {
    this.#latencies.push(latencyMs);
  }

  memory({ rssMb }: MemorySample): void {
    this.#rss.push(rssMb);
  }

  /** Closes the current minute. */
  end(configurations: ChangeCounts, certificates: ChangeCounts, findings: number): Minute {
    const sorted = this.#latencies.sort((a, b) => a - b);
    const minute = {
      minute: this.all.length + 1,
      requests: sorted.length,
      p50ms: round(quantile(sorted, 0.5)),
      p99ms: round(quantile(sorted, 0.99)),
      maxMs: round(sorted.at(-1) ?? 0),
      rssLeastMb: round(Math.min(...this.#rss)),
      rssMostMb: round(Math.max(...this.#rss)),
      configurations: configurations.good + configurations.bad,
      certificates: certificates.good + certificates.bad,
      findings,
    };
    this.all.push(minute);
    this.#latencies = [];
    this.#rss = [];
    return minute;
  }
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The minutes as a table. */
export function formatMinutes(minutes: readonly Minute[]): string {
  const head = [
    'minute',
    'requests',
    'p50 ms',
    'p99 ms',
    'max ms',
    'RSS MB',
    'configurations',
    'certificates',
    'wrong',
  ];
  return alignCells([
    head,
    ...minutes.map((minute) => [
      String(minute.minute),
      String(minute.requests),
      minute.p50ms.toFixed(1),
      minute.p99ms.toFixed(1),
      minute.maxMs.toFixed(0),
      `${minute.rssLeastMb.toFixed(0)}–${minute.rssMostMb.toFixed(0)}`,
      String(minute.configurations),
      String(minute.certificates),
      String(minute.findings),
    ]),
  ]);
}
