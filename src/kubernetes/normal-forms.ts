import type { Codec } from './codec.ts';

/**
 * Normal forms of values that are decoded again and again, as the parts of an overlay are: remembered by the object itself and what it was
 * read as. Only objects that were added are remembered, for others are not met again.
 */
export class NormalForms {
  readonly #forms = new Map<object, { readonly codec: Codec; readonly form: unknown } | undefined>();

  /** Makes this object one whose form is remembered. It must not change. */
  add(object: object): void {
    if (!this.#forms.has(object)) this.#forms.set(object, undefined);
  }

  has(object: object): boolean {
    return this.#forms.has(object);
  }

  /** The form, when it is known. */
  get(object: object, codec: Codec): unknown {
    const known = this.#forms.get(object);
    return known?.codec === codec ? known.form : undefined;
  }

  set(object: object, codec: Codec, form: unknown): void {
    this.#forms.set(object, { codec, form });
  }
}
