/** A text of the configuration with the places in it: YAML paths to offsets, offsets to places of the user's file. */
import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node, Pair, Scalar } from 'yaml';
import { placeInFile, type SetText } from '../configuration/index.ts';
import type { FindingPlace } from './finding.ts';

/** A part of a text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Keys and indexes from the top of a document to a value. */
export type Path = readonly (string | number)[];

/** A value of the document and the key that it stands under, if it does. */
export interface Entry {
  readonly key?: Span;
  readonly value: Span;
}

export class LintText {
  readonly source: SetText;
  readonly #lineStarts: readonly number[];
  #document: Document | undefined;

  constructor(source: SetText) {
    this.source = source;
    this.#lineStarts = [0, ...[...source.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  get text(): string {
    return this.source.text;
  }

  /** Line of an offset, counted from 0. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Offset of a place; lines and columns are counted from 1, a column of 0 is the first character that is no blank. */
  offsetOf(line: number, column: number): number {
    const start = this.#lineStarts[line - 1] ?? this.text.length;
    if (column > 0) return start + column - 1;
    return start + (/\S/.exec(this.lineText(line - 1))?.index ?? 0);
  }

  lineStart(line: number): number {
    return this.#lineStarts[line] ?? this.text.length;
  }

  /** A line without its line break; counted from 0. */
  lineText(line: number): string {
    const start = this.#lineStarts[line];
    if (start === undefined) return '';
    return this.text.slice(start, (this.#lineStarts[line + 1] ?? this.text.length + 1) - 1).replace(/\r$/, '');
  }

  /** The place of a span; of several lines only the first is marked. */
  placeOf({ start, end }: Span): FindingPlace {
    const line = this.lineOf(start);
    const excerpt = this.lineText(line);
    const column = start - this.lineStart(line) + 1;
    const length = Math.max(1, Math.min(end - start, excerpt.length - column + 1));
    const inFile = placeInFile(this.source, { line: line + 1, column });
    return { ...inFile, excerpt, mark: { column, length } };
  }

  /** The place of a line and column, both counted from 1; a column of 0 stands for what is on the line. */
  placeOfLine(line: number, column: number): FindingPlace {
    if (line === 0) return this.whole;
    const start = this.offsetOf(line, column);
    return this.placeOf({ start, end: start + (column > 0 ? 1 : this.lineText(line - 1).trim().length) });
  }

  /** The text as a whole. */
  get whole(): FindingPlace {
    const { file, line } = placeInFile(this.source, { line: 0, column: 0 });
    return { file, line, column: 0, excerpt: '', mark: { column: 0, length: 0 } };
  }

  /** The entry at a path, or the innermost one around it that is there; `undefined` in an empty document. */
  entryAt(path: Path): Entry | undefined {
    let node = this.#root;
    if (node === null) return undefined;
    let entry: Entry = { value: spanOf(node) };
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(this.#parsed) ?? null;
      const pair: Pair | undefined = isMap(node) ? findPair(node.items, String(step)) : undefined;
      const next = (pair !== undefined ? pair.value : isSeq(node) ? node.items[Number(step)] : null) as Node | null;
      if (pair === undefined && next == null) return entry;
      const key = pair === undefined ? undefined : spanOf(pair.key as Node);
      entry = { ...(key !== undefined && { key }), value: next?.range == null ? (key ?? entry.value) : spanOf(next) };
      node = next;
    }
    return entry;
  }

  /** The place of the value at a path, or of what is nearest to it. */
  placeOfPath(path: Path, part: 'key' | 'value' = 'value'): FindingPlace {
    const entry = this.entryAt(path);
    if (entry === undefined) return this.whole;
    const { key, value } = entry;
    const isLong = this.lineOf(value.start) !== this.lineOf(Math.max(value.start, value.end - 1));
    return this.placeOf(key !== undefined && (part === 'key' || isLong) ? key : value);
  }

  /** The scalar at exactly this path. */
  scalarAt(path: Path): Scalar | undefined {
    let node = this.#root;
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(this.#parsed) ?? null;
      if (isMap(node)) node = (findPair(node.items, String(step))?.value ?? null) as Node | null;
      else node = isSeq(node) ? (node.items[Number(step)] as Node) : null;
    }
    return isScalar(node) ? node : undefined;
  }

  get #root(): Node | null {
    return this.#parsed.contents;
  }

  get #parsed(): Document {
    const options = { version: '1.1', merge: true, uniqueKeys: false, strict: false, logLevel: 'silent' } as const;
    return (this.#document ??= parseDocument(this.text, options));
  }

  /** The parsed document, to walk through it. */
  get contents(): Node | null {
    return this.#root;
  }
}

/** Of equal keys the last counts; top-level keys of the configuration are matched without regard to case. */
function findPair(pairs: readonly Pair[], key: string): Pair | undefined {
  const named = (test: (name: string) => boolean): Pair | undefined =>
    pairs.findLast((pair) => isScalar(pair.key) && test(keyText(pair.key)));
  return named((name) => name === key) ?? named((name) => name.toLowerCase() === key.toLowerCase());
}

/** A key as it is written: `on` and `1.30` are keys, too. */
function keyText(key: Scalar): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

export function spanOf(node: Node): Span {
  const [start = 0, end = 0] = node.range ?? [];
  return { start, end };
}
