/** Files that only we may read. */
import { open, readFile, rename, rm, stat } from 'node:fs/promises';

/** Writes the file so that a reader, or a crash, sees the old or the new one; only we may read it. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const staging = `${path}.${process.pid}.tmp`;
  await rm(staging, { force: true });
  const file = await open(staging, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(staging, path);
}

/**
 * Reads a file; `undefined` when there is none.
 * @throws {Error} when it cannot be read, or has more than `maxBytes`
 */
export async function readPrivateFile(path: string, maxBytes: number): Promise<string | undefined> {
  try {
    if ((await stat(path)).size > maxBytes) throw new Error(`${path} is too large`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
