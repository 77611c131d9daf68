import pc from 'picocolors';
import type { Screen, Terminal } from '../server/terminal.ts';
import {
  locateAll,
  renderExcerpt,
  renderReports,
  toRecords,
  toSarif,
  type LocatedFinding,
  type OfflineOptions,
} from '../validation/offline/index.ts';
import { checkPaths, type CheckedFile, type Progress } from './validate-files.ts';
import { packageVersion } from './version.ts';

/** What is reported, and how. */
export interface ReportOptions extends OfflineOptions {
  readonly output: 'text' | 'json' | 'sarif';
  /** Show the lines concerned also where stderr is no terminal. */
  readonly excerpts: boolean;
}

/** What was found is an error of the command; its message is what `istioctl validate` prints. */
class FindingsError extends Error {
  override readonly name = 'FindingsError';
}

/**
 * Checks files and folders and prints what was found: on stderr the text of istioctl, or on a terminal the lines
 * concerned; on stdout records or SARIF. Throws where there are errors.
 */
export async function validatePaths(
  paths: readonly string[],
  options: ReportOptions,
  terminal: Terminal,
): Promise<void> {
  const progress = createProgress(terminal.stderr);
  const checked = await checkPaths(paths, options, terminal, progress.step);
  progress.clear();
  report(checked, options, terminal);
}

function report(checked: readonly CheckedFile[], options: ReportOptions, { stdout, stderr }: Terminal): void {
  const reports = checked.map((file) => file.report);
  const { output, error } = renderReports(reports);
  if (options.output === 'text' && !options.excerpts && stderr.isTTY !== true) {
    stderr.write(output);
    if (error !== undefined) throw new FindingsError(error);
    return;
  }
  const findings = locateAll(reports);
  if (options.output === 'text') {
    stderr.write(reports.flatMap(({ notes }) => notes.map((note) => `${note}\n`)).join(''));
    writeExcerpts(findings, checked, stderr);
  } else {
    const data = options.output === 'sarif' ? toSarif(findings, packageVersion()) : toRecords(findings);
    stdout.write(`${JSON.stringify(data, null, 2)}\n`);
  }
  const summary = summarize(findings, checked.length);
  if (error !== undefined) throw new FindingsError(summary);
  if (options.output === 'text') stderr.write(`${summary}\n`);
}

function writeExcerpts(findings: readonly LocatedFinding[], checked: readonly CheckedFile[], screen: Screen): void {
  const colors = pc.createColors(screen.isTTY === true && pc.isColorSupported);
  const texts = new Map(checked.map(({ report: { file }, text }) => [file, text]));
  let shown: { file: string; lines: readonly string[] } | undefined;
  for (const finding of findings) {
    if (shown?.file !== finding.file) {
      shown = { file: finding.file, lines: (texts.get(finding.file) ?? '').split('\n') };
    }
    const caret = finding.severity === 'error' ? colors.red : colors.yellow;
    screen.write(`${renderExcerpt(finding, shown.lines, { place: colors.bold, caret })}\n`);
  }
}

function summarize(findings: readonly LocatedFinding[], files: number): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  return `${count(errors, 'error')} and ${count(warnings, 'warning')} in ${count(files, 'file')}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

/** Milliseconds before progress is shown at all, and between two signs of it. */
const quiet = 1000;
const interval = 100;

/** Progress on a terminal, once it takes longer than a second. */
function createProgress(screen: Screen): { step: Progress; clear: () => void } {
  let last = performance.now() + quiet - interval;
  let shown = false;
  const step: Progress = (done, total) => {
    const now = performance.now();
    if (screen.isTTY !== true || now - last < interval) return;
    last = now;
    shown = true;
    screen.write(`\rchecked ${done} of ${total} files`);
  };
  const clear = (): void => {
    if (shown) screen.write('\r\x1b[K');
  };
  return { step, clear };
}
