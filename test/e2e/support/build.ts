/**
 * Builds the test control plane (`tools/kapi`) and kubectl of the same version from public Go modules, once per set of inputs.
 *
 * The binaries are kept outside the clone, below the user's cache folder, under a key made of everything that decides their content.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/shared.ts';

/** Paths of the built programs. */
export interface ControlPlanePrograms {
  /** etcd, kube-apiserver and kube-controller-manager, chosen by the first argument. */
  readonly kapi: string;
  readonly kubectl: string;
}

const source = join(repositoryRoot, 'tools/kapi');
const version = 'v1.35.4';

/** Without these the server calls itself `v0.0.0-master` and kubectl cannot parse its version. */
const versionFlags = [
  '-s -w',
  ...Object.entries({
    gitVersion: version,
    gitMajor: '1',
    gitMinor: '35',
    gitTreeState: 'clean',
    gitCommit: 'unknown',
    buildDate: '2026-04-15T18:01:22Z',
  }).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`),
].join(' ');

/** Whether Go is there to build with. */
export function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The programs, built first where the cache does not have them: some minutes on two cores. */
export async function buildControlPlane(): Promise<ControlPlanePrograms> {
  const folder = join(cacheFolder(), `control-plane-${inputsKey()}`);
  const programs = { kapi: join(folder, 'kapi'), kubectl: join(folder, 'kubectl') };
  if (existsSync(programs.kapi) && existsSync(programs.kubectl)) return programs;

  mkdirSync(cacheFolder(), { recursive: true });
  const staging = mkdtempSync(join(cacheFolder(), 'building-'));
  try {
    process.stderr.write('building the test control plane from Go modules; this takes some minutes the first time\n');
    await goBuild(join(staging, 'kapi'), '.');
    await goBuild(join(staging, 'kubectl'), 'k8s.io/kubernetes/cmd/kubectl');
    if (!existsSync(folder)) renameSync(staging, folder);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return programs;
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'outrigger');
}

function inputsKey(): string {
  const hash = createHash('sha256')
    .update(versionFlags)
    .update(execFileSync('go', ['env', 'GOVERSION', 'GOARCH', 'GOOS']));
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(join(source, file)));
  return hash.digest('hex').slice(0, 16);
}

function goBuild(output: string, target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', ['build', '-trimpath', '-ldflags', versionFlags, '-o', output, target], {
      cwd: source,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`go build ${target} failed with exit code ${String(code)}`));
    });
  });
}
