/** Progress on a terminal, once something takes longer than a second. */
import type { Screen } from '../server/terminal.ts';

/** Milliseconds before anything is shown, and between two signs. */
const quiet = 1000;
const interval = 100;

/** Characters of the bar. */
const width = 24;

export class Progress {
  readonly #screen: Screen;
  readonly #what: string;
  #next = performance.now() + quiet;
  #isShown = false;

  /** @param what is counted: `pods compared` */
  constructor(screen: Screen, what: string) {
    this.#screen = screen;
    this.#what = what;
  }

  /** @param part of the whole that is done, from 0 to 1, where that is known */
  update(done: number, part?: number): void {
    const now = performance.now();
    if (this.#screen.isTTY !== true || now < this.#next) return;
    this.#next = now + interval;
    this.#isShown = true;
    this.#screen.write(`\r${part === undefined ? '' : bar(part)}${done} ${this.#what}\x1b[K`);
  }

  clear(): void {
    if (this.#isShown) this.#screen.write('\r\x1b[K');
    this.#isShown = false;
  }
}

function bar(part: number): string {
  const full = Math.round(Math.min(Math.max(part, 0), 1) * width);
  return `[${'█'.repeat(full)}${' '.repeat(width - full)}] ${String(Math.round((full / width) * 100)).padStart(3)} %  `;
}
