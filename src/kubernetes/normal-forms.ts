import type { Codec } from './codec.ts';

type Form = { readonly codec: Codec; readonly form: unknown } | undefined;
type Forms = Pick<Map<object, Form>, 'get' | 'has'> & { set(object: object, form: Form): unknown };

/**
 * Normal forms of values that are decoded again and again, as the parts of an overlay are: remembered by the object itself and what it was
 * read as. Only objects that were added are remembered, for others are not met again.
 */
export class NormalForms {
  readonly #forms: Forms;
  readonly #common: NormalForms | undefined;

  /** `common`: the forms of objects that others share. */
  constructor(common?: NormalForms, forms: Forms = new Map<object, Form>()) {
    this.#common = common;
    this.#forms = forms;
  }

  /** Forms that last as long as the objects they are of. */
  static weak(): NormalForms {
    return new NormalForms(undefined, new WeakMap<object, Form>());
  }

  /** Makes this object one whose form is remembered. It must not change. */
  add(object: object): void {
    if (!this.has(object)) this.#forms.set(object, undefined);
  }

  has(object: object): boolean {
    return this.#forms.has(object) || this.#common?.has(object) === true;
  }

  /** The form, when it is known. */
  get(object: object, codec: Codec): unknown {
    const known = this.#formsOf(object).get(object);
    return known?.codec === codec ? known.form : undefined;
  }

  set(object: object, codec: Codec, form: unknown): void {
    this.#formsOf(object).set(object, { codec, form });
  }

  #formsOf(object: object): Forms {
    return this.#common?.has(object) === true ? this.#common.#forms : this.#forms;
  }
}
