/** HTTPS to one API server, over connections that are kept. */
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { ApiConnectionError } from './api-error.ts';
import type { Credentials } from './credentials.ts';

/** One request. */
export interface TransportCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly type: string; readonly text: string };
  /** Ends the request, and the reading of its answer. */
  readonly signal: AbortSignal;
}

/** A text of more bytes is not read: a page of 500 Nodes with all they report is a tenth of it. */
const maxAnswerBytes = 256 * 1024 * 1024;

/** Idle time after which the kernel probes a connection, in milliseconds: one whose other end vanished ends half a minute later. */
const probeAfter = 15_000;

export class Transport {
  readonly #credentials: Credentials;
  readonly #agent = new Agent({ keepAlive: true, keepAliveMsecs: probeAfter, maxFreeSockets: 2 });

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** `https://HOST:PORT` of the API server. */
  get server(): string {
    return this.#credentials.server.href.replace(/\/$/, '');
  }

  /** Sends a request and waits for the head of its answer. Rejects with an {@link ApiConnectionError}. */
  async send(call: TransportCall): Promise<IncomingMessage> {
    try {
      return await this.#sendOnce(call);
    } catch (error) {
      // A kept connection that the server was just closing; reading twice does no harm.
      const again = error instanceof StaleConnection && call.method === 'GET' && !call.signal.aborted;
      if (!again) throw this.#connectionError(error, call.signal);
    }
    try {
      return await this.#sendOnce(call);
    } catch (error) {
      throw this.#connectionError(error, call.signal);
    }
  }

  /** Closes all connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #sendOnce({ method, path, headers, body, signal }: TransportCall): Promise<IncomingMessage> {
    const { server } = this.#credentials;
    const { headers: authorization, ...credentials } = await this.#credentials.forRequest();
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent: this.#agent,
          ...credentials,
          host: server.hostname.replace(/^\[|\]$/g, ''),
          port: server.port === '' ? 443 : server.port,
          path: server.pathname.replace(/\/$/, '') + path,
          method,
          signal,
          headers: {
            accept: 'application/json',
            'user-agent': 'outrigger',
            ...authorization,
            ...headers,
            ...(body && { 'content-type': body.type, 'content-length': Buffer.byteLength(body.text) }),
          },
        },
        resolve,
      );
      outgoing.once('error', (error) => {
        reject(outgoing.reusedSocket ? new StaleConnection('', { cause: error }) : error);
      });
      outgoing.end(body?.text);
    });
  }

  #connectionError(error: unknown, signal: AbortSignal): Error {
    return connectionError(error, signal, `cannot reach the API server ${this.server}`);
  }
}

/** A connection that had been used before broke. */
class StaleConnection extends Error {}

/** The error to show: the reason of an abort, else the cause in a sentence. */
export function connectionError(error: unknown, signal: AbortSignal, what: string): Error {
  if (signal.aborted && signal.reason instanceof Error) return signal.reason;
  const cause = error instanceof StaleConnection ? error.cause : error;
  if (cause instanceof ApiConnectionError) return cause;
  return new ApiConnectionError(`${what}: ${cause instanceof Error ? describe(cause) : String(cause)}`, { cause });
}

/** Of an attempt at several addresses, Node gives the reasons in a list. */
function describe(error: Error): string {
  if (!(error instanceof AggregateError)) return error.message;
  return error.errors.map((one: unknown) => (one instanceof Error ? one.message : String(one))).join(', ');
}

/** The whole text of an answer. */
export async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxAnswerBytes) throw new ApiConnectionError('the answer of the API server is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
