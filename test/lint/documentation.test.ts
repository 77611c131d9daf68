import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/lint/index.ts';
import { repositoryRoot } from '../support/shared.ts';

describe('docs/lint.md', () => {
  it('has every rule, as the registry has it', () => {
    const text = readFileSync(join(repositoryRoot, 'docs/lint.md'), 'utf8').replaceAll('&lt;', '<');
    const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (error|warning|info) \| (.*) \| (.*) \|$/gm)];
    const documented = rows.map(([, id = '', level, what, why]) => [id, { level, what, why }] as const);
    const known = Object.entries(rules).map(([id, { level, what, why }]) => [id, { level, what, why }] as const);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(known));
  });
});
