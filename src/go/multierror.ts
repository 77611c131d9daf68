/**
 * Errors joined as hashicorp/go-multierror joins them. A lone error stays as it is; once two are joined, or when one of
 * them was a list already, they print as a list.
 */

/** The text of an error list, also for one error: `2 errors occurred:` and an indented item per line. */
export function renderErrorList(messages: readonly string[]): string {
  const count = messages.length === 1 ? '1 error' : `${messages.length} errors`;
  return `${count} occurred:\n${messages.map((message) => `\t* ${message}`).join('\n')}\n\n`;
}

/** Collects error texts: none, a single one, or a list. */
export class ErrorCollector {
  readonly messages: string[] = [];
  private isList = false;

  /** Adds an error; `undefined` adds nothing. */
  add(message: string | undefined): void {
    if (message === undefined) return;
    this.messages.push(message);
    if (this.messages.length > 1) this.isList = true;
  }

  /** Adds an error that prints as a list even when it stays alone (`multierror.Append(nil, err)`). */
  addListed(message: string | undefined): void {
    if (message === undefined) return;
    this.messages.push(message);
    this.isList = true;
  }

  /** Adds what another collector holds, keeping its shape, each text behind `prefix`. */
  join(other: ErrorCollector, prefix = ''): void {
    for (const message of other.messages) this.messages.push(prefix + message);
    this.isList ||= other.isList || this.messages.length > 1;
  }

  /** Go's `err.Error()`, or `undefined` when nothing was added. */
  render(): string | undefined {
    const [first] = this.messages;
    if (first === undefined) return undefined;
    return this.isList ? renderErrorList(this.messages) : first;
  }
}
