/**
 * Builds the test control plane (`tools/kapi`), kubectl of the same version, Helm (`tools/helm`) and kubeconform from public Go modules, once per
 * set of inputs.
 *
 * The binaries are kept outside the clone, below the user's cache folder, under a key made of everything that decides their content.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inThreeAttempts } from '../../support/attempts.ts';
import { repositoryRoot } from '../../support/shared.ts';

/** Paths of the built programs. */
export interface ControlPlanePrograms {
  /** etcd, kube-apiserver and kube-controller-manager, chosen by the first argument. */
  readonly kapi: string;
  readonly kubectl: string;
}

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

/** A Go module of `tools/`, and what is built in it. */
interface GoTool {
  /** Folder below `tools/`. */
  readonly module: string;
  /** Prefix of the folder in the cache. */
  readonly name: string;
  readonly ldflags: string;
  /** Name of each program, and the package it is built from. */
  readonly programs: Readonly<Record<string, string>>;
}

const controlPlane: GoTool = {
  module: 'kapi',
  name: 'control-plane',
  ldflags: versionFlags,
  programs: { kapi: '.', kubectl: 'k8s.io/kubernetes/cmd/kubectl' },
};

const helm: GoTool = {
  module: 'helm',
  name: 'helm',
  ldflags: '-s -w',
  programs: { helm: 'helm.sh/helm/v3/cmd/helm' },
};

const kubeconform: GoTool = {
  module: 'kubeconform',
  name: 'kubeconform',
  ldflags: '-s -w',
  programs: { kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform' },
};

/** The programs, built first where the cache does not have them: some minutes on two cores. */
export async function buildControlPlane(): Promise<ControlPlanePrograms> {
  const folder = await build(controlPlane);
  return { kapi: join(folder, 'kapi'), kubectl: join(folder, 'kubectl') };
}

/** Path of `helm`, built first where the cache does not have it. */
export async function buildHelm(): Promise<string> {
  return join(await build(helm), 'helm');
}

/** Path of `kubeconform`, built first where the cache does not have it. */
export async function buildKubeconform(): Promise<string> {
  return join(await build(kubeconform), 'kubeconform');
}

/** The folder with the programs. */
async function build(tool: GoTool): Promise<string> {
  const folder = join(cacheFolder(), `${tool.name}-${inputsKey(tool)}`);
  const names = Object.keys(tool.programs);
  if (names.every((name) => existsSync(join(folder, name)))) return folder;

  mkdirSync(cacheFolder(), { recursive: true });
  const staging = mkdtempSync(join(cacheFolder(), 'building-'));
  try {
    process.stderr.write(`building ${names.join(' and ')} from Go modules; this takes some minutes the first time\n`);
    for (const [name, target] of Object.entries(tool.programs))
      await inThreeAttempts(() => goBuild(tool, join(staging, name), target));
    publish(staging, folder, names);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return folder;
}

/** Puts the folder in its place, unless another run was faster. */
function publish(staging: string, folder: string, names: readonly string[]): void {
  const isWhole = (): boolean => names.every((name) => existsSync(join(folder, name)));
  try {
    if (!isWhole()) rmSync(folder, { recursive: true, force: true });
    renameSync(staging, folder);
  } catch (error) {
    if (!isWhole()) throw error;
  }
}

function sourceOf(tool: GoTool): string {
  return join(repositoryRoot, 'tools', tool.module);
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'outrigger');
}

function inputsKey(tool: GoTool): string {
  const hash = createHash('sha256')
    .update(tool.ldflags)
    .update(execFileSync('go', ['env', 'GOVERSION', 'GOARCH', 'GOOS']));
  for (const file of ['go.mod', 'go.sum', 'main.go']) {
    const path = join(sourceOf(tool), file);
    if (existsSync(path)) hash.update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}

function goBuild(tool: GoTool, output: string, target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', ['build', '-trimpath', '-ldflags', tool.ldflags, '-o', output, target], {
      cwd: sourceOf(tool),
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`go build ${target} failed with exit code ${String(code)}`));
    });
  });
}
