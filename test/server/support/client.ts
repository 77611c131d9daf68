import { Agent, request, type RequestOptions } from 'node:https';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import type { IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** Sends one request over TLS with HTTP/1.1; the path goes out as it is. */
export function callHttps(url: string, call: Call, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'POST', path = '/inject', headers = {}, body = '' } = call;
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const length = 'transfer-encoding' in headers ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request(
      {
        hostname,
        port,
        method,
        path,
        headers: { ...length, ...headers },
        rejectUnauthorized: false,
        agent: false,
        ...options,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          });
        });
        response.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends one request over an HTTP/2 session. */
export function callHttp2(session: ClientHttp2Session, call: Call): Promise<Answer> {
  const { method = 'POST', path = '/inject', headers = {}, body = '' } = call;
  return new Promise((resolve, reject) => {
    const pseudoHeaders = { [constants.HTTP2_HEADER_METHOD]: method, [constants.HTTP2_HEADER_PATH]: path };
    const stream = session.request({ ...pseudoHeaders, ...headers }, { endStream: false });
    let status = 0;
    let received: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    stream.on('response', (response) => {
      status = Number(response[constants.HTTP2_HEADER_STATUS]);
      received = response as IncomingHttpHeaders;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      resolve({ status, headers: received, body: Buffer.concat(chunks).toString() });
    });
    stream.on('error', reject);
    stream.end(body);
  });
}

/** Opens an HTTP/2 session over TLS. */
export function openHttp2(url: string): ClientHttp2Session {
  // A connection that is cut is told by the requests in it.
  return connect(url, { rejectUnauthorized: false }).on('error', () => undefined);
}

/** An agent with one connection that is kept open. */
export function keepAliveAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}

/** A request that the server is waiting for the rest of. */
export interface BegunRequest {
  /** Sends the rest. */
  readonly finish: () => void;
  /** What came back so far. */
  readonly answer: () => string;
  /** Whether the server has closed the connection. */
  readonly isClosed: () => boolean;
  readonly cut: () => void;
}

/** Begins a request with HTTP/1.1; resolves when the server has its headers and waits for the body, or for all but `sent` bytes. */
export async function beginRequest(url: string, body: string, sent = 0): Promise<BegunRequest> {
  const socket = connectTls({ port: Number(new URL(url).port), rejectUnauthorized: false });
  socket.on('error', () => undefined);
  let answer = '';
  let isClosed = false;
  socket.on('close', () => (isClosed = true));
  const head = ['POST /inject HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Expect: 100-continue'];
  socket.write(`${[...head, `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n`);
  await once(socket, 'data');
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.write(body.slice(0, sent));
  return {
    finish: () => socket.write(body.slice(sent)),
    answer: () => answer,
    isClosed: () => isClosed,
    cut: () => socket.destroy(),
  };
}
