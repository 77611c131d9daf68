/**
 * `npm run bench`: measures the built server as it runs in production, in a process of its own, from a client in another.
 *
 *     npm run bench -- [--json FILE] [--compare FILE] [--markdown FILE] [--only TEXT]...
 *          [--seconds N] [--runs N] [--overload-seconds N]
 *
 * Prints a table. CPU per request is the figure to compare, wall times drift on shared machines.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatComparison } from './compare.ts';
import { formatVerdicts } from './limits.ts';
import { findLoads } from './loads.ts';
import { canPin } from './processes.ts';
import type { Row } from './rows.ts';
import { runBenchmark } from './run.ts';
import { formatTable, replaceTable } from './table.ts';

const { values: flags } = parseArgs({
  options: {
    /** Writes the rows to a file. */
    json: { type: 'string' },
    /** Shows ratios to the rows that an earlier run wrote. */
    compare: { type: 'string' },
    /** Writes the table into a text, README.md as a rule, between `<!-- bench -->` and `<!-- /bench -->`. */
    markdown: { type: 'string' },
    /** Only rows whose name has one of these texts. */
    only: { type: 'string', multiple: true, default: [''] },
    /** Length of each run. */
    seconds: { type: 'string', default: '2' },
    /** How often the rows of small pods are measured, in turn. */
    runs: { type: 'string', default: '3' },
    'overload-seconds': { type: 'string', default: '5' },
  },
});

const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
// Read now: a file that is missing is said before the minutes of measuring, not after them.
const document = flags.markdown === undefined ? undefined : readFileSync(flags.markdown, 'utf8');
const earlier = flags.compare === undefined ? undefined : (JSON.parse(readFileSync(flags.compare, 'utf8')) as Row[]);
const loads = findLoads();
note(
  `Node ${process.version}; ${canPin ? 'server and client pinned to a core each' : 'not pinned: one core or no taskset'}; ${loads.from}`,
);

const { rows, verdicts } = await runBenchmark(loads, {
  seconds: Number(flags.seconds),
  runs: Number(flags.runs),
  overloadSeconds: Number(flags['overload-seconds']),
  wanted: (name) => flags.only.some((text) => name.includes(text)),
  note,
});

process.stdout.write(`\n${formatTable(rows)}\n`);
if (verdicts.length > 0) process.stdout.write(`\n${formatVerdicts(verdicts)}\n`);
if (earlier !== undefined) process.stdout.write(`\n${formatComparison(rows, earlier)}\n`);
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(rows, null, 2)}\n`);
if (flags.markdown !== undefined && document !== undefined) {
  writeFileSync(flags.markdown, replaceTable(document, rows));
}
