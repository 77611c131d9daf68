/** What can be wrong, and what each means. */
export const findingKinds = {
  'wrong-answer': 'an answer that no configuration gives',
  'stale-answer': 'an answer of a configuration that was not in use at the time',
  'wrong-status': 'another HTTP status than expected',
  'broken-connection': 'a connection that ended before the answer',
  'handshake-failed': 'a connection that did not come about',
  'wrong-certificate': 'a certificate that was not in use at the time',
  'not-refused': 'a bad configuration that was not reported as refused in time',
  'not-taken': 'a good configuration that was not taken in time',
  'monitoring-failed': 'no answer on the monitoring port',
  'server-error': 'an error in the log of the server that a request cannot explain',
  'server-ended': 'the server ended, or did not end as asked',
  'memory-grew': 'memory that grew after the third minute',
} as const;

export type FindingKind = keyof typeof findingKinds;

/** Examples kept of each kind. */
const examplesKept = 5;
/** Longest text of an example. */
const exampleLength = 600;

/** Collects what is wrong. */
export class Findings {
  readonly #counts = new Map<FindingKind, number>();
  readonly #examples = new Map<FindingKind, string[]>();

  add(kind: FindingKind, example: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    const examples = this.#examples.get(kind) ?? [];
    if (examples.length < examplesKept) examples.push(example.slice(0, exampleLength));
    this.#examples.set(kind, examples);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** By kind: how many, and some of them. */
  report(): Record<string, { count: number; examples: readonly string[] }> {
    return Object.fromEntries(
      [...this.#counts].map(([kind, count]) => [kind, { count, examples: this.#examples.get(kind) ?? [] }]),
    );
  }
}
