import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingKinds } from '../../src/doctor/index.ts';
import { repositoryRoot } from '../support/shared.ts';

const text = readFileSync(join(repositoryRoot, 'docs/doctor.md'), 'utf8');

describe('docs/doctor.md', () => {
  it.each(Object.entries(findingKinds))('documents %s', (id, { level, sentence }) => {
    expect(text).toContain(`| \`${id}\` | ${level} | ${sentence} |`);
  });

  it('documents nothing else', () => {
    expect([...text.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, id]) => id)).toEqual(Object.keys(findingKinds));
  });
});
