/** Findings as data, for `-o json`. */
import type { RuleCode } from '../codes/index.ts';
import type { LocatedFinding } from './positions.ts';

/** One finding. Empty texts stand for what a document that cannot be read does not tell. */
export interface FindingRecord {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly code: RuleCode;
  readonly message: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Kubernetes field notation: `spec.http[0].route[1].weight`. */
  readonly field: string;
}

/** The findings as records. */
export function toRecords(findings: readonly LocatedFinding[]): FindingRecord[] {
  return findings.map(({ file, at, severity, code, message, resource, path }) => ({
    file,
    line: at.line,
    column: at.column,
    severity,
    code,
    message,
    kind: resource?.kind ?? '',
    namespace: resource?.namespace ?? '',
    name: resource?.name ?? '',
    field: path?.toString() ?? '',
  }));
}
