/** Input files of commands: files, folders and stdin. */
import { readFileSync, statSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { placeText } from '../configuration/index.ts';
import { yamlFilesIn } from '../server/configuration-files.ts';
import { fileError } from '../server/startup-error.ts';
import type { Terminal } from '../server/terminal.ts';
import type { YamlError } from '../yaml/index.ts';

/** Stands for standard input. */
const stdin = '-';

/** The files that a path stands for: itself, or of a folder the YAML and JSON files in it. */
export function filesOf(path: string): string[] {
  if (path === stdin) return [path];
  try {
    return statSync(path).isDirectory() ? yamlFilesIn(path) : [path];
  } catch (error) {
    throw fileError('resources', path, error);
  }
}

/** The text of a file, or of stdin for `-`. */
export async function readInput(file: string, { stdin: input }: Terminal): Promise<string> {
  if (file === stdin) return readAll(input);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError('resources', file, error);
  }
}

/** With several files the message says which one failed; alone it is istioctl's. */
export function inFile(file: string, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new InputError(`${file}: ${message}`, { cause: error });
}

/** The error for a file that is no YAML: its place, and what to do about it. */
export function atPlace(file: string, error: YamlError): Error {
  const { message, remedy } = error;
  const problem = message.replace(/^error converting YAML to JSON: (?:yaml: )?(?:line \d+: )?/, '');
  return new InputError(
    [`${placeText(file, error)}: ${problem}`, ...(remedy === undefined ? [] : [remedy])].join('. '),
  );
}

/** A resource that cannot be injected. */
class InputError extends Error {
  override readonly name = 'InputError';
}
