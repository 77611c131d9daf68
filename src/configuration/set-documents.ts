/** Kubernetes documents of a text, and where the strings in them stand. */
import { decodeYaml, YamlError } from '../yaml/index.ts';
import { ConfigurationError, nodeAt, type Path, type SourceText } from './source.ts';

/** A document of a file. */
export interface ConfigurationDocument {
  readonly file: string;
  /** Lines of the file before it. */
  readonly linesBefore: number;
  readonly text: string;
  /** Decoded JSON. */
  readonly object: unknown;
}

/** Where a text that is a string of a document stands in its file. */
export interface TextOrigin {
  readonly file: string;
  /** Line of the file, counted from 1, with the first line of the text. */
  readonly line: number;
  /** Columns of the file before each line of the text; absent when the string is no literal block (`|`): all of it counts as in `line`. */
  readonly indent?: number;
}

/**
 * The documents of a text: one of JSON, or any number of YAML with `---` lines between them.
 * @throws {ConfigurationError} with the place in the file
 */
export function readDocuments({ file, text }: SourceText): ConfigurationDocument[] {
  if (text.trimStart().startsWith('{')) {
    const object = parseJson(text);
    if (object !== undefined) return [{ file, linesBefore: 0, text, object }];
  }
  const documents: ConfigurationDocument[] = [];
  let linesBefore = 0;
  for (const part of text.split(/^---[ \t]*(?:#.*)?\r?$/m)) {
    documents.push({ file, linesBefore, text: part, object: decodePart(file, part, linesBefore) });
    linesBefore += part.split('\n').length - 1;
  }
  return documents;
}

/** Where the string at a path of a document stands; `undefined` when nothing is there. */
export function originOf({ file, linesBefore, text }: ConfigurationDocument, path: Path): TextOrigin | undefined {
  const node = nodeAt(text, path);
  if (node === undefined) return undefined;
  const header = linesBefore + node.line + 1;
  const lines = text.split('\n');
  const isBlock = /\|[0-9+-]*[ \t]*(?:#.*)?\r?$/.test(lines[node.line] ?? '');
  if (!isBlock || node.kind !== 'scalar') return { file, line: header };
  const content = node.value.split('\n');
  const shown = content.findIndex((line) => line !== '');
  const written = lines[node.line + 1 + shown]?.replace(/\r$/, '').length ?? 0;
  return { file, line: header + 1, indent: Math.max(0, written - (content[shown]?.length ?? written)) };
}

function decodePart(file: string, text: string, linesBefore: number): unknown {
  try {
    return decodeYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const place = error.line === 0 ? undefined : { line: linesBefore + error.line, column: error.column };
    throw new ConfigurationError(file, error.message, place, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
