import type { Server as NetServer, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { listenError } from './startup-error.ts';

/** As much of a Fastify application as starting and stopping it takes. */
interface App {
  readonly server: Pick<NetServer, 'address' | 'on'>;
  listen(options: { host: string; port: number }): Promise<string>;
  close(): PromiseLike<unknown>;
}

/** Where an application listens, and how it is stopped. */
export interface Listener {
  /** Where a client on this machine reaches it, e.g. `https://127.0.0.1:15017`. */
  readonly url: string;
  /** Has the application closed, which lets requests in flight end; cuts what is left after `drainTimeout` ms. */
  readonly drain: (drainTimeout: number) => Promise<void>;
}

/** What is listened for: the words and the flag for error messages. */
export interface Purpose {
  readonly scheme: 'http' | 'https';
  readonly what: string;
  readonly flag: string;
}

/**
 * Starts listening.
 * @throws {StartupError} when the address cannot be had
 */
export async function listen(app: App, host: string, port: number, purpose: Purpose): Promise<Listener> {
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw listenError(purpose.what, host, port, purpose.flag, error);
  }
  const bound = app.server.address() as AddressInfo;
  return {
    url: `${purpose.scheme}://${reachableHost(host)}:${bound.port}`,
    drain: async (drainTimeout) => {
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, drainTimeout);
      await app.close();
      clearTimeout(cut);
    },
  };
}

/** `0.0.0.0` and `::` are no addresses to connect to. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
