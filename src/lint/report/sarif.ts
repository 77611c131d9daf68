/** Findings as SARIF, which code scanning services read. */
import { sarifLog, type SarifResult } from '../../validation/offline/index.ts';
import type { Finding, Level } from '../finding.ts';
import { rules } from '../rules.ts';

const sarifLevels: Readonly<Record<Level, SarifResult['level']>> = { error: 'error', warning: 'warning', info: 'note' };

/** The findings as a SARIF log; `version` is that of this program. */
export function lintSarif(findings: readonly Finding[], version: string): object {
  const used = [...new Set(findings.map(({ rule }) => rule))].sort();
  return sarifLog(
    used.map((id) => ({ id, summary: rules[id].what, help: `${rules[id].why} ${rules[id].fix}` })),
    findings.map(({ rule, level, message, place, fix }): SarifResult => {
      const { file, line, column, mark } = place;
      const at = line === 0 ? undefined : { line, column: Math.max(column, 1), length: Math.max(mark.length, 1) };
      return { rule, level: sarifLevels[level], message: `${message}. ${fix}`, file, at };
    }),
    version,
  );
}
