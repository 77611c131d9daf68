import { Agent } from 'node:https';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { listen, type Listener } from '../../src/server/listen.ts';
import { defaultLimits, maxBodyBytes, readLimits, type ServerLimits } from '../../src/server/limits.ts';
import { createWebhookApp } from '../../src/server/webhook-app.ts';
import type { Refusal, WebhookRequest } from '../../src/server/webhook.ts';
import { testCertificate } from './support/certificate.ts';
import { beginRequest, callHttp2, callHttps, openHttp2, type Answer } from './support/client.ts';

const json = { 'content-type': 'application/json' };

let listener: Listener | undefined;
let registry: Registry;
let refusals: Refusal[];
/** Answers of requests that say `later`. */
let later: ((text: string) => void)[];

/** Serves a webhook that takes as many milliseconds of the event loop as the body says, or promises an answer. */
async function start(limits: Partial<ServerLimits>): Promise<string> {
  registry = new Registry();
  refusals = [];
  later = [];
  const app = createWebhookApp({
    certificate: await testCertificate(),
    tlsPolicy: { minVersion: 'TLSv1.2' },
    inject: {
      answer({ body, timeout }: WebhookRequest) {
        const text = body.toString();
        if (text === 'later') return new Promise((resolve) => later.push(resolve));
        const end = performance.now() + (Number(text) || 0);
        while (performance.now() < end);
        return JSON.stringify({ timeout });
      },
      refused: (refusal) => refusals.push(refusal),
    },
    isReady: () => true,
    limits: { ...defaultLimits, ...limits },
    registry,
  });
  listener = await listen(app, '127.0.0.1', 0, { scheme: 'https', what: 'the webhooks', flag: '--port' });
  return listener.url;
}

afterEach(async () => {
  await listener?.drain(100);
});

async function metric(name: string): Promise<number | undefined> {
  const line = (await registry.metrics()).split('\n').find((text) => text.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length));
}

/** Sends requests at the same time, each over a connection that is open already. */
async function burst(url: string, count: number, body: string, path = '/inject'): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const send = (text: string): Promise<Answer[]> =>
    Promise.all(Array.from({ length: count }, () => callHttps(url, { path, headers: json, body: text }, { agent })));
  await send('0');
  const answers = await send(body);
  agent.destroy();
  return answers;
}

const count = (answers: readonly Answer[], wanted: number): number =>
  answers.filter(({ status }) => status === wanted).length;

describe('a burst', () => {
  it('is answered wholly when it is within the limits', async () => {
    const url = await start({});
    expect(count(await burst(url, 100, '3'), 200)).toBe(100);
    expect(await metric('outrigger_requests_waiting')).toBe(0);
    expect(await metric('outrigger_request_body_bytes')).toBe(0);
  });

  it('is refused where too many wait: at once, with the reason, and with leave to come again', async () => {
    const url = await start({ maxWaitingRequests: 10 });
    const answers = await burst(url, 60, '10');
    const refused = answers.filter(({ status }) => status === 503);
    expect(count(answers, 200)).toBeGreaterThanOrEqual(10);
    expect(count(answers, 200) + refused.length).toBe(60);
    expect(refused[0]?.body).toBe('too many requests are waiting: 10\n');
    expect(refused[0]?.headers).toMatchObject({ 'retry-after': '1', 'content-type': 'text/plain; charset=utf-8' });
    expect(refusals).toHaveLength(refused.length);
    expect(await metric('outrigger_requests_refused_total{reason="overload"}')).toBe(refused.length);
    expect(await callHttps(url, { headers: json, body: '0' })).toMatchObject({ status: 200 });
    expect(await metric('outrigger_request_body_bytes')).toBe(0);
  });

  it('is refused where the wait would be too long, whatever the number', async () => {
    const url = await start({ maxWaitingTime: 100 });
    await burst(url, 20, '30');
    const answers = await burst(url, 60, '30');
    expect(count(answers, 503)).toBeGreaterThan(0);
    expect(refusals[0]?.message).toMatch(/^too many requests are waiting: \d+, for some \d+ ms$/);
    expect(count(answers, 200) + count(answers, 503)).toBe(60);
  });

  it('over HTTP/2 is bounded in the same way', async () => {
    const url = await start({ maxWaitingRequests: 10 });
    const session = openHttp2(url);
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => callHttp2(session, { headers: json, body: '10' })),
    );
    expect(count(answers, 200)).toBeGreaterThanOrEqual(10);
    expect(count(answers, 200) + count(answers, 503)).toBe(60);
    session.close();
  });
});

describe('the time that a client waits', () => {
  it('is told to the webhook, less what has passed', async () => {
    const url = await start({});
    const answer = await callHttps(url, { path: '/inject?timeout=10s', headers: json, body: '0' });
    const { timeout } = JSON.parse(answer.body) as { timeout: number };
    expect(timeout).toBeGreaterThan(5_000);
    expect(timeout).toBeLessThanOrEqual(10_000);
    expect((await callHttps(url, { headers: json, body: '0' })).body).toBe('{}');
  });

  it('ends the wait: what is too late is dropped and counted, what is in time is answered', async () => {
    const url = await start({});
    const answers = await burst(url, 40, '100', '/inject?timeout=1500ms');
    const late = count(answers, 504) + count(answers, 503);
    expect(count(answers, 200)).toBeGreaterThan(0);
    expect(late).toBeGreaterThan(0);
    expect(count(answers, 200) + late).toBe(40);
    expect(await metric('outrigger_request_body_bytes')).toBe(0);
    const counted =
      ((await metric('outrigger_requests_refused_total{reason="deadline"}')) ?? 0) +
      ((await metric('outrigger_requests_refused_total{reason="overload"}')) ?? 0);
    expect(counted).toBe(late);
  });
});

describe('bodies in memory', () => {
  it('are bounded: the one that began first is given up, and its connection ends', async () => {
    const url = await start({ maxBodiesBytes: maxBodyBytes });
    const half = 'x'.repeat(maxBodyBytes / 2);
    const first = await beginRequest(url, `${half}${half.slice(1)}`, half.length);
    await expect.poll(() => metric('outrigger_request_body_bytes')).toBe(half.length);
    const second = await callHttps(url, { headers: json, body: `${half}xxxx` });
    expect(second.status).toBe(200);
    await expect.poll(first.answer).toContain('503 Service Unavailable');
    expect(first.answer()).toContain('too many bytes of requests are in memory');
    await expect.poll(first.isClosed).toBe(true);
    expect(await metric('outrigger_request_body_bytes')).toBe(0);
  });

  it('count until the answer is there, also when it is promised or never needed', async () => {
    const url = await start({});
    const answered = callHttps(url, { headers: json, body: 'later' });
    const session = openHttp2(url);
    const dropped = callHttp2(session, { headers: json, body: 'later' }).catch(() => undefined);
    await expect.poll(() => later.length).toBe(2);
    expect(await metric('outrigger_request_body_bytes')).toBe(10);
    session.destroy();
    await dropped;
    for (const resolve of later) resolve('{}');
    expect((await answered).body).toBe('{}');
    await expect.poll(() => metric('outrigger_request_body_bytes')).toBe(0);
  });

  it('are forgotten when the client goes away', async () => {
    const url = await start({});
    const request = await beginRequest(url, 'x'.repeat(1000), 500);
    await expect.poll(() => metric('outrigger_request_body_bytes')).toBe(500);
    request.cut();
    await expect.poll(() => metric('outrigger_request_body_bytes')).toBe(0);
    expect(refusals).toMatchObject([{ reason: 'read-error' }]);
  });
});

describe('the limits of an administrator', () => {
  it('come from environment variables', () => {
    expect(readLimits({ OUTRIGGER_MAX_CONNECTIONS: '7', OUTRIGGER_MAX_WAITING_REQUESTS: '' })).toEqual({
      ...defaultLimits,
      maxConnections: 7,
    });
  });

  it.each(['0', '-1', '1.5', 'many', '1e3', ' 5', '9'.repeat(20)])('are refused when they are %j', (text) => {
    expect(() => readLimits({ OUTRIGGER_MAX_CONNECTIONS: text })).toThrow(
      `OUTRIGGER_MAX_CONNECTIONS=${text} is no whole number of at least 1`,
    );
  });

  it('leave room for the longest body', () => {
    expect(() => readLimits({ OUTRIGGER_MAX_BODIES_BYTES: String(maxBodyBytes - 1) })).toThrow('at least 6291456');
  });
});
