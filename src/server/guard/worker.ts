/** The guard's thread: examines one change at a time. */
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { examine, type Examination, type ExaminationInput } from './examination.ts';

/** What comes back. */
export type GuardReply =
  | { readonly kind: 'examined'; readonly examination: Examination }
  | { readonly kind: 'failed'; readonly message: string };

/** Requests come first, but someone waits for this, too: a quarter of a core that both want. */
const niceness = 5;

// Linux gives each thread a priority of its own; elsewhere this would slow down the event loop as well.
if (process.platform === 'linux') setPriority(niceness);

parentPort?.on('message', (input: ExaminationInput) => {
  parentPort?.postMessage(replyTo(input));
});

function replyTo(input: ExaminationInput): GuardReply {
  try {
    return { kind: 'examined', examination: examine(input) };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
