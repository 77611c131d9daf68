import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RequestBodies } from '../../src/server/intake/request-bodies.ts';
import { defaultLimits, maxBodyBytes } from '../../src/server/limits.ts';

/** A request whose whole body has come, in such parts as the parser of HTTP gives of what one turn has read from the socket. */
function requestOf(bytes: number): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.headers['content-length'] = String(bytes);
  for (let sent = 0; sent < bytes; sent += 16_384) request.push(Buffer.alloc(Math.min(16_384, bytes - sent), 'x'));
  request.push(null);
  return request;
}

/** Bytes that are taken in each turn of the event loop until the longest body is there. */
async function receive(bodies: RequestBodies): Promise<readonly number[]> {
  let result: unknown;
  bodies.receive(requestOf(maxBodyBytes), (body) => (result = body));
  const perTurn: number[] = [];
  while (result === undefined && perTurn.length < 1_000_000) {
    const before = bodies.held;
    await setImmediate();
    perTurn.push(bodies.held - before);
  }
  expect(Buffer.alloc(maxBodyBytes, 'x').equals(result as Buffer)).toBe(true);
  bodies.close();
  return perTurn;
}

it('reads a long body in many turns of the event loop, so that others come in between', async () => {
  const perTurn = await receive(new RequestBodies(defaultLimits));
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(128 * 1024);
});

it('rests between these turns when there are other requests', async () => {
  const bodies = new RequestBodies(defaultLimits);
  bodies.receive(requestOf(1), () => undefined);
  const perTurn = await receive(bodies);
  const idle = perTurn.filter((bytes) => bytes === 0).length;
  expect(idle).toBeGreaterThan(maxBodyBytes / (128 * 1024));
});
