import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { launch } from './support.ts';

/** The arguments of a running process, for systems that show them. */
const argumentsOf = (pid: number | undefined): string[] => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');

const serve = ['serve', '--standalone', '--port', '0', '--monitoring-port', '0'];

describe.runIf(process.platform === 'linux')('the heap of a server', () => {
  it('is bounded in the process that was started', async () => {
    const server = launch(serve);
    await server.firstLine;
    expect(argumentsOf(server.child.pid)).toContain('--max-semi-space-size=8');
    server.child.kill('SIGTERM');
    expect(await server.exited).toMatchObject({ code: 0, signal: null });
  });

  it('is as large as the user says', async () => {
    const server = launch(serve, { NODE_OPTIONS: '--max-semi-space-size=32' });
    await server.firstLine;
    const flags = argumentsOf(server.child.pid).filter((argument) => /semi-space|heap-growing/.test(argument));
    expect(flags).toEqual(['--heap-growing-percent=45']);
    server.child.kill('SIGTERM');
    await server.exited;
  });
});
