/** Loads whose next request waits for the last answer. */
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { Connection, targetOf, tlsOptions } from './connection.ts';
import { countFailure } from './measurement.ts';
import type { RequestStream } from './stream.ts';

/** What was sent in a while. */
export interface Sent {
  readonly latenciesMs: number[];
  readonly failures: Record<string, number>;
}

/** Sends over a number of connections for as long as `goOn` says. */
export interface Sender {
  send(goOn: () => boolean): Promise<Sent>;
  close(): void;
}

/** Sends one request; the status of its answer. */
type SendOne = () => Promise<number>;

/** Runs that many lanes, each with a request at a time. */
async function runLanes(lanes: readonly SendOne[], goOn: () => boolean): Promise<Sent> {
  const sent: Sent = { latenciesMs: [], failures: {} };
  const run = async (lane: SendOne): Promise<void> => {
    while (goOn()) {
      const begin = performance.now();
      try {
        const status = await lane();
        if (status === 200) sent.latenciesMs.push(performance.now() - begin);
        else countFailure(sent.failures, `status ${status}`);
      } catch (error) {
        // A connection that breaks is a failure of this request, not of the run.
        countFailure(sent.failures, messageOf(error));
        await pause(1);
      }
    }
  };
  await Promise.all(lanes.map(run));
  return sent;
}

/** The message of an error without what differs from case to case. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/[\d.]+:\d+/, 'ADDRESS');

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Keep-alive connections over HTTP/1.1. */
export function keepAliveSender(url: string, stream: RequestStream, count: number): Sender {
  const connections: (Connection | undefined)[] = Array.from({ length: count }, () => undefined);
  const target = targetOf(url);
  const lanes = connections.map((_, lane): SendOne => async () => {
    let connection = connections[lane];
    if (connection?.isOpen !== true) {
      connection = await Connection.open(target);
      connections[lane] = connection;
    }
    return (await connection.send(stream.next().bytes)).status;
  });
  return {
    send: (goOn) => runLanes(lanes, goOn),
    close: () => {
      for (const connection of connections) connection?.close();
    },
  };
}

/** A connection for each request. */
export function newConnectionSender(url: string, stream: RequestStream, count: number): Sender {
  const target = targetOf(url);
  const lane: SendOne = async () => {
    const connection = await Connection.open(target);
    try {
      return (await connection.send(stream.next().bytes)).status;
    } finally {
      connection.close();
    }
  };
  return {
    send: (goOn) =>
      runLanes(
        Array.from({ length: count }, () => lane),
        goOn,
      ),
    close: () => undefined,
  };
}

/** Streams of one HTTP/2 connection. */
export function http2Sender(url: string, stream: RequestStream, count: number): Sender {
  const session = connectHttp2(url, { createConnection: () => connectTls(tlsOptions(targetOf(url), 'h2')) });
  session.on('error', () => undefined);
  const lane: SendOne = () => {
    const { path, body } = stream.nextBody();
    return sendStream(session, path, body);
  };
  return {
    send: (goOn) =>
      runLanes(
        Array.from({ length: count }, () => lane),
        goOn,
      ),
    close: () => {
      session.destroy();
    },
  };
}

function sendStream(session: ClientHttp2Session, path: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const request = session.request({ ':method': 'POST', ':path': path, ...headers });
    let status = 0;
    request.on('response', (answer) => {
      status = Number(answer[':status']);
    });
    request.on('error', reject);
    request.on('close', () => {
      resolve(status);
    });
    request.resume();
    request.end(body);
  });
}
