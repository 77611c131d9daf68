import type { Codec } from './codec.ts';
import { shownType } from './field-table.ts';
import type { NormalForms } from './normal-forms.ts';

/** A value that does not fit its Kubernetes type. The message is that of Go's encoding/json. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/**
 * Where a decoder stands, and the first misfit it met. Go notes a misfit, goes on, and reports the first one at the end;
 * types that read themselves (quantities, times) stop the decoding at once.
 */
export class DecodeContext {
  #depth = 0;
  readonly #structs: string[] = [];
  readonly #fields: string[] = [];
  misfit: DecodeError | undefined;
  /** Whether a field was written twice (`nodeSelector`, `nodeselector`). */
  isDoubled = false;
  /** Whether a value whose fields stand in another order than Go's is to be written anew. */
  readonly inOrder: boolean;
  readonly #forms: NormalForms | undefined;

  constructor(inOrder: boolean, forms?: NormalForms) {
    this.inOrder = inOrder;
    this.#forms = forms;
  }

  /** The normal form of a value; see {@link Codec.normalize}. */
  normalForm(codec: Codec, raw: unknown, known: unknown): unknown {
    const forms = this.#forms;
    if (forms === undefined || typeof raw !== 'object' || raw === null || !forms.has(raw)) {
      return codec.normalize(raw, this, known);
    }
    const remembered = forms.get(raw, codec);
    if (remembered !== undefined) return remembered;
    const form = codec.normalize(raw, this, known);
    if (this.misfit === undefined && !this.isDoubled && form !== undefined) forms.set(raw, codec, form);
    return form;
  }

  enter(struct: string, field: string): void {
    this.#structs[this.#depth] = struct;
    this.#fields[this.#depth] = field;
    this.#depth++;
  }

  leave(): void {
    this.#depth--;
  }

  note(value: unknown, type: string): void {
    this.misfit ??= this.error(value, type);
  }

  error(value: unknown, type: string): DecodeError {
    const where =
      this.#depth === 0
        ? 'value'
        : `struct field ${shownType(this.#structs[this.#depth - 1] ?? '').replace(/^.*\./, '')}.${this.#fields.slice(0, this.#depth).join('.')}`;
    return new DecodeError(
      `json: cannot unmarshal ${describe(value, type)} into Go ${where} of type ${shownType(type)}`,
    );
  }
}

function describe(value: unknown, type: string): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  // A number that is no integer, or out of range, is named.
  if (typeof value === 'number') return /^u?int/.test(type) ? `number ${String(value)}` : 'number';
  return typeof value;
}
