/**
 * What validators collect: errors and warnings, each with its place, its rule and Istio's text.
 *
 * The two channels are independent. Errors remember whether one of them came as a list, because Istio's texts differ:
 * a lone error reads as itself, a lone error *list* reads `1 error occurred:` (hashicorp/go-multierror).
 */
import type { RuleCode } from './codes/index.ts';
import type { FieldPath } from './path.ts';

/** A broken rule whose place the caller knows: what the value rules of `rules/` return. */
export interface Problem {
  readonly code: RuleCode;
  /** Istio's text, exactly. */
  readonly message: string;
}

/** A broken rule at its place. */
export interface Issue extends Problem {
  readonly severity: 'error' | 'warning';
  readonly path: FieldPath;
}

/** Shorthand for value rules: `return problem('port-range', …)`. */
export function problem(code: RuleCode, message: string): Problem {
  return { code, message };
}

/** The text of an error list, as go-multierror prints it, also for one error. */
export function renderErrorList(messages: readonly string[]): string {
  const count = messages.length === 1 ? '1 error' : `${messages.length} errors`;
  return `${count} occurred:\n${messages.map((message) => `\t* ${message}`).join('\n')}\n\n`;
}

/** Collects the issues of one object in the order found. */
export class Result {
  readonly errors: Issue[] = [];
  readonly warnings: Issue[] = [];
  /** True once an error that Istio wraps in a list of its own was added. */
  private listShaped = false;
  private muted = 0;

  /** Adds an error. `found` may be what a value rule returned, so that no problem adds nothing. */
  error(path: FieldPath, found: Problem | undefined): void {
    if (found !== undefined) this.errors.push(issue('error', path, found));
  }

  /** Adds an error that reads `1 error occurred:` even when it stays alone. */
  listError(path: FieldPath, found: Problem | undefined): void {
    if (found === undefined) return;
    this.listShaped = true;
    this.errors.push(issue('error', path, found));
  }

  /** Adds a warning, unless warnings are muted. */
  warn(path: FieldPath, found: Problem | undefined): void {
    if (found !== undefined && this.muted === 0) this.warnings.push(issue('warning', path, found));
  }

  /** Runs checks whose warnings Istio loses: it collects them with a collector that only keeps errors. */
  withoutWarnings(check: () => void): void {
    this.muted++;
    check();
    this.muted--;
  }

  /** Adds all that another result holds, as joining two Go errors does. */
  join(other: Result): void {
    for (const error of other.errors) this.errors.push(error);
    this.listShaped ||= other.listShaped;
    if (this.muted > 0) return;
    for (const warning of other.warnings) this.warnings.push(warning);
  }

  /** Forgets everything found so far; for checks that end the validation with their own finding alone. */
  clear(): void {
    this.errors.length = 0;
    this.warnings.length = 0;
    this.listShaped = false;
  }

  /** Puts `prefix` and a space before the text of each error found so far; a list stays a list. */
  prefixErrors(prefix: string): void {
    this.errors.forEach((error, index) => {
      this.errors[index] = { ...error, message: `${prefix} ${error.message}` };
    });
  }

  get failed(): boolean {
    return this.errors.length > 0;
  }

  /** The text of the errors: a lone one as it is, else the list. Empty when there is none. */
  render(): string {
    const [first, second] = this.errors;
    if (first === undefined) return '';
    if (second === undefined && !this.listShaped) return first.message;
    return renderErrorList(this.errors.map((error) => error.message));
  }
}

function issue(severity: Issue['severity'], path: FieldPath, { code, message }: Problem): Issue {
  return { severity, path, code, message };
}
