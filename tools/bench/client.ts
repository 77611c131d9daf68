/** The client process: reads its task from stdin, sends for a while, writes the row to stdout. */
import { Agent, request } from 'node:https';
import { text as readAll } from 'node:stream/consumers';
import { cpuMs, rssMb } from './processes.ts';
import { toRow } from './rows.ts';
import type { ClientTask } from './run-client.ts';

/** Requests before the measurement begins: until the server's code is compiled. */
const warmUpRequests = 4000;

const task = JSON.parse(await readAll(process.stdin)) as ClientTask;
const { hostname, port } = new URL(task.url);
const bodies = task.bodies.map((body) => Buffer.from(body));
const agent = new Agent({ keepAlive: true, maxSockets: task.concurrency, rejectUnauthorized: false });
let next = 0;

function send(body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const outgoing = request({ hostname, port, path: task.path, method: 'POST', agent, headers }, (response) => {
      response.on('error', reject);
      response.on('end', resolve);
      response.resume();
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends over all connections while `goOn` says so; gives the time each request took, in ms. */
async function sendWhile(goOn: (sent: number) => boolean): Promise<number[]> {
  const latencies: number[] = [];
  const connection = async (): Promise<void> => {
    while (goOn(latencies.length)) {
      const body = bodies[next++ % bodies.length];
      if (body === undefined) return;
      const begin = performance.now();
      await send(body);
      latencies.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: task.concurrency }, connection));
  return latencies;
}

await sendWhile((sent) => sent < warmUpRequests);
const cpuBefore = cpuMs(task.pid);
const begin = performance.now();
const latencies = await sendWhile(() => performance.now() - begin < task.seconds * 1000);
const seconds = (performance.now() - begin) / 1000;
const row = toRow(task.name, seconds, latencies, cpuMs(task.pid) - cpuBefore, rssMb(task.pid));
process.stdout.write(JSON.stringify(row));
agent.destroy();
