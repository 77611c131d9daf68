import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findDifferences, generators } from '../tools/generate.ts';
import { repositoryRoot } from './support/shared.ts';

/** Whether Go could get the pinned modules of a generator. */
const download = ({ name }: { name: string }): boolean =>
  spawnSync('go', ['mod', 'download'], { cwd: join(repositoryRoot, 'tools/generate', name), timeout: 120_000 })
    .status === 0;

/** Whether Go is there and can get the modules. In CI both must be, elsewhere the suite is left out without them. */
const ready = process.env['CI'] === 'true' || generators.every(download);

describe.skipIf(!ready)(
  ready ? 'generated tables' : 'generated tables (left out: needs Go and its public modules)',
  () => {
    beforeAll(() => {
      // They come over the network: what is missing then is told by the generators.
      for (const generator of generators) for (let attempt = 0; attempt < 3 && !download(generator); attempt += 1);
    }, 1_800_000);

    it.each(generators)(
      '$name: generating again gives the committed bytes',
      { timeout: 1_800_000 },
      ({ name, target }) => {
        expect(findDifferences(name, target)).toEqual([]);
      },
    );
  },
);
