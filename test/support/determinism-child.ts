/**
 * Answers every review of a file many times in a fresh process and prints a digest of each distinct answer, one line of JSON.
 *
 * Usage: determinism-child.ts REVIEWS REPEATS CONFIG VALUES MESH
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInjector } from '../../src/injection/index.ts';

const [reviewsFile = '', repeats = '1', ...files] = process.argv.slice(2);
const [config = '', values = '', mesh = ''] = files.map((file) => readFileSync(file, 'utf8'));
const bodies = (JSON.parse(readFileSync(reviewsFile, 'utf8')) as unknown[]).map((review) => JSON.stringify(review));
const injector = createInjector({ config, values, mesh, revision: 'default' });

const distinct = bodies.map(() => new Set<string>());
for (let i = 0; i < Number(repeats); i++) {
  for (const [index, body] of bodies.entries()) {
    const { text } = injector.answer(body, '/inject');
    distinct[index]?.add(createHash('sha256').update(text).digest('hex'));
  }
}
process.stdout.write(JSON.stringify(distinct.map((digests) => [...digests])));
