/** What lint says: findings with the place that they are about. */
import { rules, type RuleId } from './rules.ts';

/** `error`: injection breaks, or pods come out that Kubernetes refuses. `warning`: likely not what was meant. `info`: worth knowing. */
export type Level = 'error' | 'warning' | 'info';

/** The levels, the worst first. */
export const levels: readonly Level[] = ['error', 'warning', 'info'];

/** Where a finding is, in the file that the user has. */
export interface FindingPlace {
  readonly file: string;
  /** Counted from 1; 0 when the finding is about the file as a whole. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units; 0 when it is not known. */
  readonly column: number;
  /** The line of the text; empty when the line is not known. */
  readonly excerpt: string;
  /** What is marked in the excerpt; both are counted as the column is. */
  readonly mark: { readonly column: number; readonly length: number };
}

/** One finding. */
export interface Finding {
  readonly rule: RuleId;
  readonly level: Level;
  /** What is wrong, in a sentence without its full stop. */
  readonly message: string;
  readonly place: FindingPlace;
  /** What to do about it. */
  readonly fix: string;
}

/** Whether a level is at least as bad as another. */
export function reaches(level: Level, threshold: Level): boolean {
  return levels.indexOf(level) <= levels.indexOf(threshold);
}

/** A finding of a rule; the fix is the rule's own where the finding does not know better. */
export function finding(rule: RuleId, message: string, place: FindingPlace, fix: string = rules[rule].fix): Finding {
  return { rule, level: rules[rule].level, message, place, fix };
}
