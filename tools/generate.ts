/**
 * `npm run generate`: writes the generated tables again from the public Go modules pinned in `tools/generate/*`'s go.mod files.
 * `npm run generate -- --check` writes them into a temporary folder and fails when they differ from the committed ones.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Each generator (a folder of `tools/generate`) and the folder it writes into. */
export const generators = [
  { name: 'kubernetes', target: 'src/kubernetes' },
  { name: 'protobuf', target: 'src/protobuf' },
  { name: 'crds', target: 'src/validation/crd' },
] as const;

/** Runs a generator; its files are written into `folder`. */
export function generate(name: string, folder: string): void {
  execFileSync('go', ['run', '.', folder], {
    cwd: join(root, 'tools/generate', name),
    stdio: ['ignore', 'inherit', 'pipe'],
  });
}

/** Files that differ from the committed ones when a generator runs again. */
export function findDifferences(name: string, target: string): string[] {
  const scratch = mkdtempSync(join(tmpdir(), 'outrigger-generate-'));
  try {
    generate(name, scratch);
    const files = readdirSync(scratch);
    if (files.length === 0) throw new Error(`the generator ${name} wrote nothing`);
    return files
      .map((file) => join(target, file))
      .filter((file, index) => !readFileSync(join(root, file)).equals(readFileSync(join(scratch, files[index] ?? ''))));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) {
    const differing = generators.flatMap(({ name, target }) => findDifferences(name, target));
    for (const file of differing)
      process.stderr.write(`${file} is not what its generator writes: run npm run generate\n`);
    process.exit(differing.length === 0 ? 0 : 1);
  }
  for (const { name, target } of generators) generate(name, join(root, target));
}
