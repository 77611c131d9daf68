/** Runs `outrigger validate` in this process. */
import { Readable, Writable } from 'node:stream';
import { runCli } from '../../../src/cli/program.ts';

/** What a run printed, and its exit code. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Screen extends Writable {
  readonly isTTY: boolean;
  text = '';

  constructor(isTTY: boolean) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

/** Runs the command with these arguments; `isTTY` says whether stderr is a terminal. */
export async function runValidate(args: readonly string[], stdin = '', isTTY = false): Promise<Run> {
  const stdout = new Screen(false);
  const stderr = new Screen(isTTY);
  const code = await runCli(['validate', ...args], {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout,
    stderr,
    variables: {},
  });
  return { code, stdout: stdout.text, stderr: stderr.text };
}
