import type { ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Measurement } from './measurement.ts';
import { local, spawnPinned } from './processes.ts';
import type { Task } from './task.ts';

/** A client in a process of its own, on a core of its own. It has one task at a time. */
export class ClientProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #lines: Interface;

  constructor() {
    this.#child = spawnPinned('client', local('client.ts'), []);
    if (this.#child.stdout === null) throw new Error('the client could not be started');
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  async run(task: Task): Promise<Measurement> {
    this.#child.stdin?.write(`${JSON.stringify(task)}\n`);
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error('the client failed');
    return JSON.parse(value) as Measurement;
  }

  stop(): void {
    this.#child.kill();
    this.#lines.close();
  }
}
