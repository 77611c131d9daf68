import { setTimeout as sleep } from 'node:timers/promises';

/** Does what may fail by bad luck, as whatever asks the network: three attempts, of which the last tells its error. */
export async function inThreeAttempts<T>(work: () => T | Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 3) throw error;
      process.stderr.write(`${String(error)}: it is tried again\n`);
      await sleep(10_000);
    }
  }
}
