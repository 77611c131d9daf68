/** The sizes of regular expressions that Go's `regexp/syntax` limits, counted while a pattern is read. */

/** Largest count of `x{n}`, also of nested ones multiplied. */
export const maxRepeat = 1000;
/** Deepest nesting of expressions. */
export const maxHeight = 1000;
/** Largest number of instructions: 128 MiB of 40 bytes each. */
export const maxSize = Math.floor((128 * 1024 * 1024) / 40);

/** What Go's limits are measured on. */
export interface Expression {
  /** Instructions. */
  readonly size: number;
  readonly height: number;
  /** Largest product of nested counts. */
  readonly repeats: number;
}

/** One character, class or assertion. */
export const single: Expression = { size: 1, height: 1, repeats: 1 };

/** A group that is open; the whole pattern is one, too. */
export class Group {
  readonly captures: boolean;
  private readonly branches = new Series();
  private items = new Series();
  /** The item that a repetition would repeat. */
  last: Expression | undefined;

  constructor(captures: boolean) {
    this.captures = captures;
  }

  append(item: Expression): void {
    if (this.last !== undefined) this.items.add(this.last);
    this.last = item;
  }

  /** Ends a branch of the alternation. */
  split(): void {
    if (this.last !== undefined) this.items.add(this.last);
    this.last = undefined;
    this.branches.add(this.items.join(0));
    this.items = new Series();
  }

  /** The expression that the group is, once it is closed. */
  close(): Expression {
    this.split();
    const { size, height, repeats } = this.branches.join(1);
    return this.captures ? { size: size + 2, height: height + 1, repeats } : { size, height, repeats };
  }
}

/** Expressions in a row or side by side. */
class Series {
  private count = 0;
  private size = 0;
  private height = 0;
  private repeats = 1;

  add({ size, height, repeats }: Expression): void {
    this.count++;
    this.size += size;
    this.height = Math.max(this.height, height);
    this.repeats = Math.max(this.repeats, repeats);
  }

  /** One expression of all; `link` instructions stand between two of them. Several single characters count as one text. */
  join(link: 0 | 1): Expression {
    const size = Math.max(1, this.size + link * (this.count - 1));
    const isText = link === 0 && this.height <= 1;
    const height = this.count < 2 || isText ? Math.max(1, this.height) : this.height + 1;
    return { size, height, repeats: this.repeats };
  }
}
