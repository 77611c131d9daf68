/** Requests that wait for a worker: first come, first served, bounded in number and bytes, each with a deadline. */
import type { IsolationLimits } from './limits.ts';
import type { ReplyMessage } from './messages.ts';
import type { Work } from './worker-thread.ts';

/** A request on its way through the pool. Its promise is settled once; what comes later has no effect. */
export interface Job {
  readonly work: Work;
  /** When the client stops waiting, on the clock of `performance.now`. */
  readonly deadline: number;
  readonly settle: (reply: ReplyMessage) => void;
  readonly fail: (error: unknown) => void;
}

export class JobQueue {
  readonly #limits: IsolationLimits;
  readonly #jobs: Job[] = [];
  #bytes = 0;

  constructor(limits: IsolationLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#jobs.length;
  }

  /** Puts a job at the end; `false` when there is no room. */
  add(job: Job): boolean {
    const size = job.work.body.length;
    const { queueLength, queueBytes } = this.#limits;
    if (this.#jobs.length >= queueLength || this.#bytes + size > queueBytes) return false;
    this.#jobs.push(job);
    this.#bytes += size;
    return true;
  }

  /** Takes the job that has waited longest. */
  next(): Job | undefined {
    const job = this.#jobs[0];
    if (job !== undefined) this.remove(job);
    return job;
  }

  /** Takes a job out; `false` when it does not wait. */
  remove(job: Job): boolean {
    const index = this.#jobs.indexOf(job);
    if (index < 0) return false;
    this.#jobs.splice(index, 1);
    this.#bytes -= job.work.body.length;
    return true;
  }
}
