/** The diff of two YAML texts, line by line. */
import { diffArrays } from 'diff';

/** A line, and where it stands. */
export interface ComparedLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  /** Index of the line in the new text; undefined for a removed one. */
  readonly line: number | undefined;
}

/** Lines that may differ before the texts are called wholly different: the search takes the square of it. */
const maxDifferences = 1500;

/** Compares two texts that both end with a newline. */
export function diffTexts(before: string, after: string): ComparedLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const changes = diffArrays(old, now, { maxEditLength: maxDifferences }) ?? [
    { value: old, removed: true, added: false },
    { value: now, removed: false, added: true },
  ];
  const lines: ComparedLine[] = [];
  let line = 0;
  for (const { value, added, removed } of changes) {
    const kind = added ? 'added' : removed ? 'removed' : 'same';
    for (const text of value) lines.push({ kind, text, line: removed ? undefined : line++ });
  }
  return lines;
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}
