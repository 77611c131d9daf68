import { describe, expect, it } from 'vitest';
import { basePath, cleanPath, dirPath, extension } from '../../src/go/path.ts';

describe('path', () => {
  it.each([
    ['', '.', '.', '.', ''],
    ['/', '/', '/', '/', ''],
    ['///', '/', '/', '/', ''],
    ['a/b/c.txt', 'a/b/c.txt', 'c.txt', 'a/b', '.txt'],
    ['a/../b//c/.', 'b/c', '.', 'b/c', '.'],
    ['../a/..', '..', '..', '../a', '.'],
    ['/../a', '/a', 'a', '/', ''],
    ['a/b/', 'a/b', 'b', 'a/b', ''],
    ['x.tar.gz', 'x.tar.gz', 'x.tar.gz', '.', '.gz'],
    ['a.b/c', 'a.b/c', 'c', 'a.b', ''],
  ])('%j: Clean %j, Base %j, Dir %j, Ext %j', (path, clean, base, dir, ext) => {
    expect(cleanPath(path)).toBe(clean);
    expect(basePath(path)).toBe(base);
    expect(dirPath(path)).toBe(dir);
    expect(extension(path)).toBe(ext);
  });
});
