/** The text that `istioctl validate` prints. */
import { renderErrorList } from '../../go/multierror.ts';
import { quote } from '../../go/quote.ts';
import type { FileReport } from './check-file.ts';

/** Stands for standard input in the list of files. */
export const stdinName = '-';

/** What is printed: remarks and verdicts first, then the errors, which are what the command fails with. */
export interface ReportText {
  readonly output: string;
  /** Absent when there is no error. */
  readonly error?: string;
}

/** Renders the reports of files, in the order in which they were checked. */
export function renderReports(reports: readonly FileReport[]): ReportText {
  const errors = reports.flatMap((report) => textsOf(report, 'error'));
  const notes = reports.flatMap((report) => report.notes.map((note) => `${note}\n`)).join('');
  // A file that was named twice was checked twice, but has one verdict.
  const files = new Map(reports.map((report) => [report.file, report]));
  const verdicts = [...files.values()].map((report) => verdictOf(report, errors.length > 0)).join('');
  const output = notes + verdicts;
  return errors.length === 0 ? { output } : { output, error: renderErrorList(errors) };
}

/** A file without warnings is only mentioned when no file has errors. */
function verdictOf(report: FileReport, hasErrors: boolean): string {
  const warnings = textsOf(report, 'warning');
  const isStdin = report.file === stdinName;
  if (warnings.length > 0) {
    const list = `\n\t${warnings.map((warning) => `* ${warning}`).join('\n\t')}\n`;
    return isStdin ? list : `${quote(report.file)} has warnings: ${list}\n`;
  }
  if (hasErrors) return '';
  return isStdin ? 'validation succeed\n' : `${quote(report.file)} is valid\n`;
}

function textsOf(report: FileReport, severity: 'error' | 'warning'): string[] {
  return report.findings.filter((finding) => finding.severity === severity).map((finding) => finding.text);
}
