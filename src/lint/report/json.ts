/** Findings as data, for `-o json`. */
import type { Finding, Level } from '../finding.ts';
import type { RuleId } from '../rules.ts';

/** One finding; part of the interface of `outrigger lint`. */
export interface FindingRecord {
  readonly rule: RuleId;
  readonly level: Level;
  readonly message: string;
  readonly file: string;
  /** Counted from 1; 0 when the finding is about the file as a whole. */
  readonly line: number;
  /** Counted from 1; 0 when it is not known. */
  readonly column: number;
  /** Line of the file. */
  readonly excerpt: string;
  readonly fix: string;
}

/** The findings as records. */
export function findingRecords(findings: readonly Finding[]): FindingRecord[] {
  return findings.map(({ rule, level, message, place, fix }) => {
    const { file, line, column, excerpt } = place;
    return { rule, level, message, file, line, column, excerpt, fix };
  });
}
