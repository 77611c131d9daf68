/** A state that the server was given. */
interface Entry<State> {
  /** What it is; `undefined` for one that the server must refuse. */
  readonly state: State | undefined;
  readonly begin: number;
}

/** A state that may have answered a request. */
export interface Candidate<State> {
  /** Its place in the timeline. */
  readonly index: number;
  readonly state: State;
}

/**
 * The states that a server was given one after the other, and which of them may have answered a request.
 *
 * The server says nothing about when it takes a state into use. What is known: not before it was given; at the latest
 * `grace` ms later, when it was not replaced meanwhile; and never again after an answer from a later one was seen.
 */
export class Timeline<State> {
  readonly #entries: Entry<State>[] = [];
  /** How long the server may take to notice a change, in ms. */
  readonly grace: number;
  /** The oldest state that can still be in use. */
  #floor = 0;

  constructor(first: State, grace: number, now: number) {
    this.grace = grace;
    this.#entries.push({ state: first, begin: now - grace });
  }

  /** To be called just before the server is given another state; `undefined` for a bad one. */
  change(state: State | undefined, now: number): void {
    this.#settle(now);
    this.#entries.push({ state, begin: now });
  }

  /** To be called before a request is sent; the answer belongs to {@link window}. */
  sent(now: number): number {
    this.#settle(now);
    return this.#floor;
  }

  /** The states that may have answered a request that is just answered, in the order in which they were given. */
  window(floor: number): Candidate<State>[] {
    return this.#entries.flatMap(({ state }, index) =>
      index < floor || state === undefined ? [] : [{ index, state }],
    );
  }

  /** An answer from a state was seen, so that older ones are no longer in use. */
  seen(index: number): void {
    this.#floor = Math.max(this.#floor, index);
  }

  /** The state that must be in use, once the grace of the newest one is over; `undefined` before. */
  settled(now: number): { readonly refused: boolean } | undefined {
    const last = this.#entries.at(-1);
    if (last === undefined || last.begin + this.grace > now) return undefined;
    return { refused: last.state === undefined };
  }

  /** When the newest good state has been there for long enough, older ones are not in use any more. */
  #settle(now: number): void {
    const last = this.#entries.length - 1;
    const newest = this.#entries[last];
    if (newest?.state !== undefined && newest.begin + this.grace <= now) this.seen(last);
  }
}
