/** Findings for people: the line of the file with a caret under what is meant, and what to do. */
import { placeText } from '../../configuration/index.ts';
import { markedLine } from '../../validation/offline/index.ts';
import { levels, type Finding, type Level } from '../finding.ts';

/** How parts of the text are coloured; plain by default. */
export interface LintColors {
  readonly place: (text: string) => string;
  readonly level: (level: Level, text: string) => string;
  readonly quiet: (text: string) => string;
}

const plain: LintColors = { place: (text) => text, level: (_level, text) => text, quiet: (text) => text };

/** The text of one finding, with a line break at its end. */
export function findingText({ rule, level, message, place, fix }: Finding, colors: LintColors = plain): string {
  const { file, line, excerpt, mark } = place;
  const position = placeText(file, place);
  const shown =
    line === 0 || excerpt === '' ? [] : markedLine(excerpt, { line, ...mark }, (text) => colors.level(level, text));
  return [
    `${colors.place(position)} ${colors.level(level, level)} [${rule}] ${message}`,
    ...shown,
    `${' '.repeat(String(line).length + 1)}${colors.quiet(`= ${fix}`)}`,
    '',
    '',
  ].join('\n');
}

/** `2 errors, 1 warning and 0 notes` */
export function summaryText(findings: readonly Finding[]): string {
  const [errors = '', warnings = '', notes = ''] = levels.map((level) => {
    const count = findings.filter((one) => one.level === level).length;
    return `${count} ${nouns[level]}${count === 1 ? '' : 's'}`;
  });
  return `${errors}, ${warnings} and ${notes}`;
}

const nouns: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', info: 'note' };
