/** The corpus of `istioctl validate` runs against the command, on real files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runValidate } from '../cli/support/run-validate.ts';
import { describeShared, sharedLines } from '../support/shared.ts';

interface Case {
  readonly id: string;
  readonly files: readonly { readonly name: string; readonly content: string }[];
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly expect: {
    readonly error: boolean;
    readonly errorText?: string;
    readonly output?: string;
    readonly textMatch?: 'exact' | 'set' | 'any';
  };
}

const corpus = 'conformance/validation/istioctl-validate.jsonl';

const asSet = (text: string): string[] => text.split('\n').sort();

describeShared('istioctl validate', corpus, () => {
  const start = process.cwd();
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'outrigger-validate-'));
  });
  afterAll(() => {
    process.chdir(start);
    rmSync(folder, { recursive: true });
  });

  it.each(sharedLines<Case>(corpus))('$id', async ({ id, files, args, stdin, expect: expected }) => {
    const place = join(folder, id);
    mkdirSync(place);
    for (const { name, content } of files) {
      mkdirSync(dirname(join(place, name)), { recursive: true });
      writeFileSync(join(place, name), content);
    }
    process.chdir(place);
    const { code, stderr, stdout } = await runValidate(args, stdin);
    expect({ error: code !== 0, stdout }).toEqual({ error: expected.error, stdout: '' });
    if (expected.textMatch === 'any') return;
    const error = expected.errorText === undefined ? '' : `Error: ${expected.errorText}\n`;
    const text = (expected.output ?? '') + error;
    if (expected.textMatch === 'set') expect(asSet(stderr)).toEqual(asSet(text));
    else expect(stderr).toBe(text);
  });
});
