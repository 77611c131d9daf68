/**
 * Variables of one template body at compile time. Each declaration gets a slot of its own in the frame.
 *
 * Go looks variables up by name while executing. That differs from fixed slots only where a declaration may be skipped: inside the arguments
 * of `and` and `or`. Such a declaration is *conditional*: its slot may be unset, and then an outer variable of the name is meant.
 */
interface Entry {
  readonly name: string;
  readonly slot: number;
  readonly conditional: boolean;
}

export class Scope {
  #entries: Entry[] = [{ name: '$', slot: 0, conditional: false }];
  #slots = 1;
  /** Slots declared conditionally since the innermost `and` or `or` began; undefined outside of them. */
  #conditional: number[] | undefined;

  /** The current depth, for `leave`. */
  enter(): number {
    return this.#entries.length;
  }

  /** Forgets what was declared since `enter`. */
  leave(depth: number): void {
    this.#entries.length = depth;
  }

  declare(name: string): number {
    const slot = this.#slots++;
    this.#entries.push({ name, slot, conditional: this.#conditional !== undefined });
    this.#conditional?.push(slot);
    return slot;
  }

  /** Slots in which the variable may be, innermost first; only the last one is sure to be set. None: no such variable. */
  lookup(name: string): number[] {
    const slots: number[] = [];
    for (const entry of this.#entries.toReversed()) {
      if (entry.name !== name) continue;
      slots.push(entry.slot);
      if (!entry.conditional) break;
    }
    return slots;
  }

  /** Runs a part of the compilation whose declarations are conditional; also gives their slots. */
  conditionally<T>(part: () => T): [T, readonly number[]] {
    const outer = this.#conditional;
    this.#conditional = [];
    const result = part();
    const slots = this.#conditional;
    this.#conditional = outer;
    outer?.push(...slots);
    return [result, slots];
  }
}
