import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Connection, requestBytes, targetOf } from '../../tools/bench/connection.ts';
import { startServer } from '../../tools/bench/processes.ts';

/** As many requests as an API server has in flight by default; each takes a connection of its own. */
const inFlight = 600;

const request = requestBytes('/inject', readFileSync('examples/review.json'));

/** How often each status came, or each error. */
async function burst(url: string): Promise<Record<string, number>> {
  const answers = await Promise.allSettled(
    Array.from({ length: inFlight }, async () => {
      const connection = await Connection.open(targetOf(url));
      const { status } = await connection.send(request);
      connection.close();
      return status;
    }),
  );
  const count: Record<string, number> = {};
  for (const answer of answers) {
    const outcome = String(answer.status === 'fulfilled' ? answer.value : answer.reason);
    count[outcome] = (count[outcome] ?? 0) + 1;
  }
  return count;
}

/** Connections and requests that the server has turned away since it had too many. */
async function turnedAway(monitoring = ''): Promise<string[]> {
  const text = await (await fetch(`${monitoring}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) =>
      /^outrigger_(connections_closed_total|requests_refused_total\{reason="(overload|deadline)).* [1-9]/.test(line),
    );
}

it('answers all pods of a burst for which an API server opens all its connections at once', async () => {
  // How long a request would wait, for which it may be refused, is a question of the machine.
  process.env['OUTRIGGER_MAX_WAITING_MS'] = '60000';
  const server = await startServer([]);
  try {
    // So are 600 handshakes within ten seconds, when either side gives up: on a busy machine that takes more than one attempt.
    let outcomes: Record<string, number> = {};
    for (let attempt = 0; attempt < 5 && outcomes['200'] !== inFlight; attempt += 1) {
      outcomes = await burst(server.https);
      expect(await turnedAway(server.monitoring), JSON.stringify(outcomes)).toEqual([]);
    }
    expect(outcomes).toEqual({ 200: inFlight });
  } finally {
    await server.stop();
  }
});
