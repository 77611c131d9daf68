import { describe, expect, it } from 'vitest';
import { listen } from '../../src/server/listen.ts';
import { createWebhookApp } from '../../src/server/webhook-app.ts';
import { testCertificate } from './support/certificate.ts';
import { callHttp2, openHttp2, type Answer } from './support/client.ts';

/** What an answer costs, in ms: the capacity is a hundred and fifty a second, beside the client in the same process. */
const cost = 5;

/** Requests at the same time: their answers would take four seconds, more than may wait. */
const clients = 800;

const json = { 'content-type': 'application/json' };

describe('ten times the capacity', () => {
  it('for some seconds gives right answers or refusals, never silence, and is over soon', async () => {
    const app = createWebhookApp({
      certificate: await testCertificate(),
      tlsPolicy: { minVersion: 'TLSv1.2' },
      inject: {
        answer({ body }) {
          const end = performance.now() + cost;
          while (performance.now() < end);
          return JSON.stringify({ echo: body.toString() });
        },
        refused: () => undefined,
      },
      isReady: () => true,
    });
    const listener = await listen(app, '127.0.0.1', 0, { scheme: 'https', what: 'the webhooks', flag: '--port' });
    const sessions = Array.from({ length: 4 }, () => openHttp2(listener.url));
    const call = (body: string, index = 0): Promise<Answer> =>
      callHttp2(sessions[index % 4] ?? openHttp2(listener.url), { headers: json, body });
    await Promise.all(sessions.map((_, index) => call('open', index)));

    const statuses: number[] = [];
    const wrong: string[] = [];
    let sent = 0;
    const ask = async (index: number): Promise<void> => {
      const body = `request ${(sent += 1)}`;
      const answer = await call(body, index);
      statuses.push(answer.status);
      const isRight = answer.status === 200 ? answer.body === `{"echo":"${body}"}` : answer.status === 503;
      if (!isRight) wrong.push(`${answer.status} ${answer.body}`);
    };
    const end = performance.now() + 5000;
    // Clients that come again at once when they are refused.
    const client = async (_: unknown, index: number): Promise<void> => {
      while (performance.now() < end) await ask(index);
    };
    await Promise.all(Array.from({ length: clients }, client));
    const backlog = performance.now() - end;
    const after = performance.now();
    expect((await call('after')).body).toBe('{"echo":"after"}');
    const took = performance.now() - after;

    expect(wrong).toEqual([]);
    expect(statuses).toHaveLength(sent);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(50);
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(50);
    // What waited when the load ended: half of `maxWaitingTime` on a quiet machine, where everything else takes some milliseconds.
    expect(backlog).toBeLessThan(30_000);
    expect(took).toBeLessThan(10_000);
    for (const session of sessions) session.close();
    await listener.drain(100);
  });
});
