import type { Row } from './rows.ts';

const columns: readonly (readonly [title: string, show: (row: Row) => string])[] = [
  ['requests', (row) => String(row.requests)],
  ['req/s', (row) => row.requestsPerSecond.toFixed(row.requestsPerSecond < 100 ? 1 : 0)],
  ['p50 ms', (row) => row.p50ms.toFixed(2)],
  ['p99 ms', (row) => row.p99ms.toFixed(2)],
  ['CPU ms/request', (row) => row.cpuMsPerRequest.toFixed(3)],
  ['× floor', (row) => row.floorRatio?.toFixed(1) ?? ''],
  ['RSS MB', (row) => row.rssMb.toFixed(0)],
];

function cellsOf(rows: readonly Row[]): string[][] {
  return [
    ['', ...columns.map(([title]) => title)],
    ...rows.map((row) => [row.name, ...columns.map(([, show]) => show(row))]),
  ];
}

/** Colours a cell, which is already as wide as its column. */
export type Paint = (text: string, line: number, column: number) => string;

/** Cells in columns of equal width; the first column to the left, the others to the right. */
export function alignCells(cells: readonly (readonly string[])[], paint: Paint = (text) => text): string {
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? [];
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  return cells
    .map((line, row) => line.map((cell, column) => paint(pad(cell, column), row, column)).join('  '))
    .join('\n');
}

/** The rows as a table for people, with what is remarkable about them below it. */
export function formatTable(rows: readonly Row[]): string {
  return [alignCells(cellsOf(rows)), ...rows.flatMap(remarks)].join('\n');
}

/** The rows as Markdown, without the number of requests. */
export function formatMarkdown(rows: readonly Row[]): string {
  const cells = cellsOf(rows).map(([name = '', , ...figures]) => [name, ...figures]);
  const [head = '', ...lines] = cells.map((line) => `| ${line.join(' | ')} |`);
  return [head, `|${'---|'.repeat(cells[0]?.length ?? 0)}`, ...lines].join('\n');
}

const markedTable = /(<!-- bench -->\n)[^]*?(\n<!-- \/bench -->)/;

/** Puts the rows into a text that marks a place for them. */
export function replaceTable(text: string, rows: readonly Row[]): string {
  if (!markedTable.test(text)) throw new Error('no place marked by <!-- bench --> and <!-- /bench -->');
  return text.replace(markedTable, (_all, before: string, after: string) => before + formatMarkdown(rows) + after);
}

/** Above this part of a core it is the client that was measured. */
const busyClient = 0.8;

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ');

function remarks({ name, failures, reasons = {}, clientCpu, details }: Row): string[] {
  const parts = [
    ...(failures > 0 ? [`${failures} requests failed (${listed(reasons)})`] : []),
    ...(clientCpu > busyClient ? [`the client was busy to ${(clientCpu * 100).toFixed(0)} %`] : []),
    ...Object.entries(details ?? {}).map(([key, value]) => `${key} ${value}`),
  ];
  return parts.length === 0 ? [] : [`  ${name}: ${parts.join(', ')}`];
}
