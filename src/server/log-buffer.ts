import { write, writeSync } from 'node:fs';
import { maxLogBuffer } from './limits.ts';

/** How long a line waits for others to be written with, in milliseconds. */
const delay = 100;

/** Lines are written without waiting when they are this long together, in UTF-16 units. */
const enough = 64 * 1024;

/** How long a reader that is too slow is given until the next attempt, in milliseconds; and how many attempts at the end. */
const patience = 20;
const lastAttempts = 50;

/**
 * Log lines on their way to a file descriptor. A write of its own for each line would take longer than the line, and a reader that
 * does not keep up would hold the event loop: so they are written together, in the background, and beyond `maxLogBuffer` dropped.
 */
export class LogBuffer {
  readonly #descriptor: number;
  #waiting = '';
  #writing: Buffer | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dropped = 0;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** Takes a line; it ends with a newline. */
  write(line: string): void {
    if (this.#waiting.length + line.length > maxLogBuffer) {
      this.#dropped += 1;
      return;
    }
    this.#waiting += line;
    if (this.#writing !== undefined) return;
    if (this.#waiting.length >= enough) this.#begin();
    else this.#timer ??= setTimeout(this.#begin, delay).unref();
  }

  /**
   * Writes what waits before it returns, for the end of the process. What cannot be written in a second is lost. Lines that are being written
   * meanwhile get a moment to come first; whether they did, nobody can tell before the event loop goes on.
   */
  flushSync(): void {
    if (this.#writing !== undefined && this.#waiting !== '') pause();
    let bytes = Buffer.from(this.#takeWaiting());
    for (let attempt = 0; bytes.length > 0 && attempt < lastAttempts; attempt += 1) {
      try {
        bytes = bytes.subarray(writeSync(this.#descriptor, bytes));
      } catch (error) {
        if (!isBusy(error)) return;
        pause();
      }
    }
  }

  readonly #begin = (): void => {
    this.#writing = Buffer.from(this.#takeWaiting());
    this.#continue();
  };

  readonly #continue = (): void => {
    const bytes = this.#writing;
    if (bytes === undefined) return;
    write(this.#descriptor, bytes, (error, written) => {
      if (isBusy(error)) {
        setTimeout(this.#continue, patience);
        return;
      }
      // A descriptor that is closed takes no lines; there is no other place to say so.
      this.#writing = error === null && written < bytes.length ? bytes.subarray(written) : undefined;
      if (this.#writing !== undefined) this.#continue();
      else if (this.#waiting !== '') this.#timer ??= setTimeout(this.#begin, delay).unref();
    });
  };

  #takeWaiting(): string {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#waiting;
    this.#waiting = '';
    if (this.#dropped === 0) return text;
    const notice = { level: 'warn', time: new Date().toISOString(), lines: this.#dropped };
    this.#dropped = 0;
    return `${text}${JSON.stringify({ ...notice, msg: 'log lines dropped, since the log is read too slowly' })}\n`;
  }
}

/** Holds this thread. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, patience);
}

/** The reader of a pipe has not made room yet. */
function isBusy(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code === 'EAGAIN' || code === 'EBUSY';
}
