/** What wrote a range of a rendered template: places in its source, data it read, data that decided. */
import type { DataPath, DataPaths, Written } from '../../gotemplate/index.ts';
import type { ObservedTemplate } from './observe.ts';
import type { FieldPosition, Range } from './overlay-positions.ts';

/** A place in the source of a template. Line and column are counted from 1; columns in UTF-16 units. */
export interface TemplatePlace {
  readonly line: number;
  readonly column: number;
  /** `text` stands there as it is; an `action` computed it. */
  readonly kind: 'text' | 'action';
  /** Lines of the `{{template}}` actions that led there, outermost first; absent when there are none. */
  readonly calledFrom?: readonly number[];
}

/** What wrote a field. */
export interface FieldWriters {
  readonly places: readonly TemplatePlace[];
  readonly reads: DataPaths;
  readonly conditions: DataPaths;
  /** What was asked next to it and could have written there, or changed where it stands. */
  readonly consulted: readonly DataPaths[];
}

/** Finds writers in one rendered template. */
export class WrittenRanges {
  readonly #template: ObservedTemplate;
  readonly #lineStarts: readonly number[];
  /** Ranges are shared by the fields in them. */
  readonly #known = new Map<Range, DataPaths>();

  constructor(template: ObservedTemplate) {
    this.#template = template;
    this.#lineStarts = [0, ...[...template.source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  /** Everything that the output depends on. */
  get allPaths(): DataPaths {
    return pathsOf(this.#template.output.written);
  }

  writersOf(position: FieldPosition): FieldWriters {
    const { written, text } = this.#template.output;
    const places: TemplatePlace[] = [];
    const reads = new Set<DataPath>();
    const conditions = new Set<DataPath>();
    const beside: Written[] = [];
    for (const item of written) {
      if (item.start > position.end || item.end < position.start) continue;
      const from = Math.max(item.start, position.start);
      const part = text.slice(from, Math.min(item.end, position.end));
      // An action that wrote nothing between the quotes of a value is what the value comes from.
      const isInside = item.kind === 'action' && item.start > position.start && item.end < position.end;
      if (part.trim() === '' && !isInside) {
        beside.push(item);
        continue;
      }
      addAll(conditions, item.conditions);
      if (item.kind === 'action') addAll(reads, item.reads);
      const skipped = item.kind === 'text' ? from - item.start + (part.length - part.trimStart().length) : 0;
      places.push(this.#place(item, item.pos + skipped));
    }
    const consulted = [
      pathsOf(beside),
      ...[...position.around, ...position.before].map((range) => this.#touching(range)),
    ];
    return { places: withoutDuplicates(places), reads, conditions, consulted };
  }

  #touching(range: Range): DataPaths {
    let paths = this.#known.get(range);
    if (paths === undefined) {
      const touching = this.#template.output.written.filter((item) => touches(item, range));
      this.#known.set(range, (paths = pathsOf(touching)));
    }
    return paths;
  }

  #place({ kind, callers }: Written, pos: number): TemplatePlace {
    const calledFrom = callers.length === 0 ? {} : { calledFrom: callers.map((caller) => this.#lineOf(caller)) };
    const line = this.#lineOf(pos);
    const column = pos - (this.#lineStarts[line - 1] ?? 0) + 1;
    return { line, column, kind: kind === 'text' ? 'text' : 'action', ...calledFrom };
  }

  #lineOf(pos: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= pos) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

const touches = (item: Written, { start, end }: Range): boolean => item.start <= end && item.end >= start;

function addAll(target: Set<DataPath>, paths: DataPaths): void {
  for (const path of paths) target.add(path);
}

function pathsOf(written: readonly Written[]): DataPaths {
  const paths = new Set<DataPath>();
  for (const item of written) {
    addAll(paths, item.reads);
    addAll(paths, item.conditions);
  }
  return paths;
}

/** Actions come before the text around them, for they say more. */
function withoutDuplicates(places: readonly TemplatePlace[]): TemplatePlace[] {
  const byPlace = new Map(places.map((place) => [`${String(place.line)}:${String(place.column)}`, place]));
  return [...byPlace.values()].sort((a, b) => Number(a.kind === 'text') - Number(b.kind === 'text'));
}
