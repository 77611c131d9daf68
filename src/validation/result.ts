/**
 * What validators collect: errors and warnings, each with its place, its rule and Istio's text.
 *
 * The two channels are independent. Errors remember whether one of them came as a list, because Istio's texts differ:
 * a lone error reads as itself, a lone error *list* reads `1 error occurred:` (hashicorp/go-multierror).
 */
import { renderErrorList } from '../go/multierror.ts';
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

/** Issues beyond these are dropped: an object may hold millions of empty strings, and the answer must stay small. */
const maxKept = 10_000;
/** Nor are issues kept once their texts are this long together, in UTF-16 units. */
const maxTextLength = 4_194_304;

/** Collects the issues of one object in the order found. */
export class Result {
  readonly errors: Issue[] = [];
  readonly warnings: Issue[] = [];
  /** True once an error that Istio wraps in a list of its own was added. */
  private listShaped = false;
  private muted = 0;
  private textLength = 0;

  /** Adds an error. `found` may be what a value rule returned, so that no problem adds nothing. */
  error(path: FieldPath, found: Problem | undefined): void {
    if (found !== undefined) this.keep(this.errors, { severity: 'error', path, ...found });
  }

  /** Adds an error that reads `1 error occurred:` even when it stays alone. */
  listError(path: FieldPath, found: Problem | undefined): void {
    if (found === undefined) return;
    this.listShaped = true;
    this.error(path, found);
  }

  /** Adds a warning, unless warnings are muted. */
  warn(path: FieldPath, found: Problem | undefined): void {
    if (found === undefined || this.muted > 0) return;
    this.keep(this.warnings, { severity: 'warning', path, ...found });
  }

  /** Runs checks whose warnings Istio loses: it collects them with a collector that only keeps errors. */
  withoutWarnings(check: () => void): void {
    this.muted++;
    check();
    this.muted--;
  }

  /** Forgets everything found so far; for checks that end the validation with their own finding alone. */
  clear(): void {
    this.errors.length = 0;
    this.warnings.length = 0;
    this.listShaped = false;
    this.textLength = 0;
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

  private keep(issues: Issue[], issue: Issue): void {
    if (issues.length >= maxKept || this.textLength > maxTextLength) return;
    this.textLength += issue.message.length;
    issues.push(issue);
  }
}
