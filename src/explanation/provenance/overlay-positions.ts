/** Where each field of a rendered template stands in its text. */
import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { childType, elementNames, podType, stepText, type FieldType } from './field-path.ts';

/** A range of the text, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where a field stands. */
export interface FieldPosition extends Range {
  /** Keys of the maps around it and names of the elements that it stands in. */
  readonly around: readonly Range[];
  /** What stands before it in the lists around it, of named elements only what is between them: it decides about number and list. */
  readonly before: readonly Range[];
  readonly isLeaf: boolean;
  /** What YAML 1.1 reads where it is a scalar. */
  readonly scalar?: unknown;
}

/** Positions of all fields of the first document by the text of their path. */
export function overlayPositions(text: string): ReadonlyMap<string, FieldPosition> {
  const options = { version: '1.1', merge: true, uniqueKeys: false, strict: false, logLevel: 'silent' } as const;
  const walker = new Walker(parseDocument(text, options));
  return walker.positions;
}

type Surroundings = Pick<FieldPosition, 'around' | 'before'>;

class Walker {
  readonly positions = new Map<string, FieldPosition>();
  readonly #document: Document;
  /** Aliases of aliases could be walked for ever. */
  #left = 100_000;

  constructor(document: Document) {
    this.#document = document;
    this.#visit(document.contents, undefined, '', podType, { around: [], before: [] });
  }

  #visit(node: Node | null, key: Range | undefined, path: string, type: FieldType, surroundings: Surroundings): void {
    if (this.#left-- <= 0) return;
    const target = isAlias(node) ? node.resolve(this.#document) : node;
    const range = rangeOf(node) ?? key;
    const isLeaf = !((isMap(target) || isSeq(target)) && target.items.length > 0);
    if (range !== undefined && path !== '') {
      const start = Math.min(range.start, key?.start ?? range.start);
      const scalar = isScalar(target) ? { scalar: target.value } : {};
      this.positions.set(path, { start, end: range.end, isLeaf, ...scalar, ...surroundings });
    }
    if (isMap(target)) {
      for (const pair of target.items) {
        if (!isScalar(pair.key)) continue;
        const name = String(pair.key.value);
        const at = rangeOf(pair.key);
        const around = at === undefined ? surroundings.around : [...surroundings.around, at];
        this.#visit(pair.value as Node | null, at, stepText(path, type, name), childType(type, name), {
          ...surroundings,
          around,
        });
      }
    } else if (isSeq(target)) {
      this.#visitList(target.items as Node[], rangeOf(target), path, type, surroundings);
    }
  }

  #visitList(items: Node[], list: Range | undefined, path: string, type: FieldType, outer: Surroundings): void {
    const keys = items.map((item) => (type.mergeKey === '' ? undefined : scalarAt(item, type.mergeKey)));
    const names = elementNames(keys.map((key) => key?.text));
    const gaps: Range[] = [];
    items.forEach((item, index) => {
      const name = names[index] ?? '';
      const named = keys[index];
      const start = rangeOf(item)?.start ?? 0;
      const from = index === 0 ? list?.start : rangeOf(items[index - 1])?.end;
      gaps.push({ start: from ?? start, end: start });
      const counted = { start: list?.start ?? start, end: start };
      this.#visit(item, undefined, stepText(path, type, name), childType(type, name), {
        around: named === undefined ? outer.around : [...outer.around, named],
        before: named === undefined ? [...outer.before, counted] : [...outer.before, ...gaps],
      });
    });
  }
}

function scalarAt(item: Node, key: string): (Range & { readonly text: string }) | undefined {
  if (!isMap(item)) return undefined;
  const value = item.get(key, true);
  const range = isScalar(value) ? rangeOf(value) : undefined;
  return range === undefined ? undefined : { ...range, text: String((value as { value: unknown }).value) };
}

function rangeOf(node: unknown): Range | undefined {
  const range = (node as Node | null)?.range;
  return range == null ? undefined : { start: range[0], end: range[1] };
}
