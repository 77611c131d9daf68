/**
 * Priorities of threads. Linux gives each thread its own, by the id that `/proc` shows; elsewhere they belong to the process, and
 * nothing is done.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { workerNiceness } from './limits.ts';

/**
 * Makes this thread give way to others, and the threads that collect garbage and compile code for all: half of the work of a long
 * request is theirs. For the event loop they do what it does not wait for.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  setPriority(workerNiceness);
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      const name = readFileSync(`/proc/self/task/${thread}/comm`, 'utf8');
      if (name.includes('V8Worker')) setPriority(Number(thread), workerNiceness);
    }
  } catch {
    // No /proc, or a policy against it: then they stay as they are.
  }
}
