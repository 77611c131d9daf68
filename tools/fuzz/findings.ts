/** What was wrong, with the input that showed it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Input } from './inputs.ts';

/** A finding as it is kept: in a file of its own, to be sent again. */
export interface FoundCase {
  /** What was wrong. */
  readonly problem: string;
  readonly target: string;
  /** The body as text where it is UTF-8. */
  readonly body?: string;
  /** The body in base64 where it is not. */
  readonly bodyBase64?: string;
}

/** Findings that are kept; the rest is counted. */
const mostKept = 40;

export class Findings {
  readonly #folder: string | undefined;
  readonly #found: FoundCase[] = [];
  #count = 0;

  /** @param folder where each is written to; nowhere without */
  constructor(folder?: string) {
    this.#folder = folder;
  }

  get count(): number {
    return this.#count;
  }

  get examples(): readonly FoundCase[] {
    return this.#found;
  }

  add(problem: string, input?: Pick<Input, 'target' | 'body'>): void {
    this.#count += 1;
    if (this.#found.length >= mostKept) return;
    const found = { problem: problem.slice(0, 2000), target: input?.target ?? '', ...(input && asText(input.body)) };
    this.#found.push(found);
    if (this.#folder === undefined) return;
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, `found-${this.#found.length}.json`), `${JSON.stringify(found, null, 2)}\n`);
  }
}

/** The body of a kept case. */
export function bodyOf({ body, bodyBase64 = '' }: Pick<FoundCase, 'body' | 'bodyBase64'>): Buffer {
  return body === undefined ? Buffer.from(bodyBase64, 'base64') : Buffer.from(body);
}

function asText(body: Buffer): Pick<FoundCase, 'body' | 'bodyBase64'> {
  const text = body.toString();
  return Buffer.from(text).equals(body) && text.isWellFormed()
    ? { body: text }
    : { bodyBase64: body.toString('base64') };
}
