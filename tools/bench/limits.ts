import type { Row } from './rows.ts';

/** The most that a figure may be; of requests a second the least. */
export type Limits = Partial<
  Pick<Row, 'cpuMsPerRequest' | 'floorRatio' | 'requestsPerSecond' | 'p99ms' | 'rssMb' | 'failures'>
> & { readonly details?: Readonly<Record<string, number>> };

/** A figure and what it must be. */
export interface Verdict {
  readonly row: string;
  readonly figure: string;
  readonly value: number;
  readonly limit: number;
  readonly holds: boolean;
}

/** Holds a row to its limits. */
export function judge(row: Row, { details, ...limits }: Limits): Verdict[] {
  const figures = { ...row, ...row.details } as unknown as Readonly<Record<string, number>>;
  return Object.entries({ ...limits, ...details }).map(([figure, limit]) => {
    const value = figures[figure] ?? NaN;
    return {
      row: row.name,
      figure,
      value,
      limit,
      holds: figure === 'requestsPerSecond' ? value >= limit : value <= limit,
    };
  });
}

/** One line for each limit. */
export function formatVerdicts(verdicts: readonly Verdict[]): string {
  return verdicts
    .map(({ row, figure, value, limit, holds }) => {
      const sign = figure === 'requestsPerSecond' ? '≥' : '≤';
      return `${holds ? '✓' : '✗'} ${row}: ${figure} ${value} (${sign} ${limit})`;
    })
    .join('\n');
}
