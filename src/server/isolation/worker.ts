/** The worker thread: answers long requests with the same core and the same configuration as the event loop. */
import { parentPort } from 'node:worker_threads';
import { bodyText } from '../../admission/index.ts';
import { Interrupted } from '../../gotemplate/index.ts';
import type { Injector } from '../../injection/index.ts';
import { freeMemory } from '../free-memory.ts';
import { timeAllowed, withAllowance } from './allowance.ts';
import type { JobMessage, ReplyMessage } from './messages.ts';
import { giveWay } from './priority.ts';
import { followChange } from './recipe.ts';
import { createTasks } from './tasks.ts';

giveWay();

const tasks = createTasks();
let injector: Injector | undefined;

parentPort?.on('message', (job: JobMessage) => {
  const reply = answer(job);
  const transferred = reply.kind === 'answered' ? [reply.text.buffer] : [];
  parentPort?.postMessage(reply, transferred);
});

function answer({ task, body, path, generation, change, timeLeft }: JobMessage): ReplyMessage {
  try {
    if (change !== undefined) injector = followChange(change, injector);
    if (injector === undefined) throw new Error('there is no configuration');
    const snapshot = { injector, generation };
    // As for short requests: bytes that are no UTF-8 become U+FFFD, a byte order mark stays.
    const text = bodyText(body);
    freeMemory(body.buffer);
    const answered = withAllowance(timeAllowed(timeLeft), () => tasks[task](snapshot, text, path));
    return { kind: 'answered', text: new TextEncoder().encode(answered.text), outcome: answered.outcome };
  } catch (error) {
    return error instanceof Interrupted ? { kind: 'overdue' } : { kind: 'failed', error };
  }
}
