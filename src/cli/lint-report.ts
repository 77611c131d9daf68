/** Prints what `outrigger lint` found: text, records or SARIF on stdout, the summary on stderr. */
import pc from 'picocolors';
import {
  findingRecords,
  findingText,
  lintSarif,
  rules,
  summaryText,
  type Finding,
  type Level,
  type LintColors,
} from '../lint/index.ts';
import type { Screen, Terminal } from '../server/terminal.ts';
import { packageVersion } from './version.ts';

/** What was found is an error of the command. */
class FindingsError extends Error {
  override readonly name = 'FindingsError';
}

interface ReportFlags {
  readonly output: 'text' | 'json' | 'sarif';
  readonly level: Level;
}

/** Prints the findings. Throws where there are errors. */
export function reportFindings(findings: readonly Finding[], { output, level }: ReportFlags, terminal: Terminal): void {
  const { stdout, stderr } = terminal;
  if (output === 'text') {
    const colors = colorsOf(stdout);
    stdout.write(findings.map((one) => findingText(one, colors)).join(''));
  } else {
    const data = output === 'sarif' ? lintSarif(findings, packageVersion()) : findingRecords(findings);
    stdout.write(`${JSON.stringify(data, null, 2)}\n`);
  }
  const hidden = level === 'info' ? '' : ` (--level info shows ${level === 'error' ? 'warnings and ' : ''}notes, too)`;
  const summary = `${summaryText(findings)}${hidden}`;
  if (findings.some((one) => one.level === 'error')) throw new FindingsError(summary);
  if (output === 'text') stderr.write(`${summary}\n`);
}

/** Prints the registry of the rules. */
export function printRules(output: ReportFlags['output'], { stdout }: Terminal): void {
  if (output !== 'text') {
    stdout.write(`${JSON.stringify(rules, null, 2)}\n`);
    return;
  }
  const colors = colorsOf(stdout);
  for (const [id, { level, what, why, fix }] of Object.entries(rules)) {
    stdout.write(
      `${colors.place(id)} ${colors.level(level, level)}\n  ${what}\n  ${why}\n  ${colors.quiet(`= ${fix}`)}\n\n`,
    );
  }
}

function colorsOf(screen: Screen): LintColors {
  const paint = pc.createColors(screen.isTTY === true && pc.isColorSupported);
  const byLevel = { error: paint.red, warning: paint.yellow, info: paint.cyan };
  return { place: paint.bold, quiet: paint.dim, level: (level, text) => byLevel[level](text) };
}
