/** Variables while a template is read: what each may hold, summed up over everything that is assigned to it. */
import type { VariableNode } from '../parse/nodes.ts';
import { join, joinAll, nothing, type Shape } from './shape.ts';

interface Cell {
  shape: Shape;
}

interface Entry {
  readonly name: string;
  readonly cell: Cell;
  /** Declared where it may be skipped, inside the arguments of `and` or `or`: the outer variable of the name may then be meant. */
  readonly conditional: boolean;
}

/** Cells live as long as the analysis; each declaration in the source has its own. */
export class Cells {
  readonly #cells = new Map<VariableNode, Cell>();
  readonly #inElse = new Map<VariableNode, Cell>();
  /** Whether some cell has come to hold more. */
  changed = false;

  /** `isInElse`: the variable of a range as its `else` sees it. */
  of(node: VariableNode, isInElse: boolean): Cell {
    const cells = isInElse ? this.#inElse : this.#cells;
    let cell = cells.get(node);
    if (cell === undefined) cells.set(node, (cell = { shape: nothing }));
    return cell;
  }

  /** What the variables of a name may hold. */
  byName(): ReadonlyMap<string, Shape> {
    const shapes = new Map<string, Shape>();
    for (const cells of [this.#cells, this.#inElse]) {
      for (const [{ name }, { shape }] of cells) shapes.set(name, join(shapes.get(name) ?? nothing, shape));
    }
    return shapes;
  }

  add(cell: Cell, shape: Shape): void {
    const joined = join(cell.shape, shape);
    if (joined === cell.shape) return;
    cell.shape = joined;
    this.changed = true;
  }
}

/** The variables of one template body; see compile/scope.ts. */
export class ReadScope {
  readonly #cells: Cells;
  readonly #entries: Entry[];
  #isConditional = false;

  constructor(cells: Cells, root: Shape) {
    this.#cells = cells;
    this.#entries = [{ name: '$', cell: { shape: root }, conditional: false }];
  }

  /** Runs a part of the template whose declarations end with it. */
  within<T>(part: () => T): T {
    const depth = this.#entries.length;
    const result = part();
    this.#entries.length = depth;
    return result;
  }

  /** Runs a part whose declarations may be skipped. */
  conditionally<T>(part: () => T): T {
    const outer = this.#isConditional;
    this.#isConditional = true;
    const result = part();
    this.#isConditional = outer;
    return result;
  }

  declare(node: VariableNode, shape: Shape, isInElse = false): void {
    const cell = this.#cells.of(node, isInElse);
    this.#cells.add(cell, shape);
    this.#entries.push({ name: node.name, cell, conditional: this.#isConditional });
  }

  assign(name: string, shape: Shape): void {
    for (const cell of this.#lookup(name)) this.#cells.add(cell, shape);
  }

  read(name: string): Shape {
    return joinAll(this.#lookup(name).map(({ shape }) => shape));
  }

  #lookup(name: string): Cell[] {
    const found: Cell[] = [];
    for (const entry of this.#entries.toReversed()) {
      if (entry.name !== name) continue;
      found.push(entry.cell);
      if (!entry.conditional) break;
    }
    return found;
  }
}
