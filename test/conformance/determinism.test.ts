import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { describeShared, repositoryRoot, shared } from '../support/shared.ts';

const run = promisify(execFile);
const environment = 'conformance/injection/environments/default';
const load = 'conformance/injection/load/reviews.json';

describeShared('answers', load, () => {
  it('have the same bytes each of 1,000 times, in each of 3 processes', { timeout: 300_000 }, async () => {
    const args = [
      join(repositoryRoot, 'test/support/determinism-child.ts'),
      shared(load),
      '1000',
      ...['config.yaml', 'values.json', 'mesh.yaml'].map((file) => shared(`${environment}/${file}`)),
    ];
    const outputs = await Promise.all([1, 2, 3].map(() => run(process.execPath, args)));
    const [first, ...others] = outputs.map(({ stdout }) => JSON.parse(stdout) as string[][]);
    expect(first).toHaveLength((JSON.parse(readFileSync(shared(load), 'utf8')) as unknown[]).length);
    expect(first?.map((digests) => digests.length)).toEqual(first?.map(() => 1));
    for (const other of others) expect(other).toEqual(first);
  });
});
