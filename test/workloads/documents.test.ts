import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { advisoryEntry } from '../../src/cluster/webhooks/configuration.ts';
import { kindsWithPods, warningCatalogue } from '../../src/workloads/index.ts';
import { decodeYaml } from '../../src/yaml/index.ts';
import { repositoryRoot } from '../support/shared.ts';

const text = readFileSync(join(repositoryRoot, 'docs/workloads.md'), 'utf8');

describe('docs/workloads.md', () => {
  it('has a line for each warning, and for no other', () => {
    const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (verdict|problem) \| (.+) \|$/gm)].map(
      ([, id, level, meaning]) => [id, { level, meaning }],
    );
    expect(Object.fromEntries(rows)).toEqual(warningCatalogue);
  });

  it('shows a configuration that cannot get in the way', () => {
    const yaml = /```yaml\n([^]*?)```/.exec(text)?.[1] ?? '';
    expect(decodeYaml(yaml)).toMatchObject({
      webhooks: [{ name: advisoryEntry, failurePolicy: 'Ignore', sideEffects: 'None', timeoutSeconds: 3 }],
    });
  });

  it.each(kindsWithPods.filter((kind) => !['Pod', 'Rollout', 'DeploymentConfig'].includes(kind)))(
    'has a rule for %s',
    (kind) => {
      expect(text).toMatch(new RegExp(`resources: \\[.*\\b${kind.toLowerCase()}s\\b.*\\]`));
    },
  );
});
