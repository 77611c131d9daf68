/** The bytes of a body as they come, put together without a moment in which all of them are copied. */

import { freeMemory } from '../free-memory.ts';
import { maxBodyBytes } from '../limits.ts';

/** Bodies up to this length come in one read and are put together at their end. */
const shortBody = 64 * 1024;

/** The part of a long body that must have come before memory for all of it is taken: to announce one costs a client nothing. */
const earnestPart = 1 / 4;

export class ReceivedBody {
  /** What the client says that the length will be; 0 when it does not say, or too much. */
  readonly #announced: number;
  #chunks: Buffer[] = [];
  /** Memory for all that was announced, filled up to {@link length}. */
  #whole: Buffer | undefined;
  #length = 0;

  /** @param announced the `content-length`, which is not trusted */
  constructor(announced: string | undefined) {
    const length = Number(announced ?? 0);
    this.#announced = length <= maxBodyBytes ? length : 0;
  }

  /** Bytes that have come. */
  get length(): number {
    return this.#length;
  }

  /** Takes the next bytes; their memory belongs to the body from now on. */
  add(chunk: Buffer): void {
    const start = this.#length;
    this.#length += chunk.length;
    if (this.#whole !== undefined && this.#length <= this.#announced) {
      this.#whole.set(chunk, start);
      giveBack(chunk);
      return;
    }
    if (this.#whole !== undefined) {
      // More than was announced, which the parsers of HTTP do not let through.
      this.#chunks = [this.#whole.subarray(0, start)];
      this.#whole = undefined;
    }
    this.#chunks.push(chunk);
    const { length } = this;
    if (length > shortBody && length <= this.#announced && length >= this.#announced * earnestPart) this.#gather();
  }

  /** All bytes. */
  take(): Buffer {
    if (this.#whole !== undefined) return this.#whole.subarray(0, this.#length);
    const [first, ...others] = this.#chunks;
    return first !== undefined && others.length === 0 ? first : Buffer.concat(this.#chunks, this.#length);
  }

  /** Forgets what has come. */
  drop(): void {
    this.#chunks = [];
    this.#whole = undefined;
  }

  #gather(): void {
    const whole = Buffer.allocUnsafeSlow(this.#announced);
    let start = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, start);
      start += chunk.length;
      giveBack(chunk);
    }
    this.#chunks = [];
    this.#whole = whole;
  }
}

/**
 * Frees the memory of bytes at once, where it is theirs alone. Left to the garbage collector, the reads of a few long bodies make it
 * collect the whole heap, since it looks for them there.
 */
function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) freeMemory(buffer);
}
