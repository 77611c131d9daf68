/** What is wrong with an object, in the words of k8s.io/apimachinery's util/validation/field. */

/** One thing that the API server refuses. */
export interface PodError {
  /** The field as the API server names it: `spec.containers[0].resources.limits[cpu]`. */
  readonly path: string;
  /** `Required value`, `Duplicate value: "http"` … */
  readonly message: string;
}

/** Collects errors. */
export class ErrorReport {
  readonly errors: PodError[] = [];

  required(path: string, detail?: string): void {
    this.#add(path, 'Required value', detail);
  }

  invalid(path: string, value: unknown, detail: string): void {
    this.#add(path, `Invalid value: ${shown(value)}`, detail);
  }

  duplicate(path: string, value: string): void {
    this.#add(path, `Duplicate value: ${shown(value)}`);
  }

  notFound(path: string, value: string): void {
    this.#add(path, `Not found: ${shown(value)}`);
  }

  forbidden(path: string, detail: string): void {
    this.#add(path, 'Forbidden', detail);
  }

  /** Whatever is not among the supported values. */
  supported(path: string, value: string, supported: readonly string[]): void {
    if (supported.includes(value)) return;
    this.#add(path, `Unsupported value: ${shown(value)}`, `supported values: ${supported.map(shown).join(', ')}`);
  }

  /** A value that a syntax rule has something against. */
  syntax(path: string, value: string, rule: (value: string) => string | undefined): void {
    const detail = rule(value);
    if (detail !== undefined) this.invalid(path, value, detail);
  }

  add(path: string, message: string): void {
    this.errors.push({ path, message });
  }

  #add(path: string, message: string, detail?: string): void {
    this.add(path, detail === undefined ? message : `${message}: ${detail}`);
  }
}

/** Longer values are cut: a message is read by people. */
const MAX_SHOWN = 100;

function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
