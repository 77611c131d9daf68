/** One worker thread as the event loop sees it: given one job at a time, it answers or dies. */
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Injector } from '../../injection/index.ts';
import type { IsolationLimits } from './limits.ts';
import type { JobMessage, ReplyMessage } from './messages.ts';
import { changeTo } from './recipe.ts';
import type { Snapshot, TaskName } from './tasks.ts';

/** What a worker is asked to do. */
export interface Work {
  readonly task: TaskName;
  readonly body: Buffer;
  readonly path: string;
  readonly snapshot: Snapshot;
}

/** The worker ended before it answered. */
export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
}

/**
 * One thread beside a worker marks what is alive on its heap, instead of one per core or more: threads that sleep and wake one after another
 * make the event loop wait more often for its share of the core than one that runs through.
 */
const oneMarkingThread = '--concurrent-marking-max-worker-num=1';

// The compiler rewrites imports, not addresses.
const isSource = import.meta.url.endsWith('.ts');
const entry = fileURLToPath(new URL(isSource ? './worker.ts' : './worker.js', import.meta.url));

export class WorkerThread {
  readonly #thread: Worker;
  #known: Injector | undefined;
  #waiting: { readonly settle: (reply: ReplyMessage) => void; readonly fail: (error: unknown) => void } | undefined;
  #cause: unknown;
  #isEnding = false;

  /**
   * Starts a thread.
   * @param onDeath called once, however it ends, before the job in hand fails; `isCrash` unless {@link end} was called
   */
  constructor({ heap }: IsolationLimits, onDeath: (isCrash: boolean) => void) {
    // V8 reads it when it makes a heap: it is for those of workers alone.
    setFlagsFromString(oneMarkingThread);
    this.#thread = new Worker(entry, {
      name: 'outrigger-isolation',
      resourceLimits: { maxOldGenerationSizeMb: heap.old, maxYoungGenerationSizeMb: heap.young },
    });
    // What is waited for keeps the process alive, not the worker.
    this.#thread.unref();
    this.#thread.on('message', (reply: ReplyMessage) => this.#take()?.settle(reply));
    this.#thread.on('error', (error) => (this.#cause = error));
    this.#thread.on('exit', (code) => {
      onDeath(!this.#isEnding);
      this.#take()?.fail(new WorkerDied(`the worker ended with status ${code}`, { cause: this.#cause }));
    });
  }

  /** Whether it can be given a job. */
  get isIdle(): boolean {
    return this.#waiting === undefined && !this.#isEnding;
  }

  /** Gives it a job; the memory of the body goes along. Rejects when the thread ends first. */
  answer({ task, body, path, snapshot }: Work, timeLeft: number): Promise<ReplyMessage> {
    const change = changeTo(snapshot.injector, this.#known);
    const bytes = transferable(body);
    const job: JobMessage = { task, body: bytes, path, generation: snapshot.generation, change, timeLeft };
    return new Promise((settle, fail) => {
      this.#thread.postMessage(job, [bytes.buffer]);
      this.#waiting = { settle, fail };
      this.#known = snapshot.injector;
    });
  }

  /** Ends the thread at once; resolves when it is gone. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#thread.terminate();
  }

  #take() {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}

/** The bytes of a buffer with memory of their own: short buffers share theirs with others. */
function transferable(body: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = body;
  const ownsMemory = buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength;
  return ownsMemory ? new Uint8Array(buffer) : new Uint8Array(body);
}
