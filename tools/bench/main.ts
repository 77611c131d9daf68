/**
 * `npm run bench`: measures the built server as it runs in production, in a process of its own, from a client in another.
 *
 *     npm run bench -- [--json FILE] [--seconds N] [--only TEXT]
 *
 * Prints a table; `--json` also writes the rows. CPU per request is the figure to compare, wall times drift on shared machines.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureInProcess } from './in-process.ts';
import { findLoads } from './loads.ts';
import { canPin, startFloor, startServer } from './processes.ts';
import { runClient } from './run-client.ts';
import { formatTable, type Row } from './rows.ts';
import { measureStartUp } from './start-up.ts';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'string' },
    seconds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
});
const seconds = Number(flags.seconds);
const loads = findLoads();
const wanted = (name: string): boolean => name.includes(flags.only);
const rows: Row[] = [];

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

function add(row: Row): void {
  rows.push(row);
  note(`  ${row.name}: ${row.cpuMsPerRequest.toFixed(3)} ms CPU/request, p99 ${row.p99ms.toFixed(1)} ms`);
}

note(
  `Node ${process.version}; ${canPin ? 'server and client pinned to a core each' : 'not pinned: one core or no taskset'}; ${loads.from}`,
);

if (wanted('floor')) {
  const floor = await startFloor();
  add(
    await runClient({
      name: 'floor: node:https, JSON in and out, concurrency 8',
      url: floor.https,
      path: '/inject',
      bodies: loads.inject,
      concurrency: 8,
      seconds,
      pid: floor.pid,
    }),
  );
  floor.stop();
}
if (wanted('start-up')) add(await measureStartUp(loads.flags));

const server = await startServer(loads.flags);
for (const concurrency of [1, 8, 32]) {
  const name = `inject, concurrency ${concurrency}`;
  if (wanted(name))
    add(
      await runClient({
        name,
        url: server.https,
        path: '/inject',
        bodies: loads.inject,
        concurrency,
        seconds,
        pid: server.pid,
      }),
    );
}
if (wanted('validate')) {
  add(
    await runClient({
      name: 'validate, concurrency 8',
      url: server.https,
      path: '/validate',
      bodies: loads.validate,
      concurrency: 8,
      seconds,
      pid: server.pid,
    }),
  );
}
server.stop();

for (const variables of [1000, 2000, 4000]) {
  const name = `inject in process, pod with ${variables} env vars`;
  if (wanted(name)) add(await measureInProcess(name, variables, loads.flags));
}

process.stdout.write(`\n${formatTable(rows)}\n`);
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(rows, null, 2)}\n`);
