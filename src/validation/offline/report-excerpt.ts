/** Findings for people: the line of the file with a caret under the field. */
import type { LocatedFinding, Position } from './positions.ts';

/** How parts of the excerpt are coloured; plain by default. */
export interface ExcerptColors {
  readonly place: (text: string) => string;
  readonly caret: (text: string) => string;
}

const plain: ExcerptColors = { place: (text) => text, caret: (text) => text };
/** Longer lines are cut around the caret. */
const maxWidth = 100;

/** The excerpt of a finding; `lines` are those of its file. */
export function renderExcerpt(
  finding: LocatedFinding,
  lines: readonly string[],
  colors: ExcerptColors = plain,
): string {
  const { file, at, text, severity, code } = finding;
  return [
    `${colors.place(`${file}:${at.line}:${at.column}`)} ${severity} [${code}] ${text.trimEnd()}`,
    ...markedLine(lines[at.line - 1] ?? '', at, colors.caret),
    '',
  ].join('\n');
}

/** A line with its number, and below it marks from a column on; long lines are cut around it. */
export function markedLine(line: string, at: Position, paint: (text: string) => string = plain.caret): string[] {
  const text = line.replaceAll('\t', ' ').trimEnd();
  const from = at.column > maxWidth ? at.column - maxWidth / 2 : 0;
  const shown = text.slice(from, from + maxWidth);
  const indent = at.column - 1 - from;
  const marks = '^'.repeat(Math.max(1, Math.min(at.length, shown.length - indent)));
  const gutter = String(at.line);
  const blank = ' '.repeat(gutter.length);
  return [`${gutter} | ${shown}`, `${blank} | ${' '.repeat(indent)}${paint(marks)}`];
}
