/**
 * Priorities of threads. Linux gives each thread its own, by the id that `/proc` shows; elsewhere they belong to the process, and
 * nothing is done.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { workerNiceness } from './limits.ts';

/**
 * Makes this thread give way to others, and the threads that collect garbage and compile code for all: half of the work of a long
 * request is theirs. For the event loop they do what it does not wait for; it would wait for them in collections of the young
 * generation that they share with it, so that from now on each thread collects its own alone. That costs no more CPU time; what it saves was
 * seen in a program made for it alone.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  setFlagsFromString('--no-parallel-scavenge');
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
