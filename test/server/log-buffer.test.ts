import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LogBuffer } from '../../src/server/log-buffer.ts';

function openFile(): { descriptor: number; text: () => string } {
  const file = join(mkdtempSync(join(tmpdir(), 'outrigger-test-')), 'log');
  return { descriptor: openSync(file, 'w'), text: () => readFileSync(file, 'utf8') };
}

describe('buffered log lines', () => {
  it('are written together a little later, in their order', async () => {
    const { descriptor, text } = openFile();
    const buffer = new LogBuffer(descriptor);
    for (let line = 0; line < 10; line += 1) buffer.write(`line ${line} ü\n`);
    expect(text()).toBe('');
    await expect.poll(text).toBe(Array.from({ length: 10 }, (_, line) => `line ${line} ü\n`).join(''));
    buffer.write('later\n');
    await expect.poll(text).toMatch(/line 9 ü\nlater\n$/);
    closeSync(descriptor);
  });

  it('are complete and in order when there are many', async () => {
    const { descriptor, text } = openFile();
    const buffer = new LogBuffer(descriptor);
    const lines = Array.from({ length: 20_000 }, (_, line) => `{"line":${line}}\n`);
    for (const [index, line] of lines.entries()) {
      buffer.write(line);
      if (index % 1000 === 0) await sleep(1);
    }
    await expect.poll(() => text().length).toBe(lines.join('').length);
    expect(text()).toBe(lines.join(''));
    closeSync(descriptor);
  });

  it('can be written at once', () => {
    const { descriptor, text } = openFile();
    const buffer = new LogBuffer(descriptor);
    buffer.write('the last words\n');
    buffer.flushSync();
    expect(text()).toBe('the last words\n');
    buffer.flushSync();
    closeSync(descriptor);
  });

  it('survive a descriptor that is closed', async () => {
    const { descriptor } = openFile();
    closeSync(descriptor);
    const buffer = new LogBuffer(descriptor);
    buffer.write('lost\n');
    buffer.flushSync();
    buffer.write('lost\n');
    await sleep(150);
  });

  it('are dropped and counted when nobody reads, while the process goes on', async () => {
    const module = fileURLToPath(new URL('../../src/server/log-buffer.ts', import.meta.url));
    const script = `
      const { LogBuffer } = await import(${JSON.stringify(module)});
      const buffer = new LogBuffer(2);
      process.on('exit', () => buffer.flushSync());
      for (let round = 0; round < 12; round += 1) {
        for (let line = 0; line < 1024; line += 1) buffer.write('x'.repeat(1023) + '\\n');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      process.stdout.write('went on');
      process.stdin.once('data', () => {
        buffer.write('the end\\n');
        process.stdin.destroy();
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' });
    await expect.poll(() => (child.stdout.read() as Buffer | null)?.toString()).toBe('went on');
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await expect.poll(() => text.length).toBeGreaterThan(7 * 1024 * 1024);
    child.stdin.write('now it is read');
    await expect.poll(() => text.endsWith('the end\n')).toBe(true);
    const notice = text.split('\n').find((line) => line.startsWith('{'));
    expect(notice).toMatch(/"lines":\d+,"msg":"log lines dropped, since the log is read too slowly"/);
    expect(text.length).toBeLessThan(10 * 1024 * 1024);
  });

  /** The lines of a process that writes 2,000 to stderr and then ends so. */
  function linesOf(end: string, file?: string): number[] {
    const module = fileURLToPath(new URL('../../src/server/logger.ts', import.meta.url));
    const script = `
      const { createLogger } = await import(${JSON.stringify(module)});
      const logger = await createLogger(process.stderr);
      for (let line = 0; line < 2000; line += 1) logger.info({ line }, 'counted');
      ${end}`;
    const shell = `${JSON.stringify(process.execPath)} --input-type=module -e "$SCRIPT" 2>${file ?? '&1'}`;
    const output = execFileSync('sh', ['-c', shell], { encoding: 'utf8', env: { ...process.env, SCRIPT: script } });
    const lines = (file === undefined ? output : readFileSync(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; time: string });
    expect(lines.every(({ time }) => new Date(time).toISOString() === time)).toBe(true);
    return lines.map(({ line }) => line);
  }
  const all = Array.from({ length: 2000 }, (_, line) => line);

  it('lose nothing when the process ends', () => {
    expect(linesOf('')).toEqual(all);
  });

  it('lose nothing when the process exits at once, though what is being written may come last', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'outrigger-test-')), 'log');
    expect(linesOf('process.exit(0);', file).sort((a, b) => a - b)).toEqual(all);
  });
});
