/** A failure of the CRD's rules, in the words of the API server. */
export interface CrdError {
  /** Field path as the API server prints it, e.g. `spec.http[0].match`; `<nil>` where it prints none. */
  readonly path: string;
  /** The field path where {@link path} does not say it. */
  readonly place?: string;
  /** What follows the path, e.g. `Required value`. */
  readonly text: string;
}

/** `PATH: TEXT`, as the API server shows it. */
export function renderError(error: CrdError): string {
  return error.text === '' ? error.path : `${error.path}: ${error.text}`;
}

export function invalidValue(path: string, shown: string, reason: string): CrdError {
  return { path, text: `Invalid value: ${shown}: ${reason}` };
}
