import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfigurationTexts } from '../../src/server/configuration-files.ts';
import { readWhole } from '../../src/server/read-whole.ts';

/** A `read` that gives these texts in turn, the last one again and again; errors are thrown. */
function readings(...texts: (string | Error)[]) {
  let next = 0;
  return () => {
    const text = texts[Math.min(next, texts.length - 1)] ?? '';
    next += 1;
    if (text instanceof Error) throw text;
    return [{ file: 'mesh.yaml', text }];
  };
}

describe('reading files that may change meanwhile', () => {
  it.each([
    ['they rest', readings('a'), 'a'],
    ['the first reading was a mix', readings('half', 'b'), 'b'],
    ['a file was missing for a moment', readings(new Error('gone'), 'b'), 'b'],
    ['a file goes and comes back', readings('a', new Error('gone'), 'b'), 'b'],
  ])('gives what was read twice when %s', (_name, read, text) => {
    expect(readWhole(read)).toEqual([{ file: 'mesh.yaml', text }]);
  });

  it('throws what stays wrong', () => {
    expect(() => readWhole(readings('a', new Error('gone')))).toThrow('gone');
  });

  it('gives up on files that never rest', () => {
    let count = 0;
    const read = () => [{ file: 'mesh.yaml', text: String((count += 1)) }];
    expect(() => readWhole(read)).toThrow('the files changed while they were read');
    expect(count).toBeLessThan(10);
  });

  it('never mixes files of a volume that another process exchanges all the time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outrigger-read-'));
    const files = ['config.yaml', 'values.yaml', 'mesh.yaml', 'objects.yaml'].map((name) => join(folder, name));
    const [injectConfig = '', injectValues, meshConfig, objects = ''] = files;
    const exchanger = spawn(process.execPath, [join(import.meta.dirname, 'support/exchange-volume.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(exchanger.stdout, 'data');
    const options = { injectConfig, injectValues, meshConfig, objects: [objects], revision: '', clusterId: '' };
    const seen = new Set<string>();
    // A second, or longer where the machine is slow.
    const begin = performance.now();
    const elapsed = (): number => performance.now() - begin;
    while (elapsed() < 1_000 || (seen.size <= 5 && elapsed() < 60_000)) {
      const texts = new Set(readAll().map(({ text }) => text));
      expect(texts.size).toBeLessThanOrEqual(1);
      for (const text of texts) seen.add(text);
    }
    exchanger.kill();
    expect(seen.size).toBeGreaterThan(5);

    /** Nothing while the files do not rest. */
    function readAll() {
      try {
        return readWhole(() => readConfigurationTexts(options));
      } catch {
        return [];
      }
    }
  });
});
