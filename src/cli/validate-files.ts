import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { buffer as readAll } from 'node:stream/consumers';
import type { Terminal } from '../server/terminal.ts';
import { checkFile, stdinName, unreadableFile } from '../validation/offline/index.ts';
import type { FileReport, OfflineOptions } from '../validation/offline/index.ts';
import { quote } from '../go/quote.ts';

/** A checked file and its text, from which excerpts are taken. */
export interface CheckedFile {
  readonly report: FileReport;
  readonly text: string;
}

/** Told of every file that was checked. */
export type Progress = (done: number, total: number) => void;

const extensions: ReadonlySet<string> = new Set(['.json', '.yaml', '.yml']);

/** Checks files and, of folders, all YAML and JSON files in them and below. A path that is not there is a finding. */
export async function checkPaths(
  paths: readonly string[],
  options: OfflineOptions,
  terminal: Terminal,
  progress: Progress,
): Promise<CheckedFile[]> {
  const files = paths.flatMap(filesOf);
  const checked: CheckedFile[] = [];
  for (const file of files) {
    checked.push(typeof file === 'string' ? await checkPath(file, options, terminal) : file);
    progress(checked.length, files.length);
  }
  return checked;
}

/** The files that a path stands for, in the order of their names; a path that is not there has its report already. */
function filesOf(path: string): (string | CheckedFile)[] {
  if (path === stdinName) return [path];
  try {
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  } catch (error) {
    return [unreadable(path, `cannot stat file ${quote(path)}: stat ${path}: ${reasonOf(error)}`)];
  }
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return extensions.has(extname(entry.name)) ? [path] : [];
  });
}

async function checkPath(path: string, options: OfflineOptions, { stdin }: Terminal): Promise<CheckedFile> {
  let bytes: Buffer;
  try {
    bytes = path === stdinName ? await readAll(stdin) : readFileSync(path);
  } catch (error) {
    return unreadable(path, `cannot read file ${quote(path)}: open ${path}: ${reasonOf(error)}`);
  }
  if (!isUtf8(bytes)) {
    const reason = 'error converting YAML to JSON: yaml: invalid leading UTF-8 octet';
    return unreadable(path, `failed to decode file ${path}:  ${reason}`);
  }
  const text = bytes.toString('utf8');
  return { report: checkFile(path, text, options), text };
}

function unreadable(path: string, message: string): CheckedFile {
  return { report: unreadableFile(path, message), text: '' };
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  ENOTDIR: 'not a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
};

/** The operating system's words, as Go prints them. */
function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
