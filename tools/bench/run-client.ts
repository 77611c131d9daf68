import { text as readAll } from 'node:stream/consumers';
import { local, spawnPinned } from './processes.ts';
import type { Row } from './rows.ts';

/** A load: what is sent where, and how. */
export interface ClientTask {
  readonly name: string;
  readonly url: string;
  readonly path: string;
  /** Sent in turn. */
  readonly bodies: readonly string[];
  /** Connections, each with one request at a time. */
  readonly concurrency: number;
  readonly seconds: number;
  /** The server process. */
  readonly pid: number;
}

/** Runs a load from a process of its own and gives its row. */
export async function runClient(task: ClientTask): Promise<Row> {
  const child = spawnPinned('client', local('client.ts'), []);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the client could not be started');
  stdin.end(JSON.stringify(task));
  const answer = await readAll(stdout);
  if (answer === '') throw new Error(`${task.name}: the client failed`);
  return JSON.parse(answer) as Row;
}
