/** The limits of the HTTPS port, each with the reason for its number. Times are in milliseconds. */
import { StartupError } from './startup-error.ts';

/** Longest request body: Istio's limit, twice what etcd can store as one object with its old version. */
export const maxBodyBytes = 6 * 1024 * 1024;

/** How long a client may take to send the request headers: that of Istio's webhook server. */
export const headersTimeout = 30_000;

/** How long a client may take to send the whole request: the API server gives up on a webhook after 30 s at the latest. */
export const requestTimeout = 30_000;

/** How long a TLS handshake may take. One with the API server takes some milliseconds, or a second when packets get lost. */
export const handshakeTimeout = 10_000;

/**
 * How long an idle connection stays open. The API server keeps idle connections for 90 s; were ours shorter, it
 * would now and then send a review into a connection that we are just closing, and a pod would be refused.
 */
export const keepAliveTimeout = 120_000;

/** How long nothing may move in a connection with a request in flight, such as a client that does not read its answer. */
export const stallTimeout = 60_000;

/** When TCP begins to ask whether an idle client is still there. Ten questions, one a second: then the connection ends. */
export const keepAliveProbeDelay = 30_000;

/** Longest request headers, in bytes: Node's default. The API server sends some 200. HTTP/2 clients are told; nghttp2 refuses 64 KB. */
export const maxHeaderBytes = 16 * 1024;

/** Most request headers. The API server sends 7. */
export const maxHeaders = 100;

/** What an HTTP/2 connection may do; see `http2.createSecureServer`. A connection that does more is ended. */
export const http2Limits = {
  /** Requests at the same time in one connection: the default of Go's server. */
  maxConcurrentStreams: 250,
  /** Streams that the client resets: so many at once, and then so many a second ("rapid reset", CVE-2023-44487). */
  streamResetBurst: 500,
  streamResetRate: 33,
  /** Frames that break the protocol, and streams beyond {@link http2Limits.maxConcurrentStreams}. */
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
  /** Settings in one frame, of which the protocol knows eight. Floods of settings and pings are ended by nghttp2: 1,000 unsent replies. */
  maxSettings: 32,
  /** Memory of one connection in MB: headers and what waits to be sent. */
  maxSessionMemory: 8,
} as const;

/** How often connections and unfinished bodies are checked against the limits above. */
export const connectionsCheckingInterval = 5_000;

/**
 * How long, after SIGTERM, connections stay open that wait for their next request, whose answer then says that it is the last. Of those that
 * are used less often than that, some one in a thousand is in use in the moment when it is closed.
 */
export const leaveTime = 2_000;

/** How long requests in flight may take after SIGTERM: the API server's default timeout of a webhook call. */
export const drainTimeout = 10_000;

/** Longest text of an error in a log line: an error may quote the body it could not read. */
export const maxLoggedErrorLength = 512;

/** Most text of the log that waits to be written, in UTF-16 units: some 30,000 lines; one that nobody reads has no bound. */
export const maxLogBuffer = 8 * 1024 * 1024;

/**
 * How long answers are made without looking at the network, which is the longest that other requests wait to be read, that is the
 * bound on holding the event loop beside that of a single answer. Under overload it is as long as reading takes, but no longer than
 * the second number, so that refusing some does not take the time for answering others.
 */
export const turnBudget = { least: 10, most: 50 } as const;

/** How long an answer that is made may wait to be written together with others, in milliseconds of making those. */
export const longestWaitForOthers = 5;

/** Limits that depend on the machine and the size of the cluster: environment variables change them. */
const adjustable = {
  /**
   * Open connections. The API server opens one for each call at the same time with HTTP/1.1, by default 600 in all. Beyond, the one that
   * is idle for the longest time is closed; if none is idle, the new one. One takes some 40 KB.
   */
  maxConnections: { variable: 'OUTRIGGER_MAX_CONNECTIONS', value: 1024, least: 1 },
  /**
   * TLS handshakes at the same time: all that an API server may begin at once in a burst of pods, and some more. Beyond, the one that
   * began first is ended: it takes the longest. One takes 0.7 ms of CPU.
   */
  maxHandshakes: { variable: 'OUTRIGGER_MAX_HANDSHAKES', value: 768, least: 1 },
  /** Requests that are complete and wait for their answer. A burst of 5,000 pods waits for some two seconds. */
  maxWaitingRequests: { variable: 'OUTRIGGER_MAX_WAITING_REQUESTS', value: 5000, least: 0 },
  /**
   * Expected waiting time, in milliseconds, from which on requests are refused. It counts on half of the time for reading new requests:
   * when too much comes no longer, what waits is answered in half of it.
   */
  maxWaitingTime: { variable: 'OUTRIGGER_MAX_WAITING_MS', value: 3000, least: 1 },
  /** Bytes of all bodies that are being received, wait or are being answered: ten of the longest. */
  maxBodiesBytes: { variable: 'OUTRIGGER_MAX_BODIES_BYTES', value: 64 * 1024 * 1024, least: maxBodyBytes },
} as const satisfies Record<string, { variable: string; value: number; least: number }>;

/** See {@link adjustable} for each. */
export type ServerLimits = { readonly [Name in keyof typeof adjustable]: number };

/** What holds when no variable says otherwise. */
export const defaultLimits: ServerLimits = readLimits({});

/**
 * The limits that environment variables ask for.
 * @throws {StartupError} when one is no whole number, or too small to serve anything
 */
export function readLimits(variables: Readonly<Record<string, string | undefined>>): ServerLimits {
  const entries = Object.entries(adjustable).map(([name, { variable, value, least }]) => {
    const text = variables[variable] ?? '';
    if (text === '') return [name, value];
    const number = /^[0-9]{1,15}$/.test(text) ? Number(text) : -1;
    if (number < least) {
      throw new StartupError('LIMIT_INVALID', `${variable}=${text} is no whole number of at least ${least}`);
    }
    return [name, number];
  });
  return Object.fromEntries(entries) as ServerLimits;
}
