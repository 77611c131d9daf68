/** The kube-inject corpus through the command line, with the flags a user would give. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../cli/support.ts';
import { clusterObjectsOf, injectionCorpus, readEnvironment } from '../support/injection-corpus.ts';
import { describeShared, shared } from '../support/shared.ts';

const folder = `${injectionCorpus}/kube-inject`;

interface KubeInjectCase {
  readonly environment: string;
  readonly revision: string;
  readonly warnings: readonly string[];
  readonly error?: string;
  readonly messageOrder?: 'any';
}

/** The flags of an environment of the corpus; its objects are written to a file. */
function flagsOf(name: string, revision: string): string[] {
  const file = (base: string): string => shared(`${injectionCorpus}/environments/${name}/${base}`);
  const objects = join(mkdtempSync(join(tmpdir(), 'outrigger-test-')), 'objects.json');
  const items = clusterObjectsOf(readEnvironment(name));
  writeFileSync(objects, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return [
    [
      '--inject-config',
      file('config.yaml'),
      '--inject-values',
      file('values.json'),
      '--mesh-config',
      file('mesh.yaml'),
    ],
    ['--objects', objects, '--revision', revision],
  ].flat();
}

const pieces = (message: string): string[] => message.split(/\n|; have |, /).sort();

describeShared('outrigger inject, byte for byte as istioctl kube-inject', folder, () => {
  it.each(readdirSync(shared(folder)))('%s', async (id) => {
    const file = (name: string): string => shared(`${folder}/${id}/${name}`);
    const item = JSON.parse(readFileSync(file('case.json'), 'utf8')) as KubeInjectCase;
    const { features } = readEnvironment(item.environment).settings;
    const args = ['inject', '-f', file('input.yaml'), ...flagsOf(item.environment, item.revision)];
    const { code, stdout, stderr } = await run(args, '', false, features);
    if (item.error !== undefined) {
      const expected = `Error: ${item.error}\n`;
      if (item.messageOrder === 'any') expect(pieces(stderr)).toEqual(pieces(expected));
      else expect(stderr).toBe(expected);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      return;
    }
    expect(stdout).toBe(readFileSync(file('expected.yaml'), 'utf8'));
    const warnings = item.warnings.length === 0 ? '' : `\n${item.warnings.join('\n')}\n`;
    expect({ code, stderr }).toEqual({ code: 0, stderr: warnings });
  });
});
