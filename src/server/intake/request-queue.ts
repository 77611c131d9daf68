import { turnBudget, type ServerLimits } from '../limits.ts';

/** A complete request. */
interface Waiting {
  /** Until when the client waits, on the clock of `performance.now()`. */
  readonly deadline: number;
  readonly answer: () => void;
  /** Called instead of `answer` when the deadline has passed. */
  readonly drop: () => void;
}

/** How fast the mean cost of an answer follows the newest one. */
const smoothing = 0.05;

/**
 * The most that one answer counts for in the mean, in milliseconds: what takes longer goes to a worker. A longer pause was a garbage
 * collection, a reload or the machine's, and must not make hundreds of requests be refused that will be answered in time.
 */
const longestCost = 20;

/**
 * Requests that wait for the event loop, first come, first served. When little is to be done none of them waits: a request is answered
 * as soon as it is complete. Answers are made for {@link turnBudget} at a time, then the network is looked at again, so that what is too
 * much can be refused early instead of timing out in the socket.
 */
export class RequestQueue {
  readonly #limits: Pick<ServerLimits, 'maxWaitingRequests' | 'maxWaitingTime'>;
  readonly #waiting = new Set<Waiting>();
  /** Time spent on answers since the event loop looked at the network, and how much it may be. */
  #spent = 0;
  #budget: number = turnBudget.least;
  #isTurnPlanned = false;
  #turnEnd = 0;
  /** Mean time that an answer takes. */
  #cost = 0;

  constructor(limits: Pick<ServerLimits, 'maxWaitingRequests' | 'maxWaitingTime'>) {
    this.#limits = limits;
  }

  /** How many wait. */
  get length(): number {
    return this.#waiting.size;
  }

  /** Why one more request would not be answered in time; `undefined` when it would. */
  whyFull(deadline: number): string | undefined {
    const { size } = this.#waiting;
    if (size === 0) return undefined;
    const { maxWaitingRequests, maxWaitingTime } = this.#limits;
    if (size >= maxWaitingRequests) return `too many requests are waiting: ${size}`;
    // At least half of the time goes into answers.
    const wait = 2 * size * this.#cost;
    if (wait > maxWaitingTime) return `too many requests are waiting: ${size}, for some ${Math.round(wait)} ms`;
    if (performance.now() + wait > deadline)
      return `requests are waiting for some ${Math.round(wait)} ms, which is too long`;
    return undefined;
  }

  /** Calls `answer` at once or when its turn comes, or `drop` when that is too late. */
  add(request: Waiting): void {
    if (this.#waiting.size === 0 && this.#spent < this.#budget) this.#answer(request);
    else this.#waiting.add(request);
    this.#planTurn();
  }

  #answer({ answer }: Waiting): void {
    const began = performance.now();
    answer();
    const took = performance.now() - began;
    this.#spent += took;
    this.#cost += (Math.min(took, longestCost) - this.#cost) * smoothing;
  }

  #planTurn(): void {
    if (this.#isTurnPlanned) return;
    this.#isTurnPlanned = true;
    setImmediate(this.#turn);
  }

  /** The event loop has looked at the network. */
  readonly #turn = (): void => {
    this.#isTurnPlanned = false;
    this.#spent = 0;
    if (this.#waiting.size === 0) {
      this.#budget = turnBudget.least;
      return;
    }
    const reading = performance.now() - this.#turnEnd;
    this.#budget = Math.min(Math.max(reading, turnBudget.least), turnBudget.most);
    for (const request of this.#waiting) {
      if (this.#spent >= this.#budget) break;
      this.#waiting.delete(request);
      if (performance.now() > request.deadline) request.drop();
      else this.#answer(request);
    }
    this.#turnEnd = performance.now();
    this.#planTurn();
  };
}
