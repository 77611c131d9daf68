import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../src/cli/program.ts';
import { recorder } from '../server/support/fixtures.ts';

/** What a run of the command line left. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process, on streams of its own; `screen` makes terminals of them. */
export function start(
  args: readonly string[],
  input = '',
  screen = false,
  variables: Readonly<Record<string, string>> = {},
): { readonly done: Promise<Outcome>; readonly stdout: () => string } {
  const stdin = new PassThrough();
  stdin.end(input);
  const stdout = Object.assign(recorder(), { isTTY: screen });
  const stderr = Object.assign(recorder(), { isTTY: screen });
  const done = runCli(args, { stdin, stdout, stderr, variables });
  return { done: done.then((code) => ({ code, stdout: stdout.text(), stderr: stderr.text() })), stdout: stdout.text };
}

/** As {@link start}, to the end. */
export function run(...parameters: Parameters<typeof start>): Promise<Outcome> {
  return start(...parameters).done;
}

/** A process of the command line. */
export interface Process {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Resolves with the first line of stdout, parsed. */
  readonly firstLine: Promise<{ https: string; monitoring: string }>;
  readonly exited: Promise<Outcome & { signal: NodeJS.Signals | null }>;
}

/** Runs the command line in a process of its own. */
export function launch(args: readonly string[], environment: Record<string, string> = {}): Process {
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const firstLine = new Promise<{ https: string; monitoring: string }>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes('\n'))
        resolve(JSON.parse(stdout.split('\n', 1)[0] ?? '') as { https: string; monitoring: string });
    });
    child.on('close', () => {
      reject(new Error(`ended before its first line: ${stderr}`));
    });
  });
  firstLine.catch(() => undefined);
  const exited = new Promise<Outcome & { signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code: code ?? -1, stdout, stderr, signal });
    });
  });
  return { child, firstLine, exited };
}
