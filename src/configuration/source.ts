/** Texts that a configuration is made of, and the places in them that errors name. */
import { composeFirstDocument } from '../yaml/composer.ts';
import type { YamlNode } from '../yaml/node.ts';

/** A text and where it comes from. */
export interface SourceText {
  /** Path of the file as the user gave it, or any other name for the text. */
  readonly file: string;
  readonly text: string;
}

/** A place in a text; lines and columns are counted from 1, a column of 0 is unknown. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A configuration that cannot be used. The message starts with the place: `config.yaml:12:3: …`. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly file: string;
  /** Counted from 1; 0 when the place is not known. */
  readonly line: number;
  /** Counted from 1; 0 when the place is not known. */
  readonly column: number;
  /** The message without the place. */
  readonly detail: string;

  constructor(file: string, detail: string, { line, column }: Place = { line: 0, column: 0 }, cause?: unknown) {
    super(`${placeText(file, { line, column })}: ${detail}`, cause === undefined ? undefined : { cause });
    this.file = file;
    this.line = line;
    this.column = column;
    this.detail = detail;
  }
}

/** `config.yaml:12:3`, as far as the place is known. */
export function placeText(file: string, { line, column }: Place): string {
  return [file, ...(line > 0 ? [line] : []), ...(line > 0 && column > 0 ? [column] : [])].join(':');
}

/** Keys and indexes from the top of a document to a value. */
export type Path = readonly (string | number)[];

/** The line of a value in a YAML or JSON text; the deepest part of the path that exists counts. */
export function placeOf(text: string, path: Path): Place {
  const node = nodeAt(text, path);
  return { line: node === undefined ? 0 : node.line + 1, column: 0 };
}

/** The place in a file of a place in a text that stands there as a YAML string, exact when that is a literal block (`|`). */
export function placeInString(text: string, path: Path, inner: Place): Place {
  const node = nodeAt(text, path);
  if (node === undefined) return { line: 0, column: 0 };
  const lines = text.split('\n');
  const isBlock = /\|[0-9+-]*[ \t]*(?:#.*)?\r?$/.test(lines[node.line] ?? '');
  if (!isBlock || node.kind !== 'scalar') return { line: node.line + 1, column: 0 };
  const line = node.line + 1 + inner.line;
  const shown = lines[line - 1]?.replace(/\r$/, '') ?? '';
  const indent = shown.length - (node.value.split('\n')[inner.line - 1]?.length ?? shown.length);
  return { line, column: inner.column === 0 ? 0 : inner.column + indent };
}

/** The node at a path; the deepest part of the path that exists counts. */
export function nodeAt(text: string, path: Path): YamlNode | undefined {
  let node = composeQuietly(text);
  for (const step of path) {
    const next = node === undefined ? undefined : childOf(resolve(node), step);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

function composeQuietly(text: string): YamlNode | undefined {
  try {
    return composeFirstDocument(text);
  } catch {
    return undefined;
  }
}

function childOf(node: YamlNode, step: string | number): YamlNode | undefined {
  if (node.kind === 'sequence') return typeof step === 'number' ? node.items[step] : undefined;
  if (node.kind !== 'mapping') return undefined;
  const wanted = String(step).toLowerCase();
  for (let i = node.pairs.length - 2; i >= 0; i -= 2) {
    const key = node.pairs[i];
    if (key?.kind === 'scalar' && key.value.toLowerCase() === wanted) return node.pairs[i + 1];
  }
  return undefined;
}

function resolve(node: YamlNode): YamlNode {
  return node.kind === 'alias' ? node.target : node;
}
