import { shownType } from './field-table.ts';

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
  /** Whether a value whose fields stand in another order than Go's is to be written anew. */
  readonly inOrder: boolean;

  constructor(inOrder: boolean) {
    this.inOrder = inOrder;
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
