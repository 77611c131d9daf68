/** The guard's thread as the event loop sees it: one change after the other, each within its time. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Examination, ExaminationInput } from './examination.ts';
import type { GuardReply } from './worker.ts';

/** A change could not be examined; the message says why. */
export class NotExamined extends Error {
  override readonly name = 'NotExamined';
}

/** How long a thread without work is kept; starting one takes half a second of CPU. Milliseconds. */
const idleTime = 60_000;

/** How long a thread may go on after its time, before it is ended: one pod, or one rule of lint. Milliseconds. */
const overrun = 250;

/** Answers that are remembered: appliers send the same again and again. */
const rememberedAnswers = 64;

/** Heap of the thread in MiB: both configurations, and the pods of the sample. */
const heap = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };

// The compiler rewrites imports, not addresses.
const entry = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url));

export class GuardThread {
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();
  readonly #answers = new Map<string, Examination>();

  /**
   * Examines a change, when those before it are done.
   * @param key what the answer depends on
   * @throws {NotExamined} when there is no time, or the thread fails
   */
  async examine(key: string, input: ExaminationInput): Promise<Examination> {
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const end = performance.now() + input.timeLeft;
    const turn = this.#last.then(async () => {
      const answered = this.#answers.get(key);
      if (answered !== undefined) return answered;
      const timeLeft = end - performance.now();
      if (timeLeft <= overrun) throw new NotExamined('there was no time, others were examined before');
      const examination = await this.#run({ ...input, timeLeft: timeLeft - overrun }, timeLeft);
      if (examination.isComplete) this.#remember(key, examination);
      return examination;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #remember(key: string, examination: Examination): void {
    this.#answers.set(key, examination);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > rememberedAnswers && oldest !== undefined) this.#answers.delete(oldest);
  }

  #run(input: ExaminationInput, patience: number): Promise<Examination> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        worker.removeAllListeners('message');
        worker.removeAllListeners('exit');
        this.#idle = setTimeout(() => void this.#end(worker), idleTime).unref();
      };
      const timer = setTimeout(() => {
        done();
        void this.#end(worker);
        reject(new NotExamined('the time was over'));
      }, patience);
      worker.once('message', (reply: GuardReply) => {
        done();
        if (reply.kind === 'examined') resolve(reply.examination);
        else reject(new NotExamined(reply.message));
      });
      worker.once('exit', (code) => {
        done();
        if (this.#worker === worker) this.#worker = undefined;
        reject(new NotExamined(`the guard's thread ended with status ${code}`));
      });
      worker.postMessage(input);
    });
  }

  #start(): Worker {
    const worker = new Worker(entry, { name: 'outrigger-guard', resourceLimits: heap });
    // Requests keep the process alive, not the thread.
    worker.unref();
    // What is wrong is told by its end.
    worker.on('error', () => undefined);
    return worker;
  }

  async #end(worker: Worker): Promise<void> {
    if (this.#worker === worker) this.#worker = undefined;
    await worker.terminate();
  }
}
