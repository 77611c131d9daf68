import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { watchFiles, type FileWatch } from '../../src/server/watch-files.ts';
import { scratchFolder } from './support/certificate.ts';

let watch: FileWatch | undefined;
afterEach(() => watch?.close());

/** Watches, and gives functions to wait for the next notice and to count them. */
function watching(paths: string[]) {
  let count = 0;
  let wake: (() => void) | undefined;
  watch = watchFiles(paths, () => {
    count += 1;
    wake?.();
  });
  const noticed = async (): Promise<void> => {
    await Promise.race([
      new Promise<void>((resolve) => (wake = resolve)),
      sleep(60_000, undefined, { ref: false }).then(() => {
        throw new Error('no notice within a minute');
      }),
    ]);
  };
  return { noticed, count: () => count };
}

describe('watching files', () => {
  it('notices that a file is written', async () => {
    const file = join(scratchFolder(), 'config');
    writeFileSync(file, '1');
    const { noticed } = watching([file]);
    writeFileSync(file, '2');
    await noticed();
  });

  it('notices that a file is replaced by another, again and again', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'config');
    writeFileSync(file, '1');
    const { noticed } = watching([file]);
    for (const text of ['2', '3']) {
      writeFileSync(join(folder, 'config.new'), text);
      renameSync(join(folder, 'config.new'), file);
      await noticed();
    }
  });

  it('notices the exchanged link of a mounted ConfigMap', async () => {
    const folder = scratchFolder();
    const publish = (version: string): void => {
      mkdirSync(join(folder, `..${version}`));
      writeFileSync(join(folder, `..${version}`, 'config'), version);
      symlinkSync(`..${version}`, join(folder, '..data_tmp'));
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    publish('v1');
    symlinkSync('..data/config', join(folder, 'config'));
    const { noticed } = watching([join(folder, 'config')]);
    publish('v2');
    await noticed();
    rmSync(join(folder, '..v1'), { recursive: true });
    publish('v3');
    await noticed();
  });

  it('notices a change behind a link into another folder', async () => {
    const target = join(scratchFolder(), 'target');
    writeFileSync(target, '1');
    const link = join(scratchFolder(), 'link');
    symlinkSync(target, link);
    const { noticed } = watching([link]);
    writeFileSync(target, '2');
    await noticed();
  });

  it('notices a new file in a watched folder', async () => {
    const folder = scratchFolder();
    const { noticed } = watching([folder]);
    writeFileSync(join(folder, 'new.yaml'), 'x');
    await noticed();
  });

  it('notices a file that is removed and made again', async () => {
    const file = join(scratchFolder(), 'config');
    writeFileSync(file, '1');
    const { noticed } = watching([file]);
    rmSync(file);
    await noticed();
    writeFileSync(file, '2');
    await noticed();
  });

  it('tells of many changes at once only once', async () => {
    const folder = scratchFolder();
    const { noticed, count } = watching([folder]);
    for (let index = 0; index < 20; index += 1) writeFileSync(join(folder, `${index}`), 'x');
    await noticed();
    await sleep(300);
    expect(count()).toBe(1);
  });

  it('is quiet after close, and where there is nothing to watch', async () => {
    const folder = scratchFolder();
    const { count } = watching([folder]);
    watch?.close();
    writeFileSync(join(folder, 'a'), 'x');
    await sleep(300);
    expect(count()).toBe(0);
    watchFiles([], () => undefined).close();
  });
});
