/**
 * Comments that suppress rules: in templates a template comment with `outrigger:ignore RULE reason`, elsewhere `# outrigger:ignore RULE reason`.
 * One at the end of a line counts for this line, one alone on its line for the next line that is no such comment.
 */
import { finding, type Finding } from './finding.ts';
import { nearest, proposal } from './nearest.ts';
import { isRuleId, rules } from './rules.ts';
import type { LintText, Span } from './text.ts';

/** One comment. */
interface Suppression {
  readonly rule: string;
  readonly text: LintText;
  readonly at: Span;
  /** Line that it counts for, counted from 0. */
  readonly line: number;
  isUsed: boolean;
}

const comment = /(?:\{\{-?[ \t]*\/\*[ \t]*|#[ \t]*)outrigger:ignore[ \t]+([\w-]+)/g;

/** Leaves out what is suppressed, and says which comments are of no use. `isComplete`: everything was looked for. */
export function applySuppressions(
  findings: readonly Finding[],
  texts: readonly LintText[],
  isComplete: boolean,
): Finding[] {
  const suppressions = texts.flatMap(suppressionsIn);
  const left = findings.filter((one) => {
    const own = suppressions.filter(({ rule, text, line }) => rule === one.rule && isAt(one, text, line));
    for (const suppression of own) suppression.isUsed = true;
    return own.length === 0;
  });
  return [...left, ...suppressions.flatMap((suppression) => problemOf(suppression, isComplete))];
}

function isAt({ place }: Finding, text: LintText, line: number): boolean {
  const shown = text.placeOf({ start: text.lineStart(line), end: text.lineStart(line) });
  return place.file === shown.file && place.line === shown.line;
}

function suppressionsIn(text: LintText): Suppression[] {
  return [...text.text.matchAll(comment)].map((match) => {
    const { index } = match;
    const rule = match[1] ?? '';
    const own = text.lineOf(index);
    const start = index + match[0].length - rule.length;
    const at = { start, end: start + rule.length };
    return { rule, text, at, line: isAlone(text.lineText(own)) ? nextLine(text, own) : own, isUsed: false };
  });
}

/** Whether there is nothing but the comment on the line. */
const isAlone = (line: string): boolean =>
  /^[ \t]*(?:#|\{\{-?[ \t]*\/\*(?:(?!\*\/).)*\*\/[ \t]*-?\}\}[ \t]*$)/.test(line);

function nextLine(text: LintText, line: number): number {
  let next = line + 1;
  while (next < line + 20 && (text.lineText(next).trim() === '' || isSuppression(text.lineText(next)))) next++;
  return next;
}

const isSuppression = (line: string): boolean => isAlone(line) && line.includes('outrigger:ignore');

function problemOf({ rule, text, at, isUsed }: Suppression, isComplete: boolean): Finding[] {
  const place = text.placeOf(at);
  if (!isRuleId(rule)) {
    const fix = proposal(nearest(rule, Object.keys(rules)));
    return [finding('unknown-suppression', `there is no rule "${rule}"`, place, fix)];
  }
  if (isUsed || !isComplete) return [];
  return [finding('unused-suppression', `rule "${rule}" finds nothing here`, place)];
}
