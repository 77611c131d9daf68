#!/usr/bin/env node
import { exitCodes } from './exit.ts';
import { runCli } from './program.ts';
import { processTerminal } from '../server/terminal.ts';

/** `outrigger inject … | head` is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), processTerminal());
