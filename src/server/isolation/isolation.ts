/** Where requests are answered: short ones in the event loop, long or expensive ones in worker threads. Answers are the same. */
import type { Registry } from 'prom-client';
import { bodyText } from '../../admission/index.ts';
import { Interrupted } from '../../gotemplate/index.ts';
import type { WebhookRequest } from '../webhook.ts';
import { stepsAllowed, withAllowance } from './allowance.ts';
import { isolationLimits, type IsolationLimits } from './limits.ts';
import { createIsolationMetrics, type IsolationMetrics } from './metrics.ts';
import { WorkerPool, type PoolEvents } from './pool.ts';
import type { Process, Processed } from './process.ts';
import { createTasks, type Outcomes, type Snapshot, type TaskName } from './tasks.ts';

export interface IsolationOptions {
  /** What a request is answered with; asked once for each, when it is complete. */
  readonly snapshot: () => Snapshot;
  readonly registry: Registry;
  readonly log: PoolEvents['log'];
  readonly limits?: Partial<IsolationLimits>;
}

export class Isolation {
  readonly #snapshot: () => Snapshot;
  readonly #metrics: IsolationMetrics;
  readonly #pool: WorkerPool;
  readonly #tasks = createTasks();
  readonly #limits: IsolationLimits;

  constructor(options: IsolationOptions) {
    this.#snapshot = options.snapshot;
    this.#metrics = createIsolationMetrics(options.registry);
    this.#limits = { ...isolationLimits, ...options.limits };
    this.#pool = new WorkerPool(this.#limits, { metrics: this.#metrics, log: options.log });
  }

  /** Answers a request; see {@link Process}. */
  readonly process: Process = (task, request) => {
    const snapshot = this.#snapshot();
    if (request.body.length > this.#limits.longestInlineBody || !isJsonObject(request.body)) {
      return this.#apart(task, request, snapshot);
    }
    try {
      return withAllowance(stepsAllowed(this.#limits.inlineSteps), () =>
        this.#tasks[task](snapshot, bodyText(request.body), request.path),
      );
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      this.#metrics.moved.inc({ webhook: task });
      return this.#apart(task, request, snapshot);
    }
  };

  /** Ends the workers. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  async #apart<Name extends TaskName>(
    task: Name,
    { body, path, timeout = Infinity }: WebhookRequest,
    snapshot: Snapshot,
  ): Promise<Processed<Name>> {
    const timeLeft = Math.min(timeout, this.#limits.longestTimeout);
    const reply = await this.#pool.run({ task, body, path, snapshot }, timeLeft);
    if (reply.kind !== 'answered') throw reply.kind === 'failed' ? reply.error : new Interrupted();
    return { text: reply.text, outcome: reply.outcome as Outcomes[Name] };
  }
}

const [space, tab, newline, carriageReturn, brace] = Buffer.from(' \t\n\r{');

/** Whether a body begins as a JSON object. API servers send nothing else; YAML takes ten times as long to read. */
function isJsonObject(body: Buffer): boolean {
  for (const byte of body) {
    if (byte === brace) return true;
    if (byte !== space && byte !== tab && byte !== newline && byte !== carriageReturn) return false;
  }
  return false;
}
