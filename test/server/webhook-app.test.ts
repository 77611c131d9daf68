import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listen, type Listener } from '../../src/server/listen.ts';
import { keepAliveTimeout, leaveTime, maxBodyBytes, requestTimeout } from '../../src/server/limits.ts';
import { tlsPolicy, type TlsPolicy } from '../../src/server/tls.ts';
import { createWebhookApp, type WebhookApp } from '../../src/server/webhook-app.ts';
import type { Refusal, WebhookRequest } from '../../src/server/webhook.ts';
import { testCertificate } from './support/certificate.ts';
import { beginRequest, callHttp2, callHttps, keepAliveAgent, openHttp2 } from './support/client.ts';

const json = { 'content-type': 'application/json' };
const purpose = { scheme: 'https', what: 'the webhooks', flag: '--port' } as const;

let app: WebhookApp;
let listener: Listener;
let url: string;
let ready = true;
const seen: { body: string; path: string }[] = [];
const refusals: Refusal[] = [];

/** A webhook that says what it was given; the body `crash` is a bug. */
const echo = {
  answer({ body: bytes, path }: WebhookRequest): string {
    const body = bytes.toString();
    if (body === 'crash') throw new TypeError('a bug');
    seen.push({ body, path });
    return JSON.stringify({ path, length: body.length });
  },
  refused: (refusal: Refusal) => refusals.push(refusal),
};

async function start(policy?: TlsPolicy): Promise<{ app: WebhookApp; listener: Listener }> {
  const started = createWebhookApp({
    certificate: await testCertificate(),
    tlsPolicy: policy ?? { minVersion: 'TLSv1.2' },
    inject: echo,
    isReady: () => ready,
  });
  return { app: started, listener: await listen(started, '127.0.0.1', 0, purpose) };
}

beforeAll(async () => {
  ({ app, listener } = await start());
  url = listener.url;
});
afterAll(() => listener.drain(100));
beforeEach(() => {
  seen.length = 0;
  refusals.length = 0;
});

describe('a webhook over HTTPS', () => {
  it('gets the body as text and the unescaped path, and its answer goes out as JSON', async () => {
    const answer = await callHttps(url, { path: '/inject/a%20b?timeout=10s', headers: json, body: '{"ü":1}' });
    expect(answer).toMatchObject({ status: 200, body: '{"path":"/inject/a b","length":7}' });
    expect(answer.headers['content-type']).toBe('application/json');
    expect(seen).toEqual([{ body: '{"ü":1}', path: '/inject/a b' }]);
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'])(
    'answers %s like POST',
    async (method) => {
      const answer = await callHttps(url, { method, headers: json, body: 'x' });
      expect(answer).toMatchObject({ status: 200, body: '{"path":"/inject","length":1}' });
    },
  );

  it('answers HEAD without a body', async () => {
    const answer = await callHttps(url, { method: 'HEAD', headers: json, body: 'x' });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['an empty body', {}, '', 400, 'no body found\n', 'no-body'],
    ['an empty body of another type', { 'content-type': 'text/plain' }, '', 400, 'no body found\n', 'no-body'],
    ['no content type', {}, 'x', 415, 'invalid Content-Type, want `application/json`\n', 'content-type'],
    [
      'a charset',
      { 'content-type': 'application/json; charset=utf-8' },
      'x',
      415,
      'invalid Content-Type, want `application/json`\n',
      'content-type',
    ],
    [
      'other letters',
      { 'content-type': 'Application/JSON' },
      'x',
      415,
      'invalid Content-Type, want `application/json`\n',
      'content-type',
    ],
    [
      'a malformed type',
      { 'content-type': 'nonsense' },
      'x',
      415,
      'invalid Content-Type, want `application/json`\n',
      'content-type',
    ],
    [
      'an empty type',
      { 'content-type': '' },
      'x',
      415,
      'invalid Content-Type, want `application/json`\n',
      'content-type',
    ],
  ])('refuses %s with plain text', async (_what, headers, body, status, text, reason) => {
    const answer = await callHttps(url, { headers: headers as Record<string, string>, body });
    expect(answer).toMatchObject({ status, body: text });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    expect(refusals).toMatchObject([{ reason, status, path: '/inject', message: text.trimEnd() }]);
    expect(seen).toEqual([]);
  });

  it('accepts the longest body and refuses one byte more, whatever its type', async () => {
    const longest = await callHttps(url, { headers: json, body: 'x'.repeat(maxBodyBytes) });
    expect(longest).toMatchObject({ status: 200, body: `{"path":"/inject","length":6291456}` });
    for (const headers of [json, {}]) {
      const tooLong = await callHttps(url, { headers, body: 'x'.repeat(maxBodyBytes + 1) });
      expect(tooLong).toMatchObject({ status: 400, body: 'Request entity too large: limit is 6291456\n' });
    }
    expect(refusals.map(({ reason }) => reason)).toEqual(['too-large', 'too-large']);
  });

  it('accepts a body in chunks', async () => {
    const answer = await callHttps(url, {
      headers: { ...json, 'transfer-encoding': 'chunked' },
      body: 'x'.repeat(70_000),
    });
    expect(answer.body).toBe('{"path":"/inject","length":70000}');
  });

  it('answers 500 when the webhook fails, and goes on', async () => {
    const answer = await callHttps(url, { headers: json, body: 'crash' });
    expect(answer).toMatchObject({ status: 500, body: 'internal error: the request could not be processed\n' });
    expect(refusals).toMatchObject([{ reason: 'crash', error: new TypeError('a bug') }]);
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
  });

  it('survives a client that goes away in the middle of a request', async () => {
    const request = await beginRequest(url, 'abc');
    request.cut();
    await expect.poll(() => refusals).toMatchObject([{ reason: 'read-error', status: 400 }]);
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
  });

  it('survives clients that speak no TLS and no HTTP', async () => {
    const port = Number(new URL(url).port);
    const plain = connectTcp(port, '127.0.0.1');
    plain.on('error', () => undefined);
    plain.write('GET / HTTP/1.1\r\n\r\n');
    const garbage = connectTls({ port, rejectUnauthorized: false });
    garbage.on('error', () => undefined);
    garbage.write('\u0000\u0001 nonsense\r\n\r\n');
    await sleep(100);
    plain.destroy();
    garbage.destroy();
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
  });
});

describe('the paths of the HTTPS port', () => {
  it.each(['/', '/injectx', '/INJECT', '/validate', '/favicon.ico'])('answer 404 at %s', async (path) => {
    const answer = await callHttps(url, { path, headers: json, body: 'x' });
    expect(answer).toMatchObject({ status: 404, body: '404 page not found\n' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  });

  it('redirect to the clean path, with text for GET only', async () => {
    const post = await callHttps(url, { path: '/inject//a?x=1', headers: json, body: 'x' });
    expect(post).toMatchObject({ status: 307, body: '', headers: { location: '/inject/a?x=1' } });
    expect(post.headers['content-type']).toBeUndefined();
    const get = await callHttps(url, { method: 'GET', path: '/inject//a?x=1&y=2' });
    expect(get).toMatchObject({ status: 307, body: '<a href="/inject/a?x=1&#38;y=2">Temporary Redirect</a>.\n\n' });
  });

  it('refuse a malformed escape', async () => {
    expect(await callHttps(url, { path: '/inject/%zz', headers: json, body: 'x' })).toMatchObject({ status: 400 });
  });

  it('tell at /ready whether the server is ready', async () => {
    expect(await callHttps(url, { method: 'GET', path: '/ready' })).toMatchObject({ status: 200, body: '' });
    ready = false;
    expect(await callHttps(url, { method: 'GET', path: '/ready' })).toMatchObject({ status: 503, body: '' });
    ready = true;
    expect(await callHttps(url, { method: 'POST', path: '/ready', headers: json, body: 'x' })).toMatchObject({
      status: 404,
    });
  });
});

describe('the connections of the HTTPS port', () => {
  it('stay open longer than the API server keeps them', async () => {
    const agent = keepAliveAgent();
    const answer = await callHttps(url, { headers: json, body: 'x' }, { agent });
    expect(answer.headers['keep-alive']).toBe(`timeout=${keepAliveTimeout / 1000}`);
    expect(keepAliveTimeout).toBeGreaterThan(90_000);
    expect(app.server).toMatchObject({ keepAliveTimeout: 120_000, headersTimeout: 30_000, requestTimeout: 30_000 });
    agent.destroy();
  });

  it('speak HTTP/2 with clients that offer it', async () => {
    const session = openHttp2(url);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => callHttp2(session, { headers: json, body: 'x'.repeat(index + 1) })),
    );
    expect(answers.map(({ body }) => body)).toEqual(
      answers.map((_, index) => `{"path":"/inject","length":${index + 1}}`),
    );
    expect(await callHttp2(session, { path: '/nothing', body: 'x' })).toMatchObject({ status: 404 });
    expect(await callHttp2(session, { headers: json, body: 'x'.repeat(maxBodyBytes + 1) })).toMatchObject({
      status: 400,
    });
    expect(await callHttp2(session, { method: 'GET', path: '/ready' })).toMatchObject({ status: 200 });
    session.close();
  });

  it.each([
    ['TLSv1.1', undefined],
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.3', 'TLSv1.3'],
  ] as const)('with %s lead to %s', async (maxVersion, expected) => {
    expect(await negotiated(url, { maxVersion, minVersion: maxVersion })).toBe(expected);
  });

  it.each([
    ['fips-140-2', 'TLSv1.3', undefined],
    ['fips-140-2', 'TLSv1.2', 'TLSv1.2'],
    ['pqc', 'TLSv1.2', undefined],
    ['pqc', 'TLSv1.3', 'TLSv1.3'],
  ] as const)('under the compliance policy %s with %s lead to %s', async (policy, version, expected) => {
    const strict = await start(tlsPolicy(policy, { warn: () => undefined }));
    expect(await negotiated(strict.listener.url, { maxVersion: version, minVersion: version })).toBe(expected);
    await strict.listener.drain(100);
  });

  it('end by draining: what is in flight is answered, what is idle is closed, what hangs is cut', async () => {
    const draining = await start();
    const idle = keepAliveAgent();
    await callHttps(draining.listener.url, { headers: json, body: 'x' }, { agent: idle });
    const session = openHttp2(draining.listener.url);
    await callHttp2(session, { headers: json, body: 'x' });
    const hanging = await beginRequest(draining.listener.url, 'abc');
    const slow = await beginRequest(draining.listener.url, 'abcd');

    const began = performance.now();
    const drained = draining.listener.drain(3_000);
    slow.finish();
    await drained;
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(2_900);
    // Without a cut, the client that hangs would be waited for as long as a request may take.
    expect(took).toBeLessThan(requestTimeout);
    hanging.cut();
    await expect.poll(slow.answer).toContain('HTTP/1.1 200');
    expect(slow.answer().toLowerCase()).toContain('connection: close');
    await expect.poll(() => session.closed || session.destroyed).toBe(true);
    await expect(callHttps(draining.listener.url, { headers: json, body: 'x' })).rejects.toThrow();
    idle.destroy();
  });

  it('end by draining: who asks again is answered and told to go, and when all are gone it is over', async () => {
    const draining = await start();
    const agent = keepAliveAgent();
    const ask = (): ReturnType<typeof callHttps> =>
      callHttps(draining.listener.url, { headers: json, body: 'x' }, { agent });
    expect((await ask()).headers.connection).toBe('keep-alive');
    const began = performance.now();
    const drained = draining.listener.drain(60_000);
    await sleep(100);
    expect(await ask()).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await drained;
    expect(performance.now() - began).toBeLessThan(leaveTime);
    await expect(ask()).rejects.toThrow('ECONNREFUSED');
    agent.destroy();
  });

  it('end by draining: who does not ask again is waited for, but not for long', async () => {
    const draining = await start();
    const agent = keepAliveAgent();
    await callHttps(draining.listener.url, { headers: json, body: 'x' }, { agent });
    const began = performance.now();
    await draining.listener.drain(60_000);
    expect(performance.now() - began).toBeGreaterThan(leaveTime - 100);
    agent.destroy();
  });
});

/** The TLS version a client ends up with; `undefined` when there is none. */
function negotiated(
  address: string,
  versions: Pick<ConnectionOptions, 'minVersion' | 'maxVersion'>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { port: Number(new URL(address).port), rejectUnauthorized: false, ciphers: 'DEFAULT:@SECLEVEL=0' };
    const socket = connectTls({ ...options, ...versions }, () => {
      resolve(socket.getProtocol() ?? undefined);
      socket.destroy();
    });
    socket.on('error', () => {
      resolve(undefined);
    });
  });
}
