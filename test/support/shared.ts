/**
 * The conformance corpora live beside the repository, in `../shared`, and are not part of it.
 *
 * Suites that need them are declared with {@link describeShared}: they run where the folder exists, are reported as
 * skipped with the reason where it does not, and fail where `CI=true` and it does not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

/** The repository's own folder. */
export const repositoryRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const root = process.env['OUTRIGGER_SHARED'] ?? join(repositoryRoot, '..', 'shared');

/** Absolute path of a file or folder of the shared data, e.g. `shared('conformance/templates/yaml.jsonl')`. */
export function shared(path: string): string {
  return join(root, path);
}

/** Every record of a shared JSON-lines file. */
export function sharedLines<T>(path: string): T[] {
  return readFileSync(shared(path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** A suite over `shared/<path>`; see the file comment for what happens when it is missing. */
export function describeShared(name: string, path: string, suite: () => void): void {
  if (existsSync(shared(path))) {
    describe(name, suite);
  } else if (process.env['CI'] === 'true') {
    describe(name, () => {
      it(`finds ../shared/${path}`, () => {
        throw new Error(`../shared/${path} is missing, and in CI the conformance suites must run`);
      });
    });
  } else {
    describe.skip(`${name} (left out: ../shared/${path} is not there)`, () => {
      it('needs the shared corpora', () => undefined);
    });
  }
}
