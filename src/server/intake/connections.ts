import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ServerLimits } from '../limits.ts';

/** Why a connection was closed, for the metrics. */
export type ClosingReason = 'idle' | 'full' | 'handshakes';

interface Connection {
  readonly socket: Socket;
  /** Requests in flight. */
  busy: number;
}

/**
 * The open connections of a server, and the TLS handshakes that go on; both are bounded. What is closed to make room is what an honest
 * client misses least: the connection that is idle for the longest time, and the handshake that takes the longest.
 */
export class Connections {
  readonly #limits: Pick<ServerLimits, 'maxConnections' | 'maxHandshakes'>;
  readonly #onClosed: (reason: ClosingReason) => void;
  readonly #byPeer = new Map<string, Connection>();
  /** Before the end of their handshake; the first one began first. */
  readonly #handshakes = new Set<Connection>();
  /** After it; the first one is without a new request for the longest time. */
  readonly #open = new Set<Connection>();
  /** Which connection a TLS socket or an HTTP/2 session is. */
  readonly #owners = new WeakMap<object, Connection>();
  #onGone: (() => void) | undefined;

  /** @param onClosed called for each connection that is closed to make room */
  constructor(
    limits: Pick<ServerLimits, 'maxConnections' | 'maxHandshakes'>,
    onClosed: (reason: ClosingReason) => void,
  ) {
    this.#limits = limits;
    this.#onClosed = onClosed;
  }

  /** How many there are, handshakes included. */
  get count(): number {
    return this.#open.size + this.#handshakes.size;
  }

  /** Bounds the connections of a server from now on. */
  watch(server: Http2SecureServer): void {
    server.prependListener('connection', this.#accept);
    // Before the server's own listener, which begins the HTTP/2 session.
    server.prependListener('secureConnection', this.#secured);
    server.on('session', (session: ServerHttp2Session) => {
      this.#own(session, session.socket);
    });
  }

  /** A request begins; `owner` is its TLS socket or HTTP/2 session. */
  begin(owner: object): void {
    const connection = this.#owners.get(owner);
    if (connection === undefined || !this.#open.delete(connection)) return;
    connection.busy += 1;
    this.#open.add(connection);
  }

  /** The request was answered, or given up. */
  end(owner: object): void {
    const connection = this.#owners.get(owner);
    if (connection !== undefined) connection.busy -= 1;
  }

  /** Waits until there are none, for at most so many milliseconds. */
  async gone(longest: number): Promise<void> {
    if (this.count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, longest);
      this.#onGone = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  readonly #accept = (socket: Socket): void => {
    const peer = peerOf(socket);
    const connection: Connection = { socket, busy: 0 };
    this.#byPeer.set(peer, connection);
    this.#handshakes.add(connection);
    socket.once('close', () => {
      if (this.#byPeer.get(peer) === connection) this.#byPeer.delete(peer);
      this.#handshakes.delete(connection);
      this.#open.delete(connection);
      if (this.count === 0) this.#onGone?.();
    });
    if (this.#handshakes.size > this.#limits.maxHandshakes) this.#close(first(this.#handshakes), 'handshakes');
    if (this.count > this.#limits.maxConnections) this.#makeRoom(connection);
  };

  readonly #secured = (socket: TLSSocket): void => {
    const connection = this.#own(socket, socket);
    if (connection !== undefined && this.#handshakes.delete(connection)) this.#open.add(connection);
  };

  /** A TLS socket and the TCP socket below it have the same peer, and no other connection has. */
  #own(owner: object, socket: Socket): Connection | undefined {
    const connection = this.#byPeer.get(peerOf(socket));
    if (connection !== undefined) this.#owners.set(owner, connection);
    return connection;
  }

  #makeRoom(newest: Connection): void {
    for (const connection of this.#open) {
      if (connection.busy > 0) continue;
      this.#close(connection, 'idle');
      return;
    }
    this.#close(newest, 'full');
  }

  #close(connection: Connection | undefined, reason: ClosingReason): void {
    if (connection === undefined) return;
    this.#handshakes.delete(connection);
    this.#open.delete(connection);
    connection.socket.destroy();
    this.#onClosed(reason);
  }
}

function first<Item>(items: Iterable<Item>): Item | undefined {
  for (const item of items) return item;
  return undefined;
}

function peerOf({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress ?? ''}|${remotePort ?? ''}`;
}
