import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceText } from '../configuration/index.ts';
import { fileError } from './startup-error.ts';

/** The folder of the built-in templates and values, texts that admins read and change. */
const folder = fileURLToPath(new URL('../../templates/', import.meta.url));

/** Templates by name; each is a file of its name, followed by the blocks that they share. */
const templateNames = ['sidecar', 'gateway', 'grpc-simple', 'grpc-agent'];
const sharedBlocks = 'partials.yaml';

/** The built-in text of key `config`: `templates/config.yaml` with the templates put in as literal blocks. */
export function builtInConfig(): SourceText {
  const config = readBuiltIn('config.yaml');
  const shared = readBuiltIn(sharedBlocks).text;
  const templates = templateNames.map((name) => `  ${name}: |2\n${indent(readBuiltIn(`${name}.yaml`).text + shared)}`);
  return { file: config.file, text: `${config.text}\ntemplates:\n${templates.join('')}` };
}

/** The file and line of a line of a built-in template; `undefined` for names that are none. */
export function builtInTemplatePlace(name: string, line: number): { file: string; line: number } | undefined {
  if (!templateNames.includes(name)) return undefined;
  const { file, text } = readBuiltIn(`${name}.yaml`);
  const own = text.split('\n').length - 1;
  return line <= own ? { file, line } : { file: readBuiltIn(sharedBlocks).file, line: line - own };
}

/** The built-in text of key `values`. */
export function builtInValues(): SourceText {
  return readBuiltIn('values.yaml');
}

/** The built-in text of key `mesh`. */
export function builtInMesh(): SourceText {
  return readBuiltIn('mesh.yaml');
}

function readBuiltIn(name: string): SourceText {
  const file = join(folder, name);
  try {
    return { file: `templates/${name}`, text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw fileError('built-in', file, error);
  }
}

/** Moves a text into a literal block of a mapping that is itself indented by 2. */
function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('');
}
