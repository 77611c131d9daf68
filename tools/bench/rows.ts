/** One measurement, as `--json` writes it. */
export interface Row {
  readonly name: string;
  readonly requests: number;
  readonly seconds: number;
  readonly requestsPerSecond: number;
  readonly p50ms: number;
  readonly p99ms: number;
  /** CPU time of the server process, user and system, in ms. */
  readonly cpuMsPerRequest: number;
  /** Resident memory of the server process at the end, in MB. */
  readonly rssMb: number;
}

/** Makes a row of the times that requests took. */
export function toRow(name: string, seconds: number, latenciesMs: number[], cpuMs: number, rssMb: number): Row {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const quantile = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
  return {
    name,
    requests: sorted.length,
    seconds: round(seconds),
    requestsPerSecond: round(sorted.length / seconds),
    p50ms: round(quantile(0.5)),
    p99ms: round(quantile(0.99)),
    cpuMsPerRequest: round(cpuMs / sorted.length),
    rssMb: round(rssMb),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

const columns = [
  ['requests', (row: Row) => String(row.requests)],
  ['req/s', (row: Row) => row.requestsPerSecond.toFixed(0)],
  ['p50 ms', (row: Row) => row.p50ms.toFixed(2)],
  ['p99 ms', (row: Row) => row.p99ms.toFixed(2)],
  ['CPU ms/request', (row: Row) => row.cpuMsPerRequest.toFixed(3)],
  ['RSS MB', (row: Row) => row.rssMb.toFixed(0)],
] as const;

/** The rows as a table for people. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [
    ['', ...columns.map(([title]) => title)],
    ...rows.map((row) => [row.name, ...columns.map(([, show]) => show(row))]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? [];
  return cells
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}
