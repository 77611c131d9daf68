/**
 * Builds `dist/`: compiles `src/`, copies the generated JSON tables that the core loads as data, and bundles the page of
 * the playground with its editor.
 *
 * The compiler writes into a fresh folder which then replaces `dist/`, so that a failed build leaves the old one in place.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const staging = join(root, `.dist-${process.pid}`);
const dist = join(root, 'dist');

try {
  compile('-p', join(root, 'tsconfig.build.json'), '--outDir', staging);
  for (const file of globSync('src/**/*.json', { cwd: root, exclude: ['**/tsconfig.json'] })) {
    cpSync(join(root, file), join(staging, relative('src', file)));
  }
  await buildPlayground(join(root, 'src/playground/client'), join(staging, 'playground/page'));
  const entry = join(staging, 'cli/main.js');
  if (existsSync(entry)) chmodSync(entry, 0o755);
  rmSync(dist, { recursive: true, force: true });
  renameSync(staging, dist);
} catch (error) {
  rmSync(staging, { recursive: true, force: true });
  if (error instanceof Error && ('status' in error || 'errors' in error)) process.exit(1);
  throw error;
}

function compile(...args: readonly string[]): void {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...args], { stdio: 'inherit' });
}

/** Checks the types of the page's scripts and bundles them; the licences of what is in the bundle go with it. */
async function buildPlayground(source: string, folder: string): Promise<void> {
  compile('-p', source);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: join(source, 'main.js'), out: 'app' },
      { in: join(source, 'app.css'), out: 'app' },
    ],
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'esm',
    // The first ones with `light-dark()` in style sheets.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    metafile: true,
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'icon.svg']) copyFileSync(join(source, name), join(folder, name));
  writeFileSync(join(folder, 'LICENSES.txt'), licensesOf(Object.keys(metafile.inputs)));
}

/** The licence texts of the packages that files belong to. */
function licensesOf(files: readonly string[]): string {
  const packages = files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  return [...new Set(packages)]
    .sort()
    .map((name) => `${name}\n\n${readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8')}`)
    .join('\n----\n\n');
}
