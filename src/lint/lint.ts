/** Lints a configuration: the list of the checks. */
import type { CompileOptions, ConfigurationSet } from '../configuration/index.ts';
import { checkConfig } from './checks/config.ts';
import { checkDocuments } from './checks/documents.ts';
import { checkTemplates } from './checks/templates.ts';
import { checkValues } from './checks/values.ts';
import { levels, reaches, type Finding, type Level } from './finding.ts';
import { readSubject, type Subject } from './subject.ts';

/** How a configuration is linted. */
export interface LintOptions extends CompileOptions {
  /** Findings below it are left out, and what can only find such is not run. Default: `info`, everything. */
  readonly level?: Level;
  /** Asked between steps of some milliseconds; when it says so, lint ends with what it has found. Default: never. */
  readonly isOutOfTime?: () => boolean;
  /** Told of every step that was done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A group of rules. */
interface Check {
  /** The worst that it finds. */
  readonly level: Level;
  readonly run: (subject: Subject) => Iterable<Finding>;
}

/** What costs least comes first. */
const checks: readonly Check[] = [
  { level: 'error', run: checkDocuments },
  { level: 'error', run: checkTemplates },
  { level: 'error', run: checkConfig },
  { level: 'warning', run: checkValues },
];

/** All findings, by file, line and column. Never throws for what is wrong in the set. */
export function lintConfiguration(set: ConfigurationSet, options: LintOptions): Finding[] {
  const { level = 'info', isOutOfTime = () => false, onProgress } = options;
  const subject = readSubject(set, options);
  const wanted = checks.filter((check) => reaches(check.level, level));
  const findings: Finding[] = [];
  for (const [index, check] of wanted.entries()) {
    for (const one of check.run(subject)) {
      if (reaches(one.level, level)) findings.push(one);
      if (isOutOfTime()) return inOrder(findings);
    }
    onProgress?.(index + 1, wanted.length);
  }
  return inOrder(findings);
}

/** Each finding once, by file and place. */
function inOrder(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ rule, message, place }: Finding): string =>
    JSON.stringify([place.file, place.line, place.column, rule, message]);
  const distinct = [...new Map(findings.map((one) => [keyOf(one), one])).values()];
  return distinct.sort(
    (a, b) =>
      compare(a.place.file, b.place.file) ||
      a.place.line - b.place.line ||
      a.place.column - b.place.column ||
      levels.indexOf(a.level) - levels.indexOf(b.level),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
