import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** Empty where bodies are not kept. */
  readonly body: Buffer;
}

/** Where to connect to, and how. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** CAs to trust; without them the server's certificate is not checked. */
  readonly ca?: readonly string[];
}

/** How long a connection may take to come about, in ms. */
const connectTimeout = 10_000;

/** What a TLS record can hold, in bytes. */
const recordBytes = 16_384;

const headEnd = Buffer.from('\r\n\r\n');

/** The settings of a TLS connection to a target. There is no session to resume, as with the API server. */
export function tlsOptions({ host, port, ca }: Target, protocol: 'http/1.1' | 'h2'): ConnectionOptions {
  const trust = ca === undefined ? { rejectUnauthorized: false } : { ca: [...ca] };
  return { host, port, ALPNProtocols: [protocol], ...trust };
}

/** The target of a URL. */
export function targetOf(url: string, ca?: readonly string[]): Target {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port), ca };
}

/** The bytes of a POST; they can be sent any number of times. */
export function requestBytes(path: string, body: Buffer, contentType = 'application/json'): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/**
 * An HTTP/1.1 connection over TLS that has one request at a time. It knows as much of HTTP as our servers say, and
 * takes a fifth of the time that node:https takes, so that the client is not what is measured.
 */
export class Connection {
  readonly socket: TLSSocket;
  readonly #keepBodies: boolean;
  #pending: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  #head: Buffer | undefined;
  #body: Buffer[] = [];
  #missing = 0;
  #status = 0;
  #lastAnswer = false;
  #failure: Error | undefined;

  private constructor(socket: TLSSocket, keepBodies: boolean) {
    this.socket = socket;
    this.#keepBodies = keepBodies;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#read(chunk);
    });
    socket.on('error', (error) => {
      this.#fail(error);
    });
    socket.on('close', () => {
      this.#fail(new Error('connection closed'));
    });
  }

  /** Connects; rejects when the handshake fails. */
  static open(target: Target, { keepBodies = false } = {}): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(tlsOptions(target, 'http/1.1'));
      const giveUp = setTimeout(() => socket.destroy(new Error('the connection took too long')), connectTimeout);
      const end = (): void => {
        reject(new Error('connection closed in its handshake'));
      };
      socket.once('error', reject);
      socket.once('close', end);
      socket.once('secureConnect', () => {
        clearTimeout(giveUp);
        socket.off('error', reject);
        socket.off('close', end);
        resolve(new Connection(socket, keepBodies));
      });
      socket.once('close', () => {
        clearTimeout(giveUp);
      });
    });
  }

  /** Whether another request can be sent. */
  get isOpen(): boolean {
    return this.#failure === undefined && !this.#lastAnswer;
  }

  /** Sends a request and waits for its answer; rejects when the connection ends before. */
  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#pending = { resolve, reject };
      this.#write(request, 0);
    });
  }

  /** Writes the rest of a request record by record, as the API server does, and lets others on this event loop go between. */
  #write(request: Buffer, from: number): void {
    const to = from + recordBytes;
    if (to >= request.length) {
      this.socket.write(from === 0 ? request : request.subarray(from));
      return;
    }
    this.socket.write(request.subarray(from, to), (error) => {
      if (!(error instanceof Error))
        setImmediate(() => {
          this.#write(request, to);
        });
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#pending === undefined) {
      this.#fail(new Error('an answer to no request'));
      return;
    }
    if (this.#missing > 0) {
      this.#readBody(chunk);
      return;
    }
    const text = this.#head === undefined ? chunk : Buffer.concat([this.#head, chunk]);
    const end = text.indexOf(headEnd);
    if (end < 0) {
      this.#head = text;
      return;
    }
    this.#head = undefined;
    this.#readHead(text.toString('latin1', 0, end));
    if (this.#failure === undefined) this.#readBody(text.subarray(end + headEnd.length));
  }

  #readHead(head: string): void {
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.#status = Number(head.slice(9, 12));
    this.#lastAnswer = /\r\nconnection: *close/i.test(head);
    this.#missing = Number(length ?? 0);
    if (length === undefined && !this.#lastAnswer) this.#fail(new Error(`an answer without a length: ${head}`));
  }

  #readBody(chunk: Buffer): void {
    this.#missing -= chunk.length;
    if (this.#keepBodies) this.#body.push(chunk);
    if (this.#missing > 0) return;
    if (this.#missing < 0 && !this.#lastAnswer) {
      this.#fail(new Error('an answer longer than it says'));
      return;
    }
    const answer = { status: this.#status, body: Buffer.concat(this.#body) };
    const pending = this.#pending;
    this.#body = [];
    this.#missing = 0;
    this.#pending = undefined;
    if (this.#lastAnswer) this.socket.destroy();
    pending?.resolve(answer);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.socket.destroy();
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(this.#failure);
  }
}
