import { NormalForms } from '../kubernetes/index.ts';
import { isRecord, type JsonRecord } from '../yaml/index.ts';
import { withoutNullsAndDirectives } from './directives.ts';
import { SharedParts } from './shared-parts.ts';

/** An overlay that is merged into many pods, with what is known of its parts from earlier merges. Neither it nor its parts ever change. */
export class SharedOverlay {
  readonly value: JsonRecord;
  /** Of the parts, as they come out of a merge. */
  readonly forms: NormalForms;
  readonly #common: SharedParts;
  readonly #cleaned = new Map<object, unknown>();

  /** `common`: what is known of parts that are in other overlays, too. */
  constructor(value: JsonRecord, common = new SharedParts()) {
    this.value = value;
    this.#common = common;
    this.forms = new NormalForms(common.forms);
    for (const part of Object.values(value)) this.#add(part, 2);
  }

  /** {@link withoutNullsAndDirectives} of a part. */
  cleaned(part: unknown): unknown {
    if (typeof part !== 'object' || part === null || !this.forms.has(part)) return withoutNullsAndDirectives(part);
    if (this.#common.has(part)) return this.#common.cleaned(part, withoutNullsAndDirectives);
    if (this.#cleaned.has(part)) return this.#cleaned.get(part);
    const cleaned = withoutNullsAndDirectives(part, this.#common);
    this.#cleaned.set(part, cleaned);
    this.#add(cleaned, 1);
    return cleaned;
  }

  /** Adds a part and what is in it: `metadata` and `spec`, their fields, and the elements of lists. */
  #add(part: unknown, levels: number): void {
    if (typeof part !== 'object' || part === null || this.forms.has(part)) return;
    this.forms.add(part);
    if (levels === 0) return;
    const inner = Array.isArray(part) ? part : isRecord(part) ? Object.values(part) : [];
    for (const item of inner) this.#add(item, levels - 1);
  }
}
