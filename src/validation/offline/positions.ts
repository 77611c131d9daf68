/** Where in a file a finding is. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import type { FieldPath } from '../path.ts';
import type { FileFinding, FileReport } from './check-file.ts';
import type { YamlDocument } from './documents.ts';

/** A place in a file: line and column, counted from 1, and the length of what is marked there. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A finding with its position. */
export type LocatedFinding = FileFinding & { readonly file: string; readonly at: Position };

/** All findings of the files with their positions; each document is parsed once more, and only if something is wrong. */
export function locateAll(reports: readonly FileReport[]): LocatedFinding[] {
  return reports.flatMap(({ file, findings }) => {
    const parsed = new Map<YamlDocument, ParsedDocument>();
    return findings.map((finding) => ({ ...finding, file, at: locateWith(finding, parsed) }));
  });
}

/** The position of one finding. */
export function locate(finding: FileFinding): Position {
  return locateWith(finding, new Map());
}

function locateWith(finding: FileFinding, parsed: Map<YamlDocument, ParsedDocument>): Position {
  const { document, path, position } = finding;
  if (position !== undefined) {
    const line = document.line + Math.max(position.line, 1);
    return { line, column: Math.max(position.column, 1), length: 1 };
  }
  let tree = parsed.get(document);
  if (tree === undefined) {
    tree = new ParsedDocument(document);
    parsed.set(document, tree);
  }
  return tree.positionOf(path);
}

class ParsedDocument {
  readonly #line: number;
  readonly #lines = new LineCounter();
  readonly #document: Document;

  constructor({ text, line }: YamlDocument) {
    this.#line = line;
    const options = { lineCounter: this.#lines, uniqueKeys: false, strict: false, logLevel: 'silent' } as const;
    this.#document = parseDocument(text, options);
  }

  /** The value at the path, or where it is missing the name of the innermost thing around it. */
  positionOf(path: FieldPath | undefined): Position {
    let node: Node | null = this.#document.contents;
    let mark: Node | null = node;
    for (const { key } of path?.steps() ?? []) {
      if (isAlias(node)) node = node.resolve(this.#document) ?? null;
      if (isMap(node)) {
        const pair: Pair | undefined = findPair(node.items, String(key));
        if (pair === undefined) break;
        mark = pair.key as Node;
        node = pair.value as Node | null;
      } else if (isSeq(node)) {
        node = (node.items[Number(key)] as Node | undefined) ?? null;
        if (node === null) break;
        mark = node;
      } else {
        break;
      }
      if (isScalar(node) && node.value !== null) mark = node;
    }
    return this.#place(mark);
  }

  #place(node: Node | null): Position {
    const [start, end] = node?.range ?? [0, 0];
    const { line, col } = this.#lines.linePos(start);
    const isOneLine = this.#lines.linePos(end).line === line;
    const isLeaf = isScalar(node) && isOneLine;
    return {
      line: this.#line + Math.max(line, 1),
      column: Math.max(col, 1),
      length: isLeaf ? Math.max(end - start, 1) : 1,
    };
  }
}

/** The entry of that name; Istio's decoder takes the snake_case spelling of a field too. */
function findPair(pairs: readonly Pair[], key: string): Pair | undefined {
  const named = (name: string): Pair | undefined =>
    pairs.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === name);
  return named(key) ?? named(key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}
