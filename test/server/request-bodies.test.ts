import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RequestBodies } from '../../src/server/intake/request-bodies.ts';
import { defaultLimits, maxBodyBytes } from '../../src/server/limits.ts';

it('reads a long body in many turns of the event loop, so that others come in between', async () => {
  const bodies = new RequestBodies(defaultLimits);
  const request = new IncomingMessage(new Socket());
  request.headers['content-length'] = String(maxBodyBytes);
  let result: unknown;
  bodies.receive(request, (body) => (result = body));
  // As the parser of HTTP does with what one turn has read from the socket.
  for (let sent = 0; sent < maxBodyBytes; sent += 16_384) request.push(Buffer.alloc(16_384, 'x'));
  request.push(null);

  const perTurn: number[] = [];
  while (result === undefined && perTurn.length < 1000) {
    const before = bodies.held;
    await setImmediate();
    perTurn.push(bodies.held - before);
  }
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(256 * 1024);
  expect(Buffer.alloc(maxBodyBytes, 'x').equals(result as Buffer)).toBe(true);
  bodies.close();
});
