import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Connection, requestBytes, targetOf } from '../../tools/bench/connection.ts';
import { startServer } from '../../tools/bench/processes.ts';

/** As many requests as an API server has in flight by default; each takes a connection of its own. */
const inFlight = 600;

it('answers all pods of a burst for which an API server opens all its connections at once', async () => {
  const server = await startServer([]);
  const request = requestBytes('/inject', readFileSync('examples/review.json'));
  const answers = await Promise.allSettled(
    Array.from({ length: inFlight }, async () => {
      const connection = await Connection.open(targetOf(server.https));
      const { status } = await connection.send(request);
      connection.close();
      return status;
    }),
  );
  await server.stop();
  const count = new Map<unknown, number>();
  for (const answer of answers) {
    const outcome: unknown = answer.status === 'fulfilled' ? answer.value : String(answer.reason);
    count.set(outcome, (count.get(outcome) ?? 0) + 1);
  }
  expect(Object.fromEntries(count)).toEqual({ 200: inFlight });
});
