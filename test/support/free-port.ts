import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Below the ports that Linux gives to clients, and to servers that ask for any. */
const { least, most } = portRange();

/** Ports that this process was given already. */
const given = new Set<number>();

/**
 * A port of this machine that nobody listens on. Between this answer and its use nobody takes it by chance: it is none of those that the
 * system gives away by itself.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const port = least + Math.floor(Math.random() * (most - least));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no port from ${least} to ${most} is free`);
}

function portRange(): { least: number; most: number } {
  const all = { least: 10_000, most: 32_000 };
  try {
    const [first = all.most] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
    return first > all.least + 1000 ? { ...all, most: Math.min(first, all.most) } : all;
  } catch {
    return all;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
