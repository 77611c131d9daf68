/**
 * The container of the Dockerfile without image tools: the files of its final stage, put together by its own instructions, and run as its
 * user on a read-only root in which nothing can be written but what the manifests mount.
 *
 * The base image is not there; in its place stand the packaged Node and this machine's system libraries, read-only.
 */
import { execFileSync, spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { inThreeAttempts } from '../../support/attempts.ts';
import { repositoryRoot } from '../../support/shared.ts';

/** One instruction of a Dockerfile. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** A stage: its name (empty for the last) and what it does. */
export interface Stage {
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** Reads the stages of our Dockerfile; continued lines and here-documents are not in it. */
export function readStages(file = join(repositoryRoot, 'Dockerfile')): readonly Stage[] {
  const stages: { name: string; instructions: Instruction[] }[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, name = '', text = ''] = /^([A-Z]+)\s+(.+)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push({ name: / AS (\S+)$/.exec(text)?.[1] ?? '', instructions: [] });
    else if (name !== '') stages.at(-1)?.instructions.push({ name, text });
  }
  return stages;
}

/** The value of an instruction that occurs once. */
export function valueOf(stage: Stage, name: string): string {
  const found = stage.instructions.filter((instruction) => instruction.name === name);
  if (found.length !== 1) throw new Error(`the Dockerfile has ${String(found.length)} ${name}`);
  return found[0]?.text ?? '';
}

/** Whether the build context has a path: .dockerignore leaves everything out but what it names. */
function isInContext(path: string): boolean {
  const kept = readFileSync(join(repositoryRoot, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'));
  return kept.some((line) => path === line.slice(1) || path.startsWith(`${line.slice(1)}/`));
}

/**
 * Makes the folder of a stage as its COPY and RUN say. `npm ci` is run; other commands of a RUN change nothing but caches.
 * @param others folders of the stages before it, by name
 */
export async function assemble(stage: Stage, folder: string, others: ReadonlyMap<string, string>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const variables: Record<string, string> = {};
  for (const { name, text } of stage.instructions) {
    if (name === 'ENV') Object.assign(variables, Object.fromEntries(text.split(' ').map((pair) => pair.split('='))));
    if (name === 'COPY') copy(text, folder, others);
    if (name === 'RUN') {
      const install = text.split('&&')[0]?.trim() ?? '';
      if (!install.startsWith('npm ci')) throw new Error(`RUN ${text} is not understood`);
      await inThreeAttempts(() => {
        runNpm(install.split(' ').slice(1), folder, variables);
      });
    }
  }
}

function copy(text: string, folder: string, others: ReadonlyMap<string, string>): void {
  const words = text.split(' ');
  const [, from] = /^--from=(.+)$/.exec(words[0] ?? '') ?? [];
  const paths = from === undefined ? words : words.slice(1);
  const target = paths.pop() ?? '';
  for (const path of paths) {
    if (from === undefined && !isInContext(path)) throw new Error(`.dockerignore keeps ${path} out of the context`);
    const source = from === undefined ? join(repositoryRoot, path) : stagePath(others, from, path);
    const destination = /\/$|^\.\/?$/.test(target) ? join(folder, target, basename(path)) : join(folder, target);
    mkdirSync(dirname(destination), { recursive: true });
    cpSync(source, destination, { recursive: true });
  }
}

/** The folder of a stage stands for its WORKDIR. */
function stagePath(others: ReadonlyMap<string, string>, stage: string, path: string): string {
  const folder = others.get(stage);
  if (folder === undefined) throw new Error(`there is no stage ${stage}`);
  return join(folder, path.replace(/^\/[^/]+\//, ''));
}

const packagedNode = join(repositoryRoot, 'node_modules/node/bin');

function runNpm(args: readonly string[], folder: string, variables: Readonly<Record<string, string>>): void {
  const PATH = `${packagedNode}:${process.env['PATH'] ?? ''}`;
  // The registry was asked when this clone was installed.
  execFileSync('npm', [...args, '--prefer-offline', '--no-fund'], {
    cwd: folder,
    env: { ...process.env, ...variables, PATH },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** What is mounted into the container, as Kubernetes would. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** How the container is run. */
export interface Container {
  /** Folder of the final stage. */
  readonly app: string;
  readonly workdir: string;
  readonly user: number;
  readonly group: number;
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
  /** A folder for the root and its mount points. */
  readonly scratch: string;
}

/** Why containers cannot be run here; `undefined` when they can. */
export function obstacle(): string | undefined {
  const [program = '', ...args] = isolation(65532, 65532);
  const { status, stderr, error } = spawnSync(program, [...args, 'true'], { encoding: 'utf8' });
  if (status === 0) return undefined;
  return error?.message ?? `${program}: ${stderr.trim()}`;
}

const isRoot = process.getuid?.() === 0;

/** Starts a program with mounts of its own: as root directly, for others in a user namespace in which they are the container's user. */
function isolation(user: number, group: number): string[] {
  if (isRoot) return ['unshare', '--mount'];
  return ['unshare', '--mount', '--user', `--map-user=${String(user)}`, `--map-group=${String(group)}`, '--keep-caps'];
}

/** Starts a command in the container. */
export function runContainer(
  container: Container,
  command: readonly string[],
): ChildProcessByStdio<null, Readable, Readable> {
  const { scratch, user, group } = container;
  const script = join(scratch, 'enter.sh');
  const root = join(scratch, 'root');
  mkdirSync(root, { recursive: true });
  writeFileSync(script, enterScript(container, root));
  chmodSync(script, 0o755);
  const [program = '', ...args] = isolation(user, group);
  return spawn(program, [...args, 'sh', script, ...command], { stdio: ['ignore', 'pipe', 'pipe'], env: {} });
}

/** Folders of the system that Node needs; links stay links. */
const systemFolders = ['/usr', '/lib', '/lib64', '/bin', '/sbin'].filter((folder) => existsSync(folder));

function enterScript({ app, workdir, user, group, mounts, env }: Container, root: string): string {
  const lines = [
    'set -eu',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    `root='${root}'`,
    'mount --make-rprivate /',
    'mount -t tmpfs -o size=1m,mode=0755 root "$root"',
    'bind() { mkdir -p "$root$2"; mount --bind "$1" "$root$2"; if [ "$3" = ro ]; then mount -o remount,bind,ro "$root$2"; fi; }',
    ...systemFolders.map((folder) =>
      resolve(folder) === execFileSync('readlink', ['-f', folder], { encoding: 'utf8' }).trim()
        ? `bind ${folder} ${folder} ro`
        : `cp -P ${folder} "$root${folder}"`,
    ),
    `bind '${packagedNode}' /node ro`,
    `bind '${app}' ${workdir} ro`,
    'mkdir -p "$root/etc" "$root/tmp" "$root/proc" "$root/dev"; chmod 1777 "$root/tmp"',
    'echo "127.0.0.1 localhost" > "$root/etc/hosts"',
    'mount --rbind /proc "$root/proc"',
    'for device in null zero urandom random; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done',
    ...mounts.map(({ source, target, readOnly }) => `bind '${source}' ${target} ${readOnly ? 'ro' : 'rw'}`),
    'mount -o remount,ro "$root"',
    'cd "$root"',
    `exec chroot . /usr/bin/env -i ${Object.entries({ PATH: '/node:/usr/bin:/bin', ...env })
      .map(([name, value]) => `'${name}=${value}'`)
      .join(' ')} setpriv ${privileges(user, group)} sh -c 'cd ${workdir} && exec "$@"' sh "$@"`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Without capabilities, and without a way to new ones: what the security context of the manifests says. */
function privileges(user: number, group: number): string {
  const identity = isRoot
    ? [`--reuid=${String(user)}`, `--regid=${String(group)}`, '--clear-groups']
    : ['--ambient-caps=-all'];
  return [...identity, '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs'].join(' ');
}

/** A folder as an emptyDir with the pod's group is: writable for the container's user. */
export function emptyDir(folder: string, user: number, group: number): string {
  mkdirSync(folder, { recursive: true });
  if (isRoot) chownSync(folder, user, group);
  return folder;
}
