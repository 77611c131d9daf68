/** The workers: started when they are needed, ended when they are idle, replaced when they crash, ended when they do not end. */
import { RequestRefused } from '../webhook.ts';
import { JobQueue, type Job } from './job-queue.ts';
import type { IsolationLimits } from './limits.ts';
import type { ReplyMessage } from './messages.ts';
import type { IsolationMetrics, IsolationOutcome } from './metrics.ts';
import { Restarts } from './restarts.ts';
import { WorkerThread, type Work } from './worker-thread.ts';

/** What a pool reports to. */
export interface PoolEvents {
  readonly metrics: IsolationMetrics;
  readonly log: { warn(fields: object, message: string): void };
}

export class WorkerPool {
  readonly #limits: IsolationLimits;
  readonly #events: PoolEvents;
  readonly #queue: JobQueue;
  readonly #restarts: Restarts;
  /** Each with the timer that ends it when it has nothing to do. */
  readonly #workers = new Map<WorkerThread, NodeJS.Timeout | undefined>();
  #isClosed = false;

  constructor(limits: IsolationLimits, events: PoolEvents) {
    this.#limits = limits;
    this.#queue = new JobQueue(limits);
    this.#restarts = new Restarts(limits, () => {
      this.#dispatch();
    });
    this.#events = events;
  }

  /**
   * Has a worker do something.
   * @param timeout how long the client waits, in milliseconds
   * @throws {RequestRefused} (rejects) when the queue is full, or the client has stopped waiting
   * @throws {WorkerDied} (rejects) when the worker crashed over it
   */
  async run(work: Work, timeout: number): Promise<ReplyMessage> {
    let outcome: IsolationOutcome = 'crashed';
    let timer: NodeJS.Timeout | undefined;
    try {
      const reply = await new Promise<ReplyMessage>((settle, fail) => {
        const job: Job = { work, deadline: performance.now() + timeout, settle, fail };
        if (this.#isClosed || !this.#queue.add(job)) {
          outcome = 'refused';
          throw new RequestRefused('overload', 503, 'too many long requests are waiting');
        }
        timer = setTimeout(() => {
          outcome = this.#queue.remove(job) ? 'dropped' : 'overdue';
          fail(tooLate());
        }, timeout);
        this.#dispatch();
      });
      outcome = reply.kind;
      if (reply.kind === 'overdue') throw tooLate();
      return reply;
    } finally {
      clearTimeout(timer);
      this.#events.metrics.requests.inc({ outcome });
      this.#events.metrics.queue.set(this.#queue.length);
    }
  }

  /** Ends all workers; what they have in hand fails, and so does what waits. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#restarts.stop();
    for (let job = this.#queue.next(); job !== undefined; job = this.#queue.next()) {
      job.fail(new RequestRefused('overload', 503, 'shutting down'));
    }
    await Promise.all([...this.#workers.keys()].map((worker) => worker.end()));
  }

  /** Gives what waits to workers without work. */
  #dispatch(): void {
    while (this.#queue.length > 0) {
      const worker = this.#idleWorker();
      const job = worker && this.#queue.next();
      if (worker === undefined || job === undefined) break;
      void this.#give(job, worker);
    }
    this.#events.metrics.queue.set(this.#queue.length);
  }

  #idleWorker(): WorkerThread | undefined {
    for (const worker of this.#workers.keys()) if (worker.isIdle) return worker;
    if (this.#workers.size >= this.#limits.workers || this.#restarts.mustWait) return undefined;
    const worker = new WorkerThread(this.#limits, (isCrash) => {
      this.#bury(worker, isCrash);
    });
    this.#workers.set(worker, undefined);
    this.#events.metrics.workers.set(this.#workers.size);
    return worker;
  }

  async #give({ work, deadline, settle, fail }: Job, worker: WorkerThread): Promise<void> {
    clearTimeout(this.#workers.get(worker));
    const timeLeft = deadline - performance.now();
    const overrun = setTimeout(() => {
      this.#events.metrics.deaths.inc({ cause: 'overrun' });
      this.#events.log.warn({ path: work.path }, 'a worker thread is ended since it went on after a deadline');
      void worker.end();
    }, timeLeft + this.#limits.overrun);
    try {
      settle(await worker.answer(work, timeLeft));
      this.#restarts.succeeded();
    } catch (error) {
      fail(error);
    } finally {
      clearTimeout(overrun);
      this.#rest(worker);
      this.#dispatch();
    }
  }

  #rest(worker: WorkerThread): void {
    if (!this.#workers.has(worker)) return;
    const timer = setTimeout(() => void worker.end(), this.#limits.idleTime);
    timer.unref();
    this.#workers.set(worker, timer);
  }

  #bury(worker: WorkerThread, isCrash: boolean): void {
    clearTimeout(this.#workers.get(worker));
    this.#workers.delete(worker);
    this.#events.metrics.workers.set(this.#workers.size);
    if (isCrash) {
      this.#events.metrics.deaths.inc({ cause: 'crash' });
      this.#restarts.failed();
    }
    this.#dispatch();
  }
}

const tooLate = (): RequestRefused => new RequestRefused('deadline', 504, 'the time that the client waits has passed');
