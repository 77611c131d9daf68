/** Exit codes of every command. */
export const exitCodes = { ok: 0, refused: 1, usage: 2 } as const;

/** The command line itself was wrong; its message is one sentence. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
