/**
 * `npm run soak`: the built server in a process of its own under mixed load for a long time, while its configuration
 * and its certificate are swapped; every answer is held against that of the core.
 *
 *     npm run soak -- [--seconds N] [--seed N] [--sets N] [--pause MS] [--grace MS] [--json FILE]
 *
 * Ends with status 1 when anything was wrong.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findLoads, injectionCorpus } from '../bench/loads.ts';
import { formatReport } from './report.ts';
import { soak } from './run.ts';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    /** Number of configurations. */
    sets: { type: 'string', default: '12' },
    /** Waited after each request, in ms. */
    pause: { type: 'string', default: '0' },
    /** How long the server may take to notice a change, in ms. */
    grace: { type: 'string', default: '3000' },
    /** Writes the report to a file. */
    json: { type: 'string' },
  },
});

const report = await soak(findLoads(), injectionCorpus, {
  seconds: Number(flags.seconds),
  seed: Number(flags.seed),
  sets: Number(flags.sets),
  pauseMs: Number(flags.pause),
  graceMs: Number(flags.grace),
  note: (text) => {
    process.stderr.write(`${text}\n`);
  },
});
process.stdout.write(`${formatReport(report)}\n`);
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
process.exitCode = report.ok ? 0 : 1;
