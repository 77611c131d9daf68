import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { mkdtempSync, readFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownCertificate } from '../../src/server/own-certificates.ts';
import { http2Sender, keepAliveSender, newConnectionSender } from '../../tools/bench/closed-loop.ts';
import { Connection, requestBytes, targetOf } from '../../tools/bench/connection.ts';
import { totalFailures } from '../../tools/bench/measurement.ts';
import { OpenLoop, type Fate } from '../../tools/bench/open-loop.ts';
import { RequestStream } from '../../tools/bench/stream.ts';

let certificate: { cert: string; key: string };
const servers: { close(): unknown }[] = [];

beforeAll(async () => {
  certificate = await ownCertificate(join(mkdtempSync(join(tmpdir(), 'outrigger-bench-test-')), 'tls'), new Date());
});
afterAll(() => {
  for (const server of servers) server.close();
});

/** A server that speaks raw text over TLS. */
async function rawServer(onData: (socket: TLSSocket, text: string) => void): Promise<string> {
  const server = createTlsServer({ ...certificate, ALPNProtocols: ['http/1.1'] }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      onData(socket, chunk.toString());
    });
  });
  return listening(server);
}

function listening(server: Server): Promise<string> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

const request = requestBytes('/inject', Buffer.from('{}'));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a connection', () => {
  it('sends requests that node:http understands, one after the other, and keeps the bodies of answers', async () => {
    const seen: string[] = [];
    const url = await listening(
      createServer(certificate, (incoming, response) => {
        incoming.on('data', (chunk: Buffer) => seen.push(`${incoming.url} ${chunk.toString()}`));
        incoming.on('end', () => {
          response.writeHead(200, { 'content-length': 6 });
          response.end('answer');
        });
      }),
    );
    const connection = await Connection.open(targetOf(url), { keepBodies: true });
    for (let round = 0; round < 3; round += 1) {
      const { status, body } = await connection.send(request);
      expect([status, body.toString()]).toEqual([200, 'answer']);
    }
    expect(seen).toEqual(['/inject {}', '/inject {}', '/inject {}']);
    connection.close();
  });

  it('puts an answer together that comes byte for byte', async () => {
    const answer = 'HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nlater';
    const url = await rawServer((socket) => {
      void (async () => {
        for (const byte of answer) {
          socket.write(byte);
          await pause(1);
        }
      })();
    });
    const connection = await Connection.open(targetOf(url), { keepBodies: true });
    const { status, body } = await connection.send(request);
    expect([status, body.toString(), connection.isOpen]).toEqual([503, 'later', true]);
    connection.close();
  });

  it('is not used again after an answer that closes it', async () => {
    const url = await rawServer((socket) =>
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request'),
    );
    const connection = await Connection.open(targetOf(url));
    expect((await connection.send(request)).status).toBe(400);
    expect(connection.isOpen).toBe(false);
  });

  it.each([
    ['an answer longer than it says', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab'],
    ['an answer without a length', 'HTTP/1.1 200 OK\r\n\r\n'],
  ])('fails for %s', async (message, answer) => {
    const url = await rawServer((socket) => socket.write(answer));
    const connection = await Connection.open(targetOf(url));
    await expect(connection.send(request)).rejects.toThrow(message);
  });

  it('fails when the server goes', async () => {
    const url = await rawServer((socket) => socket.destroy());
    const connection = await Connection.open(targetOf(url));
    await expect(connection.send(request)).rejects.toThrow(/closed|ECONNRESET|hang up/);
    await expect(connection.send(request)).rejects.toThrow();
  });

  it('checks the certificate where CAs are given', async () => {
    const url = await rawServer(() => undefined);
    await expect(Connection.open(targetOf(url, []))).rejects.toThrow(/certificate|issuer/);
  });
});

describe('loads', () => {
  const stream = (): RequestStream => new RequestStream([{ path: '/inject', text: '{}' }]);

  it.each([
    ['keep-alive connections', keepAliveSender],
    ['new connections', newConnectionSender],
  ])('count answers and failures over %s', async (_name, makeSender) => {
    let count = 0;
    const url = await listening(
      createServer(certificate, (incoming, response) => {
        incoming.resume();
        count += 1;
        response.writeHead(count % 4 === 0 ? 503 : 200, { 'content-length': 0 });
        response.end();
      }),
    );
    const sender = makeSender(url, stream(), 2);
    let rounds = 0;
    const { latenciesMs, failures } = await sender.send(() => (rounds += 1) <= 20);
    sender.close();
    expect([count, latenciesMs.length, failures]).toEqual([20, 15, { 'status 503': 5 }]);
  });

  it('counts a failure for a server that is not there, and goes on', async () => {
    for (const makeSender of [keepAliveSender, newConnectionSender, http2Sender]) {
      const sender = makeSender('https://127.0.0.1:1', stream(), 1);
      let rounds = 0;
      const { latenciesMs, failures } = await sender.send(() => (rounds += 1) <= 3);
      sender.close();
      expect([latenciesMs.length, totalFailures(failures)]).toEqual([0, 3]);
    }
  });

  it('sends what is due whatever the answers, and says what became of it', async () => {
    let count = 0;
    const url = await rawServer((socket) => {
      count += 1;
      if (count % 10 === 0) socket.destroy();
      else socket.write(`HTTP/1.1 ${count % 5 === 0 ? '429 Busy' : '200 OK'}\r\nContent-Length: 0\r\n\r\n`);
    });
    const fates: Record<Fate, number> = { answered: 0, refused: 0, broken: 0, late: 0, unsent: 0 };
    const loop = new OpenLoop(url, stream(), { connections: 4 }, ({ fate }) => {
      fates[fate] += 1;
    });
    await loop.pace(1000, 0.2);
    await loop.settle();
    loop.close();
    expect(fates).toEqual({ answered: 160, refused: 20, broken: 20, late: 0, unsent: 0 });
  });

  it('measures from when a request was due, not from when a connection was free for it', async () => {
    const url = await rawServer((socket) => {
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'), 30);
    });
    const latencies: number[] = [];
    const loop = new OpenLoop(url, stream(), { connections: 1 }, ({ latencyMs }) => latencies.push(latencyMs));
    const begin = performance.now();
    for (let sent = 0; sent < 4; sent += 1) loop.add(begin);
    await loop.settle();
    loop.close();
    expect(Math.max(...latencies)).toBeGreaterThan(115);
  });

  it('does not send what finds all connections busy, where it is told not to wait', async () => {
    const url = await rawServer((socket) => {
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'), 30);
    });
    const fates: Fate[] = [];
    const loop = new OpenLoop(url, stream(), { connections: 1, queue: false }, ({ fate }) => fates.push(fate));
    loop.add(performance.now());
    await pause(15);
    await loop.settle();
    // The connection is free: one is sent, the others find it busy.
    for (let sent = 0; sent < 3; sent += 1) loop.add(performance.now());
    await loop.settle();
    loop.close();
    expect(fates.toSorted()).toEqual(['answered', 'answered', 'unsent', 'unsent']);
  });

  it('takes connections that are refused as refusals', async () => {
    const fates: Fate[] = [];
    const loop = new OpenLoop('https://127.0.0.1:1', stream(), { connections: 2 }, ({ fate }) => fates.push(fate));
    for (let sent = 0; sent < 3; sent += 1) loop.add(performance.now());
    await loop.settle();
    loop.close();
    expect(fates).toEqual(['refused', 'refused', 'refused']);
  });
});

describe('npm run bench', () => {
  it('writes rows for the loads that are asked for', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'outrigger-bench-test-')), 'rows.json');
    const args = ['--seconds', '2', '--runs', '1', '--only', 'floor', '--only', 'concurrency 1', '--json', file];
    const child = spawn(process.execPath, ['tools/bench/main.ts', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
    const rows = JSON.parse(readFileSync(file, 'utf8')) as { name: string; requests: number; failures: number }[];
    expect(rows.map(({ name }) => name)).toEqual([
      'floor: node:https, JSON in and out, concurrency 8',
      'inject, concurrency 1',
      'inject, concurrency 128',
    ]);
    for (const row of rows) expect(row.requests - row.failures, row.name).toBeGreaterThan(0);
  });
});
