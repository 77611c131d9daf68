import type { Readable, Writable } from 'node:stream';

/** A stream that may lead to a screen. */
export type Screen = Writable & { readonly isTTY?: boolean };

/** What a command has to do with: its streams and environment variables. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return { stdin, stdout, stderr, variables: env };
}
