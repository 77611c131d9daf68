/** The form that Kubernetes asks of warnings. */
import type { Warning, WarningId } from './catalogue.ts';

/** Longest warning in characters: the API server may cut what is longer, and advises 120. */
export const longestWarning = 256;

/** Most warnings about one workload: the API server begins to cut beyond 4,096 characters together. */
export const mostWarnings = 12;

/** Longest value of a label or annotation that is shown. */
const longestValue = 40;

/** Line breaks, control characters, and characters that turn the direction of text. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** A warning, its text made fit. */
export function warning(id: WarningId, text: string): Warning {
  return { id, text: warningText(text) };
}

/** A text as one line of at most {@link longestWarning} characters, without control characters and half surrogate pairs. */
export function warningText(text: string): string {
  // What is cut away need not be cleaned; a character takes two units at most.
  const line = text
    .slice(0, 16 * longestWarning)
    .toWellFormed()
    .replace(unprintable, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return cut(line, longestWarning);
}

/** A user's value in quotes, cut when it is long. */
export function shownValue(value: string): string {
  return `'${cut(value.slice(0, 4 * longestValue), longestValue)}'`;
}

/** `a, b and c`; of more than three, how many there are. */
export function listed(names: readonly string[]): string {
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1] ?? ''}`;
}

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
