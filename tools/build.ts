/**
 * Builds `dist/`: compiles `src/` and copies the generated JSON tables that the core loads as data.
 *
 * The compiler writes into a fresh folder which then replaces `dist/`, so that a failed build leaves the old one in place.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, globSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const staging = join(root, `.dist-${process.pid}`);
const dist = join(root, 'dist');

try {
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json'), '--outDir', staging],
    { stdio: 'inherit' },
  );
  for (const file of globSync('src/**/*.json', { cwd: root })) {
    cpSync(join(root, file), join(staging, relative('src', file)));
  }
  const entry = join(staging, 'cli/main.js');
  if (existsSync(entry)) chmodSync(entry, 0o755);
  rmSync(dist, { recursive: true, force: true });
  renameSync(staging, dist);
} catch (error) {
  rmSync(staging, { recursive: true, force: true });
  if (error instanceof Error && 'status' in error) process.exit(1);
  throw error;
}
