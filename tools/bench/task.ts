import type { LoadRequest } from './stream.ts';

/** How requests are sent. */
export type Pattern =
  /** Each connection sends its next request when the last one is answered. */
  | { readonly kind: 'closed'; readonly connections: number }
  /** As `closed`, with a connection of its own for each request. */
  | { readonly kind: 'new connections'; readonly connections: number }
  /** As `closed`, with streams of one HTTP/2 connection. */
  | { readonly kind: 'http2'; readonly streams: number }
  /** That many a second whatever the answers; the times count from when a request was due. */
  | { readonly kind: 'paced'; readonly perSecond: number; readonly connections: number }
  /** That many requests as fast as the connections take them. */
  | { readonly kind: 'burst'; readonly requests: number; readonly connections: number }
  /** As `paced` with more than the server can do, then `normalPerSecond` to see when it has recovered. */
  | {
      readonly kind: 'overload';
      readonly perSecond: number;
      readonly normalPerSecond: number;
      readonly connections: number;
    };

/** A load for the client process. */
export interface Task {
  readonly url: string;
  /** Sent in turn. */
  readonly requests: readonly LoadRequest[];
  /** Sent one after the other all the time, beside a `paced` load; by the same process, so that nothing but the server makes one wait for the other. */
  readonly beside?: readonly LoadRequest[];
  /** Number of the first request, for loads that must have no pod in common. */
  readonly start: number;
  readonly pattern: Pattern;
  /** Sent before the measurement, so that code is compiled and connections are open, in ms. */
  readonly warmUpMs: number;
  readonly seconds: number;
  /** The server process. */
  readonly pid: number;
}
