import { NormalForms } from '../kubernetes/index.ts';

/** Parts that many overlays have in common, with what is known of them from earlier merges. They never change. */
export class SharedParts {
  readonly forms = NormalForms.weak();
  /** The parts without nulls and directives; the part itself where it has none, which is the rule. */
  readonly #cleaned = new WeakMap<object, unknown>();

  add(part: object): void {
    this.forms.add(part);
  }

  has(part: object): boolean {
    return this.forms.has(part);
  }

  /** What `clean` makes of a part that was added; it must depend on nothing else. */
  cleaned(part: object, clean: (part: object) => unknown): unknown {
    if (this.#cleaned.has(part)) return this.#cleaned.get(part);
    const cleaned = clean(part);
    this.#cleaned.set(part, cleaned);
    if (typeof cleaned === 'object' && cleaned !== null) this.add(cleaned);
    return cleaned;
  }
}
