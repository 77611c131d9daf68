import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { connectionsCheckingInterval, maxBodyBytes, requestTimeout, type ServerLimits } from '../limits.ts';
import { RequestRefused } from '../webhook.ts';
import { ReceivedBody } from './received-body.ts';

/** A request of HTTP/1.1 or HTTP/2. */
export type Request = IncomingMessage | Http2ServerRequest;

/**
 * Bytes of one body that are read before others have their turn: as many as one read of the socket brings. Without this bound, reading a body of
 * 5 MiB held the event loop for up to 8 ms at a time.
 */
const bytesPerTurn = 64 * 1024;

/**
 * How long reading a body then rests, in ms, when there are other requests: 5 MiB take 0.1 to 0.2 s to come. An event loop that is busy for milliseconds
 * is put behind the threads of low priority for as long again, by Linux's scheduler (EEVDF), and small requests with it: without the rest their
 * 99th percentile beside bodies of 5 MiB was 7 ms instead of 5. With 3 ms it hardly changes, and long bodies take more than twice the time.
 */
const rest = 1;

/** There are others when a request has come less than this before, in ms, or since. */
const recent = 100;

/** A body that is being received. */
interface Unfinished {
  readonly begun: number;
  readonly give: (result: Buffer | RequestRefused) => void;
}

/**
 * Receives bodies, and bounds the memory that all of them take together: from their first byte until {@link RequestBodies.release}. When
 * it is used up, the body that began first is given up, since an honest client sends one within milliseconds.
 */
export class RequestBodies {
  readonly #limit: number;
  readonly #unfinished = new Set<Unfinished>();
  readonly #sweep: NodeJS.Timeout;
  #held = 0;
  /** When the last request came. */
  #latest = -Infinity;

  constructor({ maxBodiesBytes }: Pick<ServerLimits, 'maxBodiesBytes'>) {
    this.#limit = maxBodiesBytes;
    this.#sweep = setInterval(this.#giveUpSlowOnes, connectionsCheckingInterval).unref();
  }

  /** Bytes in memory. */
  get held(): number {
    return this.#held;
  }

  /** Ends the checks. */
  close(): void {
    clearInterval(this.#sweep);
  }

  /** A body is needed no longer. */
  release(bytes: number): void {
    this.#held -= bytes;
  }

  /** Receives the body of a request; `done` is called once. A body that it gets is held until it is released. */
  receive(request: Request, done: (result: Buffer | RequestRefused) => void): void {
    const received = new ReceivedBody(request.headers['content-length']);
    let turnEnd = bytesPerTurn;
    let isOver = false;
    const give = (result: Buffer | RequestRefused): void => {
      if (isOver) return;
      isOver = true;
      this.#unfinished.delete(body);
      if (result instanceof RequestRefused) {
        this.#held -= received.length;
        received.drop();
      }
      done(result);
    };
    const body: Unfinished = { begun: performance.now(), give };
    const hasOthers = body.begun - this.#latest < recent;
    this.#latest = body.begun;
    this.#unfinished.add(body);
    request.on('data', (chunk: Buffer) => {
      if (isOver) return;
      this.#held += chunk.length;
      received.add(chunk);
      if (received.length > maxBodyBytes) give(tooLarge());
      else if (this.#held > this.#limit) this.#makeRoom();
      else if (received.length >= turnEnd) {
        turnEnd = received.length + bytesPerTurn;
        request.pause();
        const resume = (): unknown => request.resume();
        if (hasOthers || this.#latest > body.begun) setTimeout(resume, rest);
        else setImmediate(resume);
      }
    });
    request.on('end', () => {
      give(received.take());
    });
    const fail = (): void => {
      // Each request is closed in the end.
      if (!isOver) give(new RequestRefused('read-error', 400, 'unexpected EOF'));
    };
    request.on('error', fail);
    request.on('close', fail);
  }

  #makeRoom(): void {
    for (const { give } of this.#unfinished) {
      give(new RequestRefused('overload', 503, 'too many bytes of requests are in memory', { closes: true }));
      if (this.#held <= this.#limit) return;
    }
  }

  readonly #giveUpSlowOnes = (): void => {
    const earliest = performance.now() - requestTimeout;
    for (const { begun, give } of this.#unfinished) {
      if (begun > earliest) return;
      give(new RequestRefused('read-error', 408, 'the request body did not come in time', { closes: true }));
    }
  };
}

function tooLarge(): RequestRefused {
  return new RequestRefused('too-large', 400, `Request entity too large: limit is ${maxBodyBytes}`);
}
