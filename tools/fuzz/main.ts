/**
 * `npm run fuzz`: sends changed reviews to the built server in a process of its own, and holds every answer against the
 * core in this process. The same seed gives the same inputs.
 *
 *     npm run fuzz -- [--seed N] [--first N] [--inputs N] [--seconds N] [--connections N] [--structure SHARE] [--compare N]
 *                     [--configurations N] [--found DIR] [--json FILE]
 *
 * Ends with status 1 when anything was wrong; the inputs that showed it are in DIR, and are sent again with `--replay FILE`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzzConfigurations } from './configurations.ts';
import { answerOf, compileFiles, flagsOf, type ConfigurationFiles } from './core.ts';
import { bodyOf, Findings, type FoundCase } from './findings.ts';
import { canonicalInputs, configurationFiles, findOrigins, Inputs, type Input } from './inputs.ts';
import { fuzz } from './run.ts';
import { startFuzzed } from './server.ts';

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    /** Number of the first input, to go on where another run ended. */
    first: { type: 'string', default: '0' },
    inputs: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '600' },
    connections: { type: 'string', default: '16' },
    /** Part of the inputs whose structure is changed; of the others, the bytes are. */
    structure: { type: 'string', default: '0.4' },
    /** One input in so many is also answered by the core in this process. */
    compare: { type: 'string', default: '1' },
    /** Changed templates, values and mesh configurations that the server is given. */
    configurations: { type: 'string', default: '50' },
    /** Where inputs that showed something wrong are written to. */
    found: { type: 'string', default: join(tmpdir(), 'outrigger-fuzz') },
    json: { type: 'string' },
    /** A file that a run wrote: says what the core answers and ends. */
    replay: { type: 'string' },
  },
});

const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
const files: ConfigurationFiles = configurationFiles();
const injector = compileFiles(files);

if (flags.replay !== undefined) {
  const found = JSON.parse(readFileSync(flags.replay, 'utf8')) as FoundCase;
  process.stdout.write(`${answerOf(injector, { target: found.target, body: bodyOf(found) }).toString()}\n`);
  process.exit(0);
}

const seed = Number(flags.seed);
const findings = new Findings(flags.found);
const origins = findOrigins(injector.configuration);
const source = new Inputs(seed, origins, Number(flags.structure));
const server = await startFuzzed(flagsOf(files));
note(`seed ${seed}: ${origins.length} reviews to change`);
const begin = performance.now();
const canonical: Input[] = canonicalInputs(origins);
const counts = await fuzz(server, injector, source, {
  first: Number(flags.first),
  inputs: Number(flags.inputs),
  seconds: Number(flags.seconds),
  connections: Number(flags.connections),
  compareEvery: Number(flags.compare),
  findings,
  canonical,
  onProgress: (sent) => {
    if (sent % 20_000 === 0) note(`${sent} inputs, ${findings.count} findings, ${Math.round(server.peakMb())} MB`);
  },
});
const seconds = (performance.now() - begin) / 1000;
const ended = await server.stop();
if (ended !== 'code 0') findings.add(`the server ended with ${ended}`);
const configurations = await fuzzConfigurations(files, origins, {
  seed,
  count: Number(flags.configurations),
  findings,
});

const report = {
  seed,
  first: Number(flags.first),
  ...counts,
  configurations,
  seconds: Math.round(seconds),
  inputsPerSecond: Math.round((counts.bytes + counts.structure) / seconds),
  peakMb: Math.round(server.peakMb()),
  findings: findings.count,
  examples: findings.examples.map(({ problem }) => problem.slice(0, 500)),
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
process.exitCode = findings.count === 0 ? 0 : 1;
