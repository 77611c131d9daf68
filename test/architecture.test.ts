import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from './support/shared.ts';

/** Folder → folders that it may import, from the map in ARCHITECTURE.md; `undefined` where it may import any. */
function readMap(): Map<string, Set<string> | undefined> {
  const rows = readFileSync(join(repositoryRoot, 'ARCHITECTURE.md'), 'utf8').matchAll(
    /^\| `src\/([a-z-]+)\/` \|.*\| ([^|]+) \|$/gm,
  );
  return new Map(
    [...rows].map(([, folder = '', imports = '']) => [
      folder,
      imports === 'any' ? undefined : new Set(imports === 'nothing' ? [] : imports.split(', ')),
    ]),
  );
}

const map = readMap();
const files = globSync('src/*/**/*.ts', { cwd: repositoryRoot });

describe('the map in ARCHITECTURE.md', () => {
  it('names every folder of src', () => {
    expect([...map.keys()].sort()).toEqual([...new Set(files.map((file) => file.split('/')[1] ?? ''))].sort());
  });

  it('has no circles', () => {
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      [...(map.get(from) ?? [])].some((next) => {
        if (next === to) return true;
        if (seen.has(next)) return false;
        seen.add(next);
        return reaches(next, to, seen);
      });
    expect([...map.keys()].filter((folder) => reaches(folder, folder))).toEqual([]);
  });

  it.each([...map].filter(([, allowed]) => allowed !== undefined))('is how %s imports', (folder, allowed) => {
    const imported = new Set<string>();
    for (const file of files.filter((name) => name.startsWith(`src/${folder}/`))) {
      for (const [, target = ''] of readFileSync(join(repositoryRoot, file), 'utf8').matchAll(/ from '([^']+)'/g)) {
        if (!target.startsWith('..')) continue;
        const [top, name = ''] = join(file, '..', target).split('/');
        if (top === 'src' && name !== folder) imported.add(name);
      }
    }
    expect([...imported].sort()).toEqual([...(allowed ?? [])].sort());
  });
});
