import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { launch } from './support.ts';

/** Arguments or first variables of a running process, for systems that show them. */
const shownOf = (pid: number | undefined, what: 'cmdline' | 'environ'): string[] =>
  readFileSync(`/proc/${pid}/${what}`, 'utf8').split('\0');

const serve = ['serve', '--standalone', '--port', '0', '--monitoring-port', '0'];

describe.runIf(process.platform === 'linux')('the memory of a server', () => {
  it('is bounded in the process that was started', async () => {
    const server = launch(serve);
    await server.firstLine;
    expect(shownOf(server.child.pid, 'cmdline')).toContain('--max-semi-space-size=8');
    expect(shownOf(server.child.pid, 'environ')).toContain('MALLOC_ARENA_MAX=1');
    server.child.kill('SIGTERM');
    expect(await server.exited).toMatchObject({ code: 0, signal: null });
  });

  it('is bounded as the user says', async () => {
    const server = launch(serve, { NODE_OPTIONS: '--max-semi-space-size=32', MALLOC_ARENA_MAX: '8' });
    await server.firstLine;
    const flags = shownOf(server.child.pid, 'cmdline').filter((argument) =>
      /semi-space|heap-growing|pretenuring/.test(argument),
    );
    expect(flags).toEqual(['--heap-growing-percent=45', '--no-allocation-site-pretenuring']);
    const variables = shownOf(server.child.pid, 'environ').filter((variable) => variable.startsWith('MALLOC_'));
    expect(variables.toSorted()).toEqual(['MALLOC_ARENA_MAX=8', 'MALLOC_TRIM_THRESHOLD_=4194304']);
    server.child.kill('SIGTERM');
    await server.exited;
  });
});
