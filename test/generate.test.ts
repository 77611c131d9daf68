import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDifferences, generators } from '../tools/generate.ts';
import { repositoryRoot } from './support/shared.ts';

/** Whether Go is there and can get the pinned modules. In CI both must be, elsewhere the suite is left out without them. */
const ready =
  process.env['CI'] === 'true' ||
  generators.every(
    ({ name }) =>
      spawnSync('go', ['mod', 'download'], { cwd: join(repositoryRoot, 'tools/generate', name), timeout: 120_000 })
        .status === 0,
  );

describe.skipIf(!ready)(
  ready ? 'generated tables' : 'generated tables (left out: needs Go and its public modules)',
  () => {
    it.each(generators)(
      '$name: generating again gives the committed bytes',
      { timeout: 1_800_000 },
      ({ name, target }) => {
        expect(findDifferences(name, target)).toEqual([]);
      },
    );
  },
);
