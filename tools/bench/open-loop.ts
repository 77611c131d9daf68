/** Loads that do not wait for answers, as pods do not. */
import { Connection, targetOf, type Answer } from './connection.ts';
import { messageOf } from './closed-loop.ts';
import type { RequestStream } from './stream.ts';

/** How long the API server waits for a webhook by default, in ms. */
const deadline = 10_000;

/** After a connection that was refused or broke, how long until the next is tried in its place, in ms. */
const reconnectPause = 100;

/** How often due requests are sent, in ms. */
const tick = 1;

const noBody = Buffer.alloc(0);

/** What became of a request. */
export type Fate = 'answered' | 'refused' | 'broken' | 'late' | 'unsent';

/** A request that has come to its end. */
export interface Outcome {
  readonly fate: Fate;
  /** When it was due, by `performance.now()`. */
  readonly due: number;
  /** From then to its end, in ms. */
  readonly latencyMs: number;
  readonly index: number;
  /** Why it was not answered: `status 503`, or the message of an error. */
  readonly reason: string;
  readonly body: Buffer;
}

/** How an open loop sends. */
export interface OpenLoopOptions {
  readonly connections: number;
  /** Whether outcomes carry the body of the answer. Default: no. */
  readonly keepBodies?: boolean;
  /** Whether requests wait that find all connections busy; else they are not sent. Default: yes. */
  readonly queue?: boolean;
}

/** Sends requests when they are due over a bounded number of connections. */
export class OpenLoop {
  readonly #url: string;
  readonly #stream: RequestStream;
  readonly #connections: number;
  readonly #keepBodies: boolean;
  readonly #queue: boolean;
  readonly #onEnd: (outcome: Outcome) => void;
  readonly #free: Connection[] = [];
  readonly #all = new Set<Connection>();
  #opened = 0;
  /** When the requests were due that no connection has taken yet: those from `#taken` on. */
  #waiting: number[] = [];
  #taken = 0;
  /** Requests whose end is not known yet. */
  unfinished = 0;
  closed = false;

  constructor(
    url: string,
    stream: RequestStream,
    { connections, keepBodies = false, queue = true }: OpenLoopOptions,
    onEnd: (outcome: Outcome) => void,
  ) {
    this.#url = url;
    this.#stream = stream;
    this.#connections = connections;
    this.#keepBodies = keepBodies;
    this.#queue = queue;
    this.#onEnd = onEnd;
  }

  /** Sends that many a second for a while; resolves when the last one is due. */
  async pace(perSecond: number, seconds: number): Promise<void> {
    const begin = performance.now();
    const total = Math.round(perSecond * seconds);
    for (let sent = 0; sent < total;) {
      const now = performance.now();
      for (; sent < total && begin + (sent * 1000) / perSecond <= now; sent += 1) {
        this.add(begin + (sent * 1000) / perSecond);
      }
      await new Promise((resolve) => setTimeout(resolve, tick));
    }
  }

  /** A request that is due. */
  add(due: number): void {
    this.unfinished += 1;
    if (!this.#queue && this.#free.length === 0 && this.#opened === this.#connections) {
      this.#end('unsent', due, 0);
      return;
    }
    this.#waiting.push(due);
    this.#serve();
  }

  /** Waits until every request has ended. */
  async settle(): Promise<void> {
    while (this.unfinished > 0) await new Promise((resolve) => setTimeout(resolve, tick));
  }

  /** Cuts all connections; what has no answer yet is broken. */
  close(): void {
    this.closed = true;
    for (const connection of this.#all) connection.close();
    const now = performance.now();
    for (let due = this.#take(); due !== undefined; due = this.#take()) this.#end('late', due, now - due);
  }

  #take(): number | undefined {
    const due = this.#waiting[this.#taken];
    if (due === undefined) {
      this.#waiting = [];
      this.#taken = 0;
      return undefined;
    }
    this.#taken += 1;
    return due;
  }

  #serve(): void {
    if (this.closed) return;
    while (this.#taken < this.#waiting.length) {
      const connection = this.#free.pop();
      if (connection === undefined) {
        if (this.#opened < this.#connections) void this.#open();
        return;
      }
      if (!connection.isOpen) {
        this.#forget(connection);
        continue;
      }
      const due = this.#take() ?? 0;
      const waited = performance.now() - due;
      if (waited < deadline) void this.#send(connection, due);
      else {
        this.#free.push(connection);
        this.#end('late', due, waited);
      }
    }
  }

  async #open(): Promise<void> {
    this.#opened += 1;
    try {
      const connection = await Connection.open(targetOf(this.#url), { keepBodies: this.#keepBodies });
      this.#all.add(connection);
      if (this.closed) connection.close();
      this.#free.push(connection);
      this.#serve();
    } catch (error) {
      // A connection that is refused is a refusal of the request that waits for it.
      const due = this.#take();
      if (due !== undefined) this.#end('refused', due, performance.now() - due, { reason: messageOf(error) });
      setTimeout(() => {
        this.#opened -= 1;
        this.#serve();
      }, reconnectPause);
    }
  }

  #forget(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    connection.close();
    this.#opened -= 1;
  }

  async #send(connection: Connection, due: number): Promise<void> {
    const { index, bytes } = this.#stream.next();
    const cut = setTimeout(() => {
      connection.close();
    }, deadline);
    let reason: string;
    let answer: Answer | undefined;
    try {
      answer = await connection.send(bytes);
      reason = answer.status === 200 ? '' : `status ${answer.status}`;
      this.#free.push(connection);
    } catch (error) {
      reason = messageOf(error);
      this.#forget(connection);
    }
    clearTimeout(cut);
    const latency = performance.now() - due;
    this.#end(fateOf(answer, latency), due, latency, { index, reason, body: answer?.body });
    this.#serve();
  }

  #end(
    fate: Fate,
    due: number,
    latencyMs: number,
    { index = -1, reason = '', body = noBody }: Partial<Outcome> = {},
  ): void {
    this.unfinished -= 1;
    this.#onEnd({ fate, due, latencyMs, index, reason: reason === '' ? fate : reason, body });
  }
}

function fateOf(answer: Answer | undefined, latencyMs: number): Fate {
  if (latencyMs >= deadline) return 'late';
  if (answer === undefined) return 'broken';
  return answer.status === 200 ? 'answered' : 'refused';
}
