import { styleText } from 'node:util';
import type { Row } from './rows.ts';
import { alignCells } from './table.ts';

type Figure = 'requestsPerSecond' | 'p50ms' | 'p99ms' | 'cpuMsPerRequest' | 'rssMb';

const figures: readonly (readonly [title: string, figure: Figure, better: 'more' | 'less'])[] = [
  ['req/s', 'requestsPerSecond', 'more'],
  ['p50', 'p50ms', 'less'],
  ['p99', 'p99ms', 'less'],
  ['CPU', 'cpuMsPerRequest', 'less'],
  ['RSS', 'rssMb', 'less'],
];

/** Differences below this part are noise. */
const noise = 0.1;

/** Ratios of the rows to those of an earlier run, new to old. Green is better, red worse. */
export function formatComparison(rows: readonly Row[], earlier: readonly Row[]): string {
  const pairs = rows.flatMap((row) => {
    const old = earlier.find(({ name }) => name === row.name);
    return old === undefined ? [] : [{ row, old }];
  });
  const cells = [
    ['new / earlier', ...figures.map(([title]) => title)],
    ...pairs.map(({ row, old }) => [row.name, ...figures.map(([, figure]) => ratioText(row[figure], old[figure]))]),
  ];
  return alignCells(cells, (text, line, column) => {
    const pair = pairs[line - 1];
    const [, figure, better] = figures[column - 1] ?? [];
    if (pair === undefined || figure === undefined) return text;
    const colour = judge(pair.row[figure], pair.old[figure], better === 'more');
    return colour === undefined ? text : styleText(colour, text);
  });
}

function ratioText(value: number, old: number): string {
  return old > 0 ? `${(value / old).toFixed(2)}×` : '';
}

function judge(value: number, old: number, moreIsBetter: boolean): 'green' | 'red' | undefined {
  if (old <= 0 || value <= 0) return undefined;
  const gain = moreIsBetter ? value / old : old / value;
  if (gain > 1 + noise) return 'green';
  return gain < 1 / (1 + noise) ? 'red' : undefined;
}
