#!/usr/bin/env node
import { boundHeap } from './bounded-heap.ts';
import { exitCodes } from './exit.ts';
import { processTerminal } from '../server/terminal.ts';

if (process.argv[2] === 'serve') boundHeap();

/** `outrigger inject … | head` is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok);
  throw error;
});

// Loaded late, so that it is not loaded twice.
const { runCli } = await import('./program.ts');
process.exitCode = await runCli(process.argv.slice(2), processTerminal());
