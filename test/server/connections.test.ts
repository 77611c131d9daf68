import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { listen, type Listener } from '../../src/server/listen.ts';
import {
  defaultLimits,
  http2Limits,
  maxHeaderBytes,
  maxHeaders,
  stallTimeout,
  type ServerLimits,
} from '../../src/server/limits.ts';
import { createWebhookApp, type WebhookApp } from '../../src/server/webhook-app.ts';
import { testCertificate } from './support/certificate.ts';
import { beginRequest, callHttp2, callHttps, keepAliveAgent, openHttp2 } from './support/client.ts';

const json = { 'content-type': 'application/json' };

let listener: Listener | undefined;
let app: WebhookApp;
let registry: Registry;
const sockets: Socket[] = [];

async function start(limits: Partial<ServerLimits> = {}): Promise<string> {
  registry = new Registry();
  app = createWebhookApp({
    certificate: await testCertificate(),
    tlsPolicy: { minVersion: 'TLSv1.2' },
    inject: { answer: ({ body }) => JSON.stringify({ length: body.length }), refused: () => undefined },
    isReady: () => true,
    limits: { ...defaultLimits, ...limits },
    registry,
  });
  listener = await listen(app, '127.0.0.1', 0, { scheme: 'https', what: 'the webhooks', flag: '--port' });
  return listener.url;
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await listener?.drain(100);
});

/** Keeps a socket for the end of the test, and what it was sent. */
function kept<Kind extends Socket>(socket: Kind): Kind & { received: () => string; isClosed: () => boolean } {
  let text = '';
  let isClosed = false;
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.on('close', () => (isClosed = true));
  return Object.assign(socket, { received: () => text, isClosed: () => isClosed });
}

const openTcp = (url: string) => kept(connectTcp(Number(new URL(url).port), '127.0.0.1'));

async function openTls(url: string, alpn?: string) {
  const port = Number(new URL(url).port);
  const socket = kept<TLSSocket>(
    connectTls({ port, rejectUnauthorized: false, ...(alpn !== undefined && { ALPNProtocols: [alpn] }) }),
  );
  await once(socket, 'secureConnect');
  return socket;
}

async function metric(name: string): Promise<number | undefined> {
  const line = (await registry.metrics()).split('\n').find((text) => text.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length));
}

const post = (body: string) =>
  `POST /inject HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe('open connections', () => {
  it('are bounded: the one that is idle for the longest time makes room', async () => {
    const url = await start({ maxConnections: 3 });
    const [oldest, second, third] = [await openTls(url), await openTls(url), await openTls(url)];
    oldest.write(post('x'));
    await expect.poll(oldest.received).toContain('{"length":1}');
    const fourth = await openTls(url);
    await expect.poll(second.isClosed).toBe(true);
    fourth.write(post('xx'));
    await expect.poll(fourth.received).toContain('{"length":2}');
    expect([oldest.isClosed(), third.isClosed()]).toEqual([false, false]);
    expect(await metric('outrigger_connections')).toBe(3);
    expect(await metric('outrigger_connections_closed_total{reason="idle"}')).toBe(1);
  });

  it('with a request in flight are not closed: then the new one is', async () => {
    const url = await start({ maxConnections: 2 });
    const requests = [await beginRequest(url, 'abc'), await beginRequest(url, 'abc')];
    const refused = openTcp(url);
    await expect.poll(refused.isClosed).toBe(true);
    for (const request of requests) request.finish();
    for (const request of requests) await expect.poll(request.answer).toContain('{"length":3}');
    expect(await metric('outrigger_connections_closed_total{reason="full"}')).toBe(1);
    // Now they are idle.
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
    for (const request of requests) request.cut();
  });

  it('of HTTP/2 are told apart by their requests as well', async () => {
    const url = await start({ maxConnections: 2 });
    const session = openHttp2(url);
    session.on('error', () => undefined);
    await callHttp2(session, { headers: json, body: 'x' });
    const busy = session.request({ ':method': 'POST', ':path': '/inject', ...json }, { endStream: false });
    busy.write('ab');
    await expect.poll(() => metric('outrigger_request_body_bytes')).toBe(2);
    const idle = await openTls(url);
    // Clients are done with a handshake before the server is.
    idle.write(post('xx'));
    await expect.poll(idle.received).toContain('{"length":2}');
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
    await expect.poll(idle.isClosed).toBe(true);
    let answer = '';
    busy.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    busy.end('c');
    await expect.poll(() => answer).toBe('{"length":3}');
    session.destroy();
  });

  it('that end are forgotten', async () => {
    const url = await start();
    const agent = keepAliveAgent();
    await callHttps(url, { headers: json, body: 'x' }, { agent });
    expect(await metric('outrigger_connections')).toBe(1);
    agent.destroy();
    await expect.poll(() => metric('outrigger_connections')).toBe(0);
  });
});

describe('TLS handshakes', () => {
  it('are bounded: the one that takes the longest ends, and honest clients get through', async () => {
    const url = await start({ maxHandshakes: 3 });
    const silent = [openTcp(url), openTcp(url), openTcp(url)];
    await expect.poll(() => metric('outrigger_connections')).toBe(3);
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
    await expect.poll(() => silent.filter((socket) => socket.isClosed())).toHaveLength(1);
    for (let index = 0; index < 50; index += 1) openTcp(url);
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
    expect(await metric('outrigger_connections')).toBeLessThanOrEqual(4);
    expect(await metric('outrigger_connections_closed_total{reason="handshakes"}')).toBeGreaterThan(45);
  });

  it('that stop half-way hold nobody up', async () => {
    const url = await start();
    for (let index = 0; index < 30; index += 1) openTcp(url).write(Buffer.from('16030100ff010000fb0303', 'hex'));
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
  });
});

describe('HTTP/1.1', () => {
  it.each([
    ['longer than the limit', `X-Long: ${'x'.repeat(maxHeaderBytes)}\r\n`, '431 Request Header Fields Too Large'],
    [
      'more than the limit',
      Array.from({ length: maxHeaders * 2 }, (_, index) => `X-${index}: y\r\n`).join(''),
      '431 Request Header Fields Too Large',
    ],
    ['that are malformed', 'no colon\r\n', '400 Bad Request'],
  ])('headers %s are refused', async (_what, headers, status) => {
    const url = await start();
    const socket = await openTls(url);
    socket.write(`POST /inject HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
    await expect.poll(socket.received).toContain(`HTTP/1.1 ${status}`);
    await expect.poll(socket.isClosed).toBe(true);
  });

  it('requests may follow each other without waiting', async () => {
    const url = await start();
    const socket = await openTls(url);
    socket.write([post('a'), post('bb'), post('ccc')].join(''));
    await expect.poll(socket.received).toContain('{"length":3}');
    expect(socket.received().match(/"length":\d/g)).toEqual(['"length":1', '"length":2', '"length":3']);
  });

  it('clients that do not read are not answered without bound, and are cut after a while', async () => {
    const url = await start();
    const socket = await openTls(url);
    socket.pause();
    for (let index = 0; index < 5_000; index += 1) socket.write(post('x'.repeat(1000)));
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
    expect(await metric('outrigger_request_body_bytes')).toBeLessThan(1024 * 1024);
    expect(app.server).toMatchObject({ timeout: stallTimeout });
  });

  it('a length that is contradicted is refused', async () => {
    const url = await start();
    const socket = await openTls(url);
    socket.write(
      'POST /inject HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    );
    await expect.poll(socket.received).toContain('HTTP/1.1 400');
  });
});

describe('HTTP/2', () => {
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

  function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head[3] = type;
    head[4] = flags;
    head.writeUInt32BE(stream, 5);
    return Buffer.concat([head, payload]);
  }

  async function openRaw(url: string) {
    const socket = await openTls(url, 'h2');
    socket.write(Buffer.concat([Buffer.from(preface), frame(4, 0, 0, Buffer.alloc(0))]));
    return socket;
  }

  /** `:method: GET`, `:scheme: https`, `:path: /`, from the static table. */
  const headers = Buffer.from([0x82, 0x87, 0x84]);

  it('ends a connection that resets its requests in a flood', async () => {
    const url = await start();
    const socket = await openRaw(url);
    for (let index = 0; index < http2Limits.streamResetBurst * 4 && !socket.destroyed; index += 1) {
      const stream = 2 * index + 1;
      socket.write(Buffer.concat([frame(1, 0x04, stream, headers), frame(3, 0, stream, Buffer.from([0, 0, 0, 8]))]));
    }
    await expect.poll(socket.isClosed).toBe(true);
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
  });

  it.each([
    ['settings', frame(4, 0, 0, Buffer.alloc(0))],
    ['pings', frame(6, 0, 0, Buffer.alloc(8))],
  ])('ends a connection with a flood of %s that takes no replies', async (_what, flood) => {
    const url = await start();
    const socket = await openRaw(url);
    socket.pause();
    const many = Buffer.concat(Array.from({ length: 20_000 }, () => flood));
    for (let index = 0; index < 50 && !socket.destroyed; index += 1) {
      socket.write(many);
      await sleep(1);
    }
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
    socket.resume();
    await expect.poll(socket.isClosed).toBe(true);
  });

  it('ends a connection with headers that never end', async () => {
    const url = await start();
    const socket = await openRaw(url);
    socket.write(frame(1, 0, 1, headers));
    for (let index = 0; index < 200 && !socket.destroyed; index += 1) {
      // A literal header field without indexing, of some 8 KB, in a CONTINUATION frame.
      const field = Buffer.concat([Buffer.from([0, 1, 0x78, 0x7f, 0xc1, 0x3e]), Buffer.alloc(8128, 0x79)]);
      socket.write(frame(9, 0, 1, field));
    }
    await expect.poll(socket.isClosed).toBe(true);
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
  });

  it('refuses headers that are too long or too many, and goes on', async () => {
    const url = await start();
    const session = openHttp2(url);
    session.on('error', () => undefined);
    const many = Object.fromEntries(Array.from({ length: maxHeaders * 2 }, (_, index) => [`x-${index}`, 'y']));
    for (const extra of [{ 'x-long': 'x'.repeat(maxHeaderBytes * 8) }, many]) {
      const answer = callHttp2(session, { headers: { ...json, ...extra }, body: 'x' });
      await expect(answer).rejects.toThrow();
    }
    session.destroy();
    expect(await callHttps(url, { headers: json, body: 'x' })).toMatchObject({ status: 200 });
  });

  it('tells clients how many requests there may be at once', async () => {
    const url = await start();
    const session = openHttp2(url);
    await callHttp2(session, { headers: json, body: 'x' });
    expect(session.remoteSettings).toMatchObject({ maxConcurrentStreams: 250, maxHeaderListSize: maxHeaderBytes });
    session.close();
  });

  it('ends a connection with a request that breaks the protocol', async () => {
    const url = await start();
    const socket = await openRaw(url);
    socket.write(frame(0, 0, 0, Buffer.from('data of no stream')));
    await expect.poll(socket.isClosed).toBe(true);
  });
});
