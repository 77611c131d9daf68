/** Kubernetes objects of files, one after the other, so that a dump of a whole cluster takes little memory. */
import { cutJsonList, cutYamlList, type CutList } from '../comparison/index.ts';
import { splitDocuments } from '../injection/manual/index.ts';
import { decodeYaml, isRecord, YamlError, type JsonRecord } from '../yaml/index.ts';
import type { Terminal } from '../server/terminal.ts';
import { atPlace, filesOf, inFile, readInput } from './input-files.ts';

/** Texts of files that were given: those of a folder are read when they are needed, stdin once. */
export class ObjectFiles {
  readonly #files: readonly string[];
  readonly #terminal: Terminal;
  #stdin: string | undefined;
  /** Files and characters of the current one that were read. */
  #done = { files: 0, part: 0 };

  /** @param paths files, folders, or `-` */
  constructor(paths: readonly string[], terminal: Terminal) {
    this.#files = paths.flatMap(filesOf);
    this.#terminal = terminal;
  }

  /** How much of the files was read by the latest reader, from 0 to 1. */
  get part(): number {
    return (this.#done.files + this.#done.part) / Math.max(this.#files.length, 1);
  }

  /**
   * All objects; lists are opened.
   * @param kinds only objects of these kinds
   */
  async *objects(kinds?: readonly string[]): AsyncGenerator<JsonRecord> {
    for (const [index, file] of this.#files.entries()) {
      const text = await this.#read(file);
      const progress = (characters: number): void => {
        this.#done = { files: index, part: characters / Math.max(text.length, 1) };
      };
      try {
        for (const object of objectsOf(text, kinds, progress)) {
          if (kinds === undefined || kinds.includes(String(object['kind']))) yield object;
        }
      } catch (error) {
        throw error instanceof YamlError ? atPlace(file, error) : inFile(file, error);
      }
    }
  }

  async #read(file: string): Promise<string> {
    if (file !== '-') return readInput(file, this.#terminal);
    return (this.#stdin ??= await readInput(file, this.#terminal));
  }
}

function* objectsOf(
  text: string,
  kinds: readonly string[] | undefined,
  progress: (characters: number) => void,
): Generator<JsonRecord> {
  let read = 0;
  let lines = 0;
  const documents = isJson(text) ? [text] : splitDocuments(text);
  for (const document of documents) {
    try {
      const list = document.trimStart().startsWith('{') ? cutJsonList(document) : cutYamlList(document);
      if (list !== undefined && isList(list)) {
        let within = 0;
        yield* itemsOf(list, document, kinds, (characters) => {
          within += characters;
          progress(read + within);
        });
      } else if (mayBeOf(document, kinds)) {
        yield* opened(decode(document));
      }
    } catch (error) {
      throw error instanceof YamlError ? furtherDown(error, lines) : error;
    }
    // And the line between them.
    lines += (document.match(/\n/g)?.length ?? 0) + 1;
    read += document.length;
    progress(read);
  }
}

/** The error of a document, in its file. */
function furtherDown({ message, line, column, remedy }: YamlError, lines: number): YamlError {
  return new YamlError(message, line === 0 ? 0 : line + lines, column, remedy);
}

/** Items that cannot be decoded alone, as when they share anchors, are decoded together. */
function* itemsOf(
  { items, head }: CutList,
  document: string,
  kinds: readonly string[] | undefined,
  progress: (characters: number) => void,
): Generator<JsonRecord> {
  const { kind, apiVersion } = headOf(head);
  // Items of typed lists do not say what they are.
  const itemKind = kind === 'List' ? undefined : kind.replace(/List$/, '');
  if (itemKind !== undefined && kinds?.includes(itemKind) === false) return;
  for (const item of items) {
    progress(item.length);
    if (itemKind === undefined && !mayBeOf(item, kinds)) continue;
    let object: unknown;
    try {
      object = decode(item);
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      yield* opened(decode(document));
      return;
    }
    if (isRecord(object)) yield itemKind === undefined ? object : { kind: itemKind, apiVersion, ...object };
  }
}

/** Whether a text can hold an object of some kinds: in YAML the kind stands where the first key stands. */
function mayBeOf(text: string, kinds: readonly string[] | undefined): boolean {
  if (kinds === undefined) return true;
  const names = `["']?(?:${[...kinds, '\\w*List'].join('|')})\\b`;
  if (/^\s*\{/.test(text)) return new RegExp(`"kind"\\s*:\\s*${names}`).test(text);
  const indent = /^([ ]*)[^\s#-]/m.exec(text)?.[1] ?? '';
  return new RegExp(`^${indent}["']?kind["']?[ \\t]*:[ \\t]*${names}`, 'm').test(text);
}

function* opened(object: unknown): Generator<JsonRecord> {
  if (!isRecord(object)) return;
  if (!String(object['kind']).endsWith('List') || !Array.isArray(object['items'])) yield object;
  else for (const item of object['items'] as unknown[]) yield* opened(item);
}

function isList({ head }: CutList): boolean {
  return headOf(head).kind.endsWith('List');
}

function headOf(head: string): { readonly kind: string; readonly apiVersion: unknown } {
  const object = decode(head);
  const { kind, apiVersion } = isRecord(object) ? object : {};
  return { kind: typeof kind === 'string' ? kind : '', apiVersion };
}

/** JSON by the parser of the machine, which is the fastest; what it does not take is YAML. */
function decode(text: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // Flow style.
    }
  }
  return decodeYaml(text);
}

/** One object and nothing behind it. */
function isJson(text: string): boolean {
  return /^\s*\{/.test(text) && text.trimEnd().endsWith('}') && !/^---/m.test(text);
}
